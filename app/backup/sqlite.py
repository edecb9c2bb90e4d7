"""A register in a SQLite file, copied in one snapshot by the online backup API, and brought back as a file."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL

from app.backup.manifest import PARTIAL, keep
from app.platform.database import Database, ReadSession
from app.platform.settings import Settings
from app.platform.starting import CannotStart

PAGES: Final = 1024
BESIDE: Final = ("", "-wal", "-shm", "-journal")


def copy(session: ReadSession, path: Path) -> None:
    """Write the snapshot into a file that stands alone; WAL keeps it for its reader while writers go on."""
    partial = path.with_name(f"{path.name}{PARTIAL}")
    partial.touch(mode=0o600)
    with session.to_the_byte() as connection, closing(sqlite3.connect(partial)) as target:
        source: Any = connection.connection.driver_connection
        try:
            source.backup(target, pages=PAGES)
            target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise CannotStart(f"{partial} cannot be written: {error}") from None
    keep(partial)
    partial.rename(path)


def opened(settings: Settings, path: Path) -> Database:
    """Open a copy as a register."""
    url = URL.create("sqlite", database=str(path)).render_as_string()
    return Database(settings.model_copy(update={"database_url": url}))


def require_no_register(database: Database) -> None:
    """Refuse a place that holds a register already, or the log of one, which SQLite would read into another."""
    for suffix in BESIDE:
        path = Path(f"{database.url.database}{suffix}")
        if path.exists():
            raise CannotStart(
                f"{path} is there already: a register is restored where there is none, nothing was changed"
            )


@contextmanager
def brought(copied: Path, database: Database) -> Iterator[Path]:
    """Bring a copy beside its place, to be checked; at the end of the block it stands there, or nothing does."""
    place = Path(str(database.url.database)).absolute()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".restoring", dir=place.parent)
    except OSError as error:
        raise CannotStart(f"{place.parent} cannot be written to: {error.strerror}") from None
    os.close(handle)
    temporary = Path(name)
    try:
        shutil.copyfile(copied, temporary)
        yield temporary
        with closing(sqlite3.connect(temporary)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        keep(temporary)
        _put_in_place(temporary, place)
    finally:
        for suffix in BESIDE:
            Path(f"{temporary}{suffix}").unlink(missing_ok=True)
    keep(place.parent)


def _put_in_place(temporary: Path, place: Path) -> None:
    """Give the file its name, unless somebody made another there meanwhile; a rename would replace it."""
    try:
        os.link(temporary, place)
    except FileExistsError:
        raise CannotStart(f"{place} was made by somebody else meanwhile, nothing was changed") from None
