"""Logs in to the simulated NAS with the library behind Home Assistant's Synology integration, with and without two factors.

Arguments: a JSON file with what run.mjs knows: url, username, password, otp, result.
"""

import asyncio
import json
import sys
import urllib.parse

import aiohttp
from synology_dsm import SynologyDSM
from synology_dsm.exceptions import (
    SynologyDSMLogin2SAFailedException,
    SynologyDSMLogin2SARequiredException,
    SynologyDSMLoginInvalidException,
)

from checks import Checks, Control


async def refused(checks, promise, exception, login):
    """A login that must be refused with this exception."""
    try:
        await login
        checks.check(promise, False, "a session")
    except exception:
        checks.check(promise, True)


async def without_two_factor(checks, control, client_for):
    """One factor: login, information, logout, wrong password."""
    control.call("POST", "account", {"twoFactor": False})
    client = client_for()
    checks.check("logs in without two-factor", await client.login())
    information = client.information
    checks.equal("reads the model", information.model, "DS923+")
    checks.check("reads the serial number", information.serial != "", information.serial)
    checks.equal("understands the version", str(information.awesome_version), "7.2.1.5")
    checks.check("reads the temperature", isinstance(information.temperature, int), information.temperature)
    checks.check("reads the uptime", information.uptime >= 3 * 24 * 3600, information.uptime)
    apis = client.apis
    checks.equal("discovers the package's API", apis["SYNO.ActiveBackupOffice365"]["maxVersion"], 1)
    tasks = await client.get("SYNO.ActiveBackupOffice365", "list_tasks")
    checks.equal("lists the tasks", len(tasks["data"]["tasks"]), 3)
    await client.logout()
    checks.equal("its logout ends the session", control.call("GET", "state")["openSessions"], 0)
    await refused(
        checks,
        "is refused with a wrong password",
        SynologyDSMLoginInvalidException,
        client_for(password="wrong").login(),
    )


async def with_two_factor(checks, control, client_for, given):
    """Two factors: code wanted, wrong code, device token, its reuse, its end."""
    control.call("POST", "account", {"twoFactor": True})
    await refused(checks, "needs a code", SynologyDSMLogin2SARequiredException, client_for().login())
    wrong = "000000" if given["otp"] != "000000" else "111111"
    await refused(
        checks, "is refused with a wrong code", SynologyDSMLogin2SAFailedException, client_for().login(wrong)
    )
    client = client_for()
    checks.check("logs in with the code", await client.login(given["otp"]))
    token = client.device_token
    checks.check("gets a device token", isinstance(token, str) and len(token) > 40)
    await client.logout()

    again = client_for(device_token=token)
    checks.check("logs in with the device token and no code", await again.login())
    checks.check("reads information in that session", again.information.model == "DS923+")
    checks.check("keeps the device token", again.device_token == token)
    await again.logout()
    checks.equal("its logouts end the sessions", control.call("GET", "state")["openSessions"], 0)

    control.call("POST", "revoke-devices")
    await refused(
        checks,
        "needs a code again when the device was revoked",
        SynologyDSMLogin2SARequiredException,
        client_for(device_token=token).login(),
    )
    await refused(
        checks,
        "is refused with a wrong password and a device token",
        SynologyDSMLoginInvalidException,
        client_for(password="wrong", device_token=token).login(),
    )


async def main():
    """Both kinds of account."""
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    checks = Checks("py-synologydsm-api")
    control = Control(given["url"])
    address = urllib.parse.urlparse(given["url"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session:

        def client_for(password=given["password"], device_token=None):
            return SynologyDSM(
                session,
                address.hostname,
                address.port,
                given["username"],
                password,
                use_https=True,
                device_token=device_token,
            )

        await without_two_factor(checks, control, client_for)
        await with_two_factor(checks, control, client_for, given)
    checks.write(given["result"])


asyncio.run(main())
