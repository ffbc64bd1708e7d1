"""Drives all twelve methods of synology-api's ActiveBackupMicrosoft against the simulated NAS and reads each effect back.

Arguments: a JSON file with what run.mjs knows: url, username, password, seed (the published answers), result, recording.
"""

import importlib.metadata
import json
import sys
import urllib.parse

from synology_api.abm import ActiveBackupMicrosoft
from synology_api.exceptions import LoginError, SynoBaseException

from checks import Checks, Control

API = "SYNO.ActiveBackupOffice365"
DAY_SCHEDULE = {
    "start_hour": 8,
    "start_minute": 30,
    "last_run_hour": 23,
    "repeat_every_hours": 1,
    "run_days": [0, 1, 2, 3, 4, 5, 6],
}


def task_of(client, task_id):
    """The task of list_tasks with this id, or None."""
    return next((task for task in client.get_tasks()["data"]["tasks"] if task["task_id"] == task_id), None)


def info_of(client, task_id):
    """task_info of a task."""
    return client.get_task_setting(task_id)["data"]["task_info"]


def compare_with_seed(checks, client, seed):
    """The published sample comes back field for field."""
    checks.equal("get_tasks gives the published sample", client.get_tasks(), seed["get_tasks"])
    checks.equal("get_package_log gives the published sample", client.get_package_log(), seed["get_package_log"])
    checks.equal("get_task_log gives the published sample", client.get_task_log(1), seed["get_task_log"])
    checks.equal("get_worker_count gives the published sample", client.get_worker_count(), seed["get_worker_count"])
    setting = client.get_task_setting(1)
    permissions = setting["data"]["task_info"]["app_permissions"]
    checks.check("get_task_setting has a list of permissions, which the page cuts off", isinstance(permissions, list))
    setting["data"]["task_info"]["app_permissions"] = "(cut off)"
    checks.equal("get_task_setting gives the published sample", setting, seed["get_task_setting"])


def read_pages(checks, client):
    """Offset, limit and key word."""
    page = client.get_package_log(offset=1, limit=1)["data"]
    checks.equal("get_package_log pages", [page["offset"], [row["timestamp"] for row in page["logs"]]], [1, [1733771681]])
    found = client.get_task_log(1, key_word="test team")["data"]["logs"]
    checks.equal("get_task_log filters by key word", [row["timestamp"] for row in found], [1733771786])


def write_settings(checks, client, seed):
    """Workers, schedule and retention, each read back."""
    checks.equal("set_worker_count answers as published", client.set_worker_count(10, 20), seed["set_worker_count"])
    workers = client.get_worker_count()["data"]
    checks.equal(
        "set_worker_count reads back", [workers["backup_job_worker_count"], workers["event_worker_count"]], [10, 20]
    )
    client.set_worker_count(999, 999)
    checks.equal("set_worker_count stays at the NAS's maximum", client.get_worker_count(), seed["get_worker_count"])

    answer = client.set_task_schedule(1, 2, DAY_SCHEDULE)
    checks.equal("set_task_schedule answers as published", answer, seed["set_task_schedule"])
    info = info_of(client, 1)
    schedule = info["schedule"]
    checks.equal(
        "set_task_schedule reads back",
        [
            info["backup_policy"],
            info["enable_schedule"],
            schedule["hour"],
            schedule["minute"],
            schedule["last_work_hour"],
            schedule["repeat_hour"],
            schedule["week_day"],
        ],
        [1, True, 8, 30, 23, 1, "0,1,2,3,4,5,6"],
    )
    checks.equal("the account of the task survives a write", info["administrator_account_email"],
                 seed["get_task_setting"]["data"]["task_info"]["administrator_account_email"])
    checks.check("the objects of the task survive a write", len(info["user_list"]) == 1, info["user_list"])
    client.set_task_schedule(1, 0)
    info = info_of(client, 1)
    checks.equal("policy continuous reads back", [info["backup_policy"], info["enable_schedule"]], [0, False])
    client.set_task_schedule(1, 1)
    info = info_of(client, 1)
    checks.equal("policy manual reads back", [info["backup_policy"], info["enable_schedule"]], [1, False])

    answer = client.set_rotation_policy(1, 90)
    checks.equal("set_rotation_policy answers as published", answer, seed["set_rotation_policy"])
    info = info_of(client, 1)
    checks.equal("set_rotation_policy reads back", [info["rotation_policy"], info["preserve_day_number"]], [1, 90])
    client.set_rotation_policy(1, 0)
    checks.equal("keeping all versions reads back", info_of(client, 1)["rotation_policy"], 0)


def run_and_cancel(checks, client, control, seed):
    """A run that ends by itself, and one that is canceled."""
    checks.check("cancel_backup of an idle task sends nothing", client.cancel_backup(1) is None)
    control.call("POST", "task/script", {"id": 1, "runs": [{"durationSeconds": 600}, {"durationSeconds": 3600}]})
    checks.equal("run_backup answers as published", client.run_backup(1), seed["run_backup"])
    task = task_of(client, 1)
    checks.check(
        "run_backup starts a run",
        task["status"] == 4 and task["job_id"] > 0 and len(task["progress_list"]) > 0,
        [task["status"], task["job_id"]],
    )
    control.call("POST", "advance", {"seconds": 601})
    task = task_of(client, 1)
    checks.equal(
        "the run ends",
        [task["status"], task["job_id"], task["task_execution_id"], task["duration"]],
        [1, 0, 2, 600],
    )
    rows = client.get_package_log(limit=2)["data"]["logs"]
    checks.equal("the run is in the log", [row["category"] for row in rows], [0, 3])

    client.run_backup(1)
    control.call("POST", "advance", {"seconds": 60})
    checks.equal("cancel_backup answers as published", client.cancel_backup(1), seed["cancel_backup"])
    task = task_of(client, 1)
    checks.equal("cancel_backup ends the run as canceled", [task["status"], task["job_id"]], [7, 0])


def delete_and_relink(checks, client, seed):
    """Relinks a task as published, deletes it, relinks what its deletion left, removes it for good."""
    link = ["relinked", "ActiveBackupforBusiness", "/ActiveBackupForMicrosoft365/task_9", "admin@xxxx.onmicrosoft.com"]
    checks.equal("relink_task gives the published id", client.relink_task(*link), seed["relink_task"])
    task = task_of(client, 3)
    checks.equal("relink_task makes a task", task["task_name"] if task else None, "relinked")
    checks.equal("delete_task answers as published", client.delete_task(3), seed["delete_task"])
    checks.check("delete_task removes the task", task_of(client, 3) is None)
    again = client.relink_task(*link)["data"]["task_id"]
    checks.check("data that was kept can be linked again", task_of(client, again) is not None, again)
    client.delete_task(again, remove_data=True)
    checks.check("delete_task with its data removes the task", task_of(client, again) is None)
    try:
        client.relink_task(*link)
        checks.check("data that was removed cannot be linked again", False, "a success")
    except SynoBaseException:
        checks.check("data that was removed cannot be linked again", True)


def main():
    """All of it, in an order that leaves a deterministic recording."""
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    with open(given["seed"], encoding="utf-8") as file:
        seed = json.load(file)
    checks = Checks("synology-api")
    control = Control(given["url"])
    address = urllib.parse.urlparse(given["url"])
    login = {
        "ip_address": address.hostname,
        "port": str(address.port),
        "username": given["username"],
        "secure": address.scheme == "https",
        "cert_verify": False,
        "dsm_version": 6,
        "debug": False,
    }

    try:
        ActiveBackupMicrosoft(password="wrong", **login)
        checks.check("a wrong password is refused", False, "a session")
    except LoginError as error:
        checks.equal("a wrong password is refused with 400", error.error_code, 400)

    client = ActiveBackupMicrosoft(password=given["password"], **login)
    checks.check("logs in with version 6 over HTTPS", control.call("GET", "state")["openSessions"] == 1)
    compare_with_seed(checks, client, seed)
    read_pages(checks, client)
    write_settings(checks, client, seed)
    run_and_cancel(checks, client, control, seed)
    delete_and_relink(checks, client, seed)

    recorded = [call for call in control.call("GET", "decoded") if call["api"] == API]
    methods = sorted({call["method"] for call in recorded})
    checks.check("every method of the API was called", len(methods) == 11, methods)
    recording = {"client": "synology-api", "version": importlib.metadata.version("synology-api"), "requests": recorded}
    with open(given["recording"], "w", encoding="utf-8") as file:
        json.dump(recording, file, indent=2, sort_keys=True)
        file.write("\n")

    client.logout()
    checks.check("its logout names no session, which ends none", control.call("GET", "state")["openSessions"] == 1)
    checks.write(given["result"])


main()
