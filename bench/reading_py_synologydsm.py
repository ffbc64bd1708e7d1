"""How long py-synologydsm-api, the library behind Home Assistant's Synology integration, takes to read the task list.

It does not know Active Backup, so its general request is used. Run by bench/run.mjs.
"""

import asyncio
import json
import sys
import time
import urllib.parse

import aiohttp
from synology_dsm import SynologyDSM

API = "SYNO.ActiveBackupOffice365"


async def main():
    """Logs in, reads, logs out."""
    with open(sys.argv[-1], encoding="utf-8") as file:
        given = json.load(file)
    address = urllib.parse.urlparse(given["url"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session:
        client = SynologyDSM(
            session, address.hostname, address.port, given["username"], given["password"], use_https=True
        )
        await client.login()
        await client.get(API, "list_tasks")
        began = time.perf_counter()
        for _ in range(given["reads"]):
            await client.get(API, "list_tasks")
        each = (time.perf_counter() - began) * 1000 / given["reads"]
        await client.logout()
    with open(given["result"], "w", encoding="utf-8") as file:
        json.dump({"msEach": each}, file)


asyncio.run(main())
