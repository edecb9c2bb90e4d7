"""Starts the real server as a process of its own, and kills it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2

from app.platform.settings import ROOT

PATIENCE: Final = 120
SERVE: Final = [sys.executable, "-m", "app", "serve"]


def environment(url: str, port: int = 0, **settings: str) -> dict[str, str]:
    """Return the environment of a server on a database, with settings by name."""
    given = {"database_url": url, "port": str(port), "host": "127.0.0.1", **settings}
    return {**os.environ, **{f"ENVANTER_{name.upper()}": value for name, value in given.items()}}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(url: str, log: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Serve a database until the block ends or the process is killed; give the process and its address."""
    port = free_port()
    with log.open("ab") as output:
        process = subprocess.Popen(
            SERVE, cwd=ROOT, env=environment(url, port, **settings), stdout=output, stderr=output
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, log)
        yield process, address
    finally:
        process.kill()
        process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server is ready; fail with its log if it ends or takes too long."""
    until = time.monotonic() + PATIENCE
    with httpx2.Client(base_url=address) as client:
        while time.monotonic() < until and process.poll() is None:
            try:
                if client.get("/readyz").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.05)
    raise AssertionError(f"the server did not come up:\n{log.read_text()}")
