"""What a command needs of the database before it works: that it answers, and that it has this version's schema."""

import logging
import time
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from app.platform.database import PATIENCE, Database
from app.platform.settings import ROOT, Settings

PAUSE: Final = 1.0
LOG: Final = logging.getLogger("envanter.start")


class CannotStart(Exception):
    """A command that cannot do its work, with what to do about it."""


def migrations(settings: Settings) -> Config:
    """Return the migrations, to be run on the database of the settings."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["settings"] = settings
    return config


def wait_for_database(settings: Settings) -> None:
    """Return when the database answers; give up after a while. A SQLite file is there, or made, at once."""
    until = time.monotonic() + settings.database_wait
    database = _opened(settings)
    url = database.url.render_as_string()
    while not _is_new(database):
        try:
            _schema(database)
        except DBAPIError as error:
            reason = _first_line(error)
            if database.is_sqlite or time.monotonic() >= until:
                raise CannotStart(f"The database {url} does not answer: {reason}") from error
            LOG.warning("The database %s does not answer, trying again: %s", url, reason)
            time.sleep(min(PAUSE, max(0, until - time.monotonic())))
        else:
            return


def require_schema(settings: Settings) -> None:
    """Refuse a database without the schema of this version, and say how it gets it."""
    wanted = set(ScriptDirectory.from_config(migrations(settings)).get_heads())
    database = _opened(settings)
    found = set() if _is_new(database) else _schema(database)
    if found != wanted:
        state = f"has the schema of another version ({', '.join(sorted(found))})" if found else "has no schema yet"
        url = database.url.render_as_string()
        raise CannotStart(f"The database {url} {state}: run `python -m app migrate`, or `serve`, which does it too")


def require_any_schema(settings: Settings) -> None:
    """Refuse a database that holds no register at all; to look into a SQLite file that is not there would make it."""
    database = _opened(settings)
    if _is_new(database) or not _schema(database):
        raise CannotStart(f"The database {database.url.render_as_string()} holds no register")


def _opened(settings: Settings) -> Database:
    try:
        return Database(settings)
    except (ArgumentError, ValueError) as error:  # An URL that cannot be read, or one of a register in memory.
        raise CannotStart(str(error)) from None


def _is_new(database: Database) -> bool:
    """Tell whether SQLite would make the file; to ask for its schema would make it."""
    path = Path(str(database.url.database))
    return database.is_sqlite and path.parent.is_dir() and not path.exists()


def _schema(database: Database) -> set[str]:
    patience = {} if database.is_sqlite else {"connect_timeout": PATIENCE["connect_timeout"]}
    engine = create_engine(database.url, poolclass=NullPool, connect_args=patience)
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
