"""Starts contenders as processes of their own, and reads what they have cost from /proc."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from app.platform.settings import ROOT

TICK: Final = 1000 / os.sysconf("SC_CLK_TCK")
PATIENCE: Final = 60


def free_port() -> int:
    """Return a port that nothing listens on."""
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()


def tree(root: int) -> list[int]:
    """Return a process and all that came from it."""
    parents: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                parents.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found = [root]
    for process in found:
        found += parents.get(process, [])
    return found


def cpu(roots: list[int]) -> float:
    """Return the milliseconds of CPU that process trees have used, of processes that ended too."""
    total = 0
    for process in (one for root in roots for one in tree(root)):
        with suppress(OSError):
            total += sum(int(value) for value in _stat(process)[11:15])
    return total * TICK


def memory(root: int) -> int:
    """Return the bytes that a process tree holds which are no file's."""
    total = 0
    for process in tree(root):
        with suppress(OSError):
            for line in Path(f"/proc/{process}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    total += int(line.split()[1]) * 1024
    return total


@contextmanager
def running(command: list[str], port: int, ready: str, log: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """Run a server until the block ends; give its process."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output
        )
    try:
        _wait(process, port, ready, log)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, ready: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection, suppress(OSError):
            connection.request("GET", ready)
            if connection.getresponse().status < 500:  # noqa: PLR2004 - it answers
                return
        time.sleep(0.05)
    raise RuntimeError(f"no server came up on port {port}:\n{log.read_text()[-3000:]}")
