"""How long synology-api takes to read the task list. Run by bench/run.mjs."""

import json
import sys
import time
import urllib.parse

from synology_api.abm import ActiveBackupMicrosoft

with open(sys.argv[-1], encoding="utf-8") as file:
    given = json.load(file)
address = urllib.parse.urlparse(given["url"])
client = ActiveBackupMicrosoft(
    address.hostname,
    str(address.port),
    given["username"],
    given["password"],
    secure=True,
    cert_verify=False,
    dsm_version=6,
    debug=False,
)
client.get_tasks()
began = time.perf_counter()
for _ in range(given["reads"]):
    client.get_tasks()
each = (time.perf_counter() - began) * 1000 / given["reads"]
client.logout()
with open(given["result"], "w", encoding="utf-8") as file:
    json.dump({"msEach": each}, file)
