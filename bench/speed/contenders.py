"""Envanter, the floor and the peer as servers of one shape: one process that works, with two threads."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from typing import Any, Final

from app.platform.settings import ROOT
from bench.speed.databases import Store
from bench.speed.processes import cpu, free_port, running

THREADS: Final = 2
IDLE: Final = 2.0


@dataclass(frozen=True)
class Call:
    """One request as it is sent."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: dict[str, str]


class Contender:
    """A running server, and what everything that works for it has cost."""

    def __init__(self, name: str, kind: str, port: int, roots: list[int], headers: dict[str, str]) -> None:
        self.name = name
        self.kind = kind
        self.port = port
        self.roots = roots
        self.headers = headers
        self._used = 0.0
        self._connection: http.client.HTTPConnection | None = None

    def cpu(self) -> float:
        """Return the milliseconds of CPU of the server's processes and of PostgreSQL's."""
        return cpu(self.roots)

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection that stays open."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def _own(self) -> http.client.HTTPConnection:
        """Return the connection that stays open, or a new one where the server may have closed it for idleness."""
        now, before = time.monotonic(), self._used
        self._used = now
        if self._connection is None or now - before > IDLE:
            self._connection = self.connect()
        return self._connection

    def send(self, call: Call, connection: http.client.HTTPConnection | None = None) -> Answer:
        """Send one request and read the whole answer."""
        if connection is None:
            connection = self._own()
        headers = {**self.headers, **call.headers}
        connection.request(call.method, call.path, call.body, headers)
        answer = connection.getresponse()
        body = answer.read()
        return Answer(answer.status, body, {name.lower(): value for name, value in answer.getheaders()})

    def close(self) -> None:
        """Close the connection that stayed open."""
        if self._connection is not None:
            self._connection.close()

    def get(self, path: str) -> Answer:
        """Read one address."""
        return self.send(Call(path))


def make_key(store: Store, database: str) -> str:
    """Make a key of an administrator of a register, once."""
    known = store.keys.get(database)
    if known is None:
        command = [sys.executable, "-m", "app", "keys", "create", "speed", "--role", "admin"]
        made = subprocess.run(
            command, cwd=ROOT, env={**environ, **_settings(store, database)}, capture_output=True, text=True, check=True
        )
        known = store.keys[database] = made.stdout.split()[-1]
    return known


def _settings(store: Store, database: str) -> dict[str, str]:
    return {"ENVANTER_DATABASE_URL": store.url(database), "ENVANTER_THREADS": str(THREADS)}


@contextmanager
def envanter(store: Store, database: str, log: Path, name: str = "envanter") -> Iterator[Contender]:
    """Serve a register as an operator does, with a key and the audit trail."""
    key = make_key(store, database)
    port = free_port()
    settings = {**_settings(store, database), "ENVANTER_PORT": str(port)}
    with running(["-m", "app", "serve"], port, "/readyz", log, settings) as process:
        headers = {"Authorization": f"Bearer {key}"}
        yield Contender(name, "envanter", port, [process, *store.processes()], headers)


@contextmanager
def floor(store: Store, database: str, log: Path) -> Iterator[Contender]:
    """Serve the plain tables with Starlette and the raw driver."""
    port = free_port()
    arguments = [store.backend, store.plain(database), str(port), str(THREADS)]
    with running(["-m", "bench.speed.floor", *arguments], port, "/", log, {}) as process:
        yield Contender("floor", "floor", port, [process, *store.processes()], {})


@contextmanager
def peer(store: Store, database: str, log: Path) -> Iterator[Contender]:
    """Serve the plain tables with Django REST framework."""
    port = free_port()
    command = ["-m", "gunicorn", "--workers", "1", "--threads", str(THREADS), "--worker-class", "gthread"]
    command += ["--bind", f"127.0.0.1:{port}", "--keep-alive", "600", "bench.speed.peer.site:application"]
    settings: dict[str, Any] = {"PEER_BACKEND": store.backend, "PEER_DATABASE": store.plain(database)}
    with running(command, port, "/", log, settings) as process:
        yield Contender("peer", "peer", port, [process, *store.processes()], {})
