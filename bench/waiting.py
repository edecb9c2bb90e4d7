"""How long writers wait for each other: changes come one by one, so a writer waits for the commits before its own.

`python -m bench.waiting` starts the real server on each database and lets 1, 2, 4 and 8 callers change a controller of
their own, as fast as they can. Printed are the changes a second of all, how long a caller waited for an answer, and how
many changes of others fitted into that time: with n writers it should be no more than the n - 1 before its own.
"""

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from bench.speed.databases import BACKENDS, Store, opened
from bench.speed.processes import free_port, running

WRITERS: Final = (1, 2, 4, 8)
JSON: Final = {"Content-Type": "application/json"}


class Writer(threading.Thread):
    """Changes a controller of its own until the time is over."""

    def __init__(self, port: int, code: str, until: float) -> None:
        super().__init__()
        self.until = until
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.path = f"/v1/controllers/{code}"
        self.etag = self._ask("POST", "/v1/controllers", {"code": code}, {}, 201)
        self.seconds: list[float] = []

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str], status: int) -> str:  # noqa: ANN401
        self.connection.request(method, path, json.dumps(body), {**JSON, **headers})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != status:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return str(answer.headers["etag"])

    def run(self) -> None:
        """Change the phone number again and again."""
        while time.monotonic() < self.until:
            begun = time.monotonic()
            body = {"phone": f"+90 {len(self.seconds)}"}
            self.etag = self._ask("PATCH", self.path, body, {"If-Match": self.etag}, 200)
            self.seconds.append(time.monotonic() - begun)


def measure(port: int, writers: int, seconds: float) -> list[float]:
    """Return how long each change of some writers took, from request to answer, in seconds."""
    until = time.monotonic() + seconds
    threads = [Writer(port, f"w{writers}-{number}", until) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one for thread in threads for one in thread.seconds]


def _is_whole(port: int) -> bool:
    """Tell whether the chain and every row under it are as they were written, part by part."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    since = 1
    while since is not None:
        connection.request("GET", f"/v1/audit-events/verify?since={since}")
        found = json.loads(connection.getresponse().read())
        if not found["whole"]:
            return False
        since = found["next"]
    return True


def report(store: Store, seconds: float) -> None:
    """Print one line for each number of writers, and whether the chain is whole at the end."""
    port = free_port()
    store.create("waiting")
    given = {"ENVANTER_DATABASE_URL": store.url("waiting"), "ENVANTER_PORT": str(port), "ENVANTER_RATE_LIMIT": "off"}
    with running(["-m", "app", "serve"], port, "/readyz", store.directory / "waiting.log", given):
        for writers in WRITERS:
            taken = sorted(measure(port, writers, seconds))
            middle, late = statistics.median(taken), taken[int(len(taken) * 0.99)]
            each = seconds / len(taken)
            sys.stdout.write(
                f"{store.backend:<11}{writers} writers  {1 / each:6.1f} changes/s  median {middle * 1000:6.1f} ms"
                f"  p99 {late * 1000:6.1f} ms  median in changes of all {middle / each:4.1f}\n"
            )
        sys.stdout.write(f"{store.backend:<11}chain {'whole' if _is_whole(port) else 'BROKEN'}\n")


def main() -> None:
    """Measure both databases, or one."""
    parser = argparse.ArgumentParser(prog="python -m bench.waiting", description=__doc__)
    parser.add_argument("--database", choices=BACKENDS, action="append")
    parser.add_argument("--seconds", type=float, default=5, help="for each number of writers")
    asked = parser.parse_args()
    for backend in asked.database or BACKENDS:
        with tempfile.TemporaryDirectory() as directory, opened(backend, Path(directory)) as store:
            report(store, asked.seconds)


if __name__ == "__main__":
    main()
