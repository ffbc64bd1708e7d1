"""What the peers' scripts share: named checks that print a line each, and control of the simulated NAS."""

import json
import ssl
import urllib.request


class Checks:
    """Counts checks; a failed one is printed with what was seen and the rest goes on."""

    def __init__(self, peer):
        self.peer = peer
        self.passed = 0
        self.failed = 0

    def check(self, promise, holds, seen=None):
        """Prints one line for a promise and whether it holds."""
        if holds:
            self.passed += 1
            print(f"ok   {self.peer}: {promise}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {self.peer}: {promise} (saw {seen!r})", flush=True)

    def equal(self, promise, actual, expected):
        """A check that two values are equal; the first difference is what was seen."""
        difference = first_difference(actual, expected, "$")
        self.check(promise, difference is None, difference)

    def write(self, path):
        """Leaves the counts for the script that sums up."""
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"passed": self.passed, "failed": self.failed}, file)


def first_difference(actual, expected, where):
    """Where two JSON values differ first, or None. Types count: 1 is neither True nor 1.0."""
    if type(actual) is not type(expected):
        return f"{where}: {actual!r} instead of {expected!r}"
    if isinstance(expected, dict):
        for key in expected:
            if key not in actual:
                return f"{where}.{key}: missing"
        for key in actual:
            if key not in expected:
                return f"{where}.{key}: not expected"
        for key, value in expected.items():
            found = first_difference(actual[key], value, f"{where}.{key}")
            if found:
                return found
        return None
    if isinstance(expected, list):
        if len(actual) != len(expected):
            return f"{where}: {len(actual)} elements instead of {len(expected)}"
        for index, value in enumerate(expected):
            found = first_difference(actual[index], value, f"{where}[{index}]")
            if found:
                return found
        return None
    return None if actual == expected else f"{where}: {actual!r} instead of {expected!r}"


class Control:
    """The simulated NAS's control endpoints."""

    def __init__(self, url):
        self.url = url

    def call(self, method, path, body=None):
        """One control request; gives the answer's JSON."""
        request = urllib.request.Request(
            f"{self.url}/simulator/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as answer:
            return json.load(answer)
