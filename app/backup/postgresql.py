"""A register in PostgreSQL, copied by pg_dump in the snapshot that is counted, and brought back by pg_restore."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo
from sqlalchemy import URL, Connection

from app.backup.manifest import PARTIAL, keep
from app.platform.database import Database, ReadSession
from app.platform.settings import Settings
from app.platform.starting import CannotStart

VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
SERVER_VERSION: Final = "SELECT current_setting('server_version_num')::int / 10000"
SECRET: Final = b"*"
TABLE_DATA: Final = re.compile(r" TABLE DATA \S+ (\S+) ")
TABLES: Final = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1 LIMIT 1
"""


class Tools:
    """PostgreSQL's own tools: where they are, and how they connect; no secret stands in a command line."""

    def __init__(self, settings: Settings, database: Database, connection: Connection) -> None:
        self._folder = settings.postgresql_tools
        self._server = int(connection.exec_driver_sql(SERVER_VERSION).scalar_one())
        self._environment, self._target = connecting(database.url)

    def path(self, name: str) -> str:
        """Return where a tool is, if it is there and not older than the server."""
        found = shutil.which(name, path=None if self._folder is None else str(self._folder))
        said = "set ENVANTER_POSTGRESQL_TOOLS to the folder that holds the tools of PostgreSQL"
        if found is None:
            where = "PATH" if self._folder is None else self._folder
            raise CannotStart(f"{name} is not found in {where}: {said} {self._server} or newer")
        version = VERSION.search(self._run([found, "--version"], name))
        if version is None or int(version[1]) < self._server:
            older = "of an unknown version" if version is None else f"of PostgreSQL {version[1]}"
            raise CannotStart(f"{found} is {older}, the server is {self._server}: {said} {self._server} or newer")
        return found

    def call(self, name: str, *options: str) -> str:
        """Run a tool on the database."""
        return self._run([self.path(name), f"--dbname={self._target}", "--no-password", *options], name)

    def read(self, name: str, *options: str) -> str:
        """Run a tool on a file, and return what it prints."""
        return self._run([self.path(name), *options], name)

    def _run(self, command: list[str], name: str) -> str:
        environment = {**os.environ, **self._environment}
        try:
            ended = subprocess.run(  # noqa: S603 - the operator's own tools
                command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise CannotStart(f"{name} cannot be run: {error.strerror}") from None
        if ended.returncode != 0:
            raise CannotStart(f"{name} failed: {ended.stderr.strip()}")
        return ended.stdout


def connecting(url: URL) -> tuple[dict[str, str], str]:
    """Return how libpq is told to connect: by its environment, and what has no place there by a conninfo."""
    _, given = url.get_dialect()().create_connect_args(url)
    options = [one for one in Conninfo.parse(make_conninfo(**given).encode()) if one.val is not None]
    environment = {one.envvar.decode(): one.val.decode() for one in options if one.envvar and one.val}
    # The name of the database stands in both: without one in its conninfo, pg_restore would only print.
    others = {one.keyword.decode(): one.val.decode() for one in options if not one.envvar and one.val}
    secrets = {one.keyword.decode() for one in options if one.dispchar == SECRET}
    database = environment.get("PGDATABASE", environment.get("PGUSER", ""))
    shown = {name: value for name, value in others.items() if name not in secrets}
    return environment, make_conninfo(**{"dbname": database, **shown})


def copy(session: ReadSession, settings: Settings, database: Database, path: Path) -> None:
    """Dump the snapshot of a session into a file, and see that every table is in it."""
    partial = path.with_name(f"{path.name}{PARTIAL}")
    with session.to_the_byte() as connection:
        tools = Tools(settings, database, connection)
        tools.path("pg_restore")
        partial.touch(mode=0o600)
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        tools.call("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={partial}")
        keep(partial)
        partial.rename(path)


def tables_in(settings: Settings, database: Database, path: Path) -> set[str]:
    """Return the tables whose rows a dump holds, as pg_restore lists them."""
    with database.reading() as session, session.to_the_byte() as connection:
        tools = Tools(settings, database, connection)
    return set(TABLE_DATA.findall(tools.read("pg_restore", "--list", str(path))))


def require_no_register(database: Database) -> None:
    """Refuse a database that holds tables already, whosever they are."""
    with database.reading() as session, session.to_the_byte() as connection:
        found = connection.exec_driver_sql(TABLES).scalar()
    if found is not None:
        url = database.url.render_as_string()
        raise CannotStart(
            f"{url} holds {found} already: a register is restored where there is none, nothing was changed"
        )


def bring(copied: Path, settings: Settings, database: Database) -> None:
    """Bring a dump back in one transaction, so that a failure leaves nothing."""
    with database.reading() as session, session.to_the_byte() as connection:
        tools = Tools(settings, database, connection)
    whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    tools.call("pg_restore", *whole, str(copied))
