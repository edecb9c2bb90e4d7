"""A database that is away, locked or too slow is told from a statement that is wrong, and answered: try again."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.platform.problems import Busy, Item, TooSlow

TOO_SLOW: Final = "57014"
SQLITE_PASSING: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT}
AGAIN: Final = {"Retry-After": "2"}


@contextmanager
def as_busy(statement_timeout: float) -> Iterator[None]:
    """Turn a database that does not answer into a problem that says: try again."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy(Item("busy"), headers=AGAIN) from error
    except DBAPIError as error:
        if _is_too_slow(error):
            raise TooSlow(Item("too_slow", {"seconds": f"{statement_timeout:g}"}), headers=AGAIN) from error
        if is_away(error):
            raise Busy(Item("busy"), headers=AGAIN) from error
        raise


def is_away(error: DBAPIError) -> bool:
    """Tell a database that is away or locked from a statement that is wrong or too slow."""
    if _is_too_slow(error):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    is_passing = isinstance(error, OperationalError) if code is None else (code & 0xFF) in SQLITE_PASSING
    return error.connection_invalidated or is_passing


def _is_too_slow(error: DBAPIError) -> bool:
    """Tell a statement that was stopped from one that waited for a lock."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_INTERRUPT or getattr(error.orig, "sqlstate", None) == TOO_SLOW
