"""Verifies API keys, and notes once a day that they are used."""

import hmac
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from app.auth.callers import Caller
from app.auth.secrets import Secret
from app.auth.tables import ApiKey, ApiKeyController, ApiKeyUse
from app.platform.database import Database, ReadSession
from app.platform.problems import Item, Problem, Unauthenticated
from app.platform.revisions import FOREVER

REFUSED: Final = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
LOG: Final = logging.getLogger(__name__)


def refused(item: Item) -> Unauthenticated:
    """Refuse a key or token that does not hold (RFC 6750, section 3.1)."""
    return Unauthenticated(item, headers=REFUSED)


def verify(session: ReadSession, given: Secret) -> tuple[Caller, datetime | None]:
    """Return who holds a key, and until when it holds, or refuse it; why is told to those only who hold it."""
    query = (
        select(*ApiKey.__table__.columns, ApiKeyController.controller_id)
        .outerjoin(ApiKeyController, ApiKeyController.key_id == ApiKey.id)
        .where(ApiKey.code == given.code)
    )
    rows = session.all(query)
    kept = rows[0].digest if rows else "0" * 64
    if not hmac.compare_digest(kept, given.digest):
        raise refused(Item("key_unknown"))
    row = rows[0]
    if row.died != FOREVER:
        raise refused(Item("key_revoked"))
    if row.expires_at is not None and row.expires_at <= datetime.now(UTC):
        raise refused(Item("key_expired"))
    controllers = None if row.is_for_all else frozenset(found.controller_id for found in rows)
    return Caller(author_of(row.name, row.code), row.role, controllers, row.id), row.expires_at


def author_of(name: str, code: str) -> str:
    """Return who the register says wrote something: a name for people, and the key that no other has."""
    return f"{name} (env_{code})"


def exists_any(session: ReadSession) -> bool:
    """Tell whether there ever was a key; once there was, nobody is let in without one."""
    return session.first(select(ApiKey.id).limit(1)) is not None


def last_used() -> ColumnElement[date]:
    """Return the last day on which a key was used, as a column beside ApiKey."""
    return select(func.max(ApiKeyUse.day)).where(ApiKeyUse.key_id == ApiKey.id).scalar_subquery()


class Uses:
    """Notes the days on which keys are used, apart from the requests: a read waits for no writer."""

    def __init__(self, database: Database, today: Callable[[], date] = lambda: datetime.now(UTC).date()) -> None:
        self._database = database
        self._today = today
        self._noted: dict[int, date] = {}
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="key-uses")

    def note(self, key_id: int) -> None:
        """Note that a key is used today, unless that is noted."""
        day = self._today()
        with self._lock:
            if self._noted.get(key_id) == day:
                return
            self._noted[key_id] = day
        self._writer.submit(self._write, key_id, day)

    def close(self) -> None:
        """Write what is still to be noted, and end."""
        self._writer.shutdown()

    def _write(self, key_id: int, day: date) -> None:
        known = select(ApiKeyUse.day).where(and_(ApiKeyUse.key_id == key_id, ApiKeyUse.day == day))
        try:
            with self._database.transaction() as connection:
                if connection.execute(known).first() is None:
                    connection.execute(insert(ApiKeyUse).values(key_id=key_id, day=day))
        except (Problem, SQLAlchemyError) as error:
            with self._lock:
                self._noted.pop(key_id, None)
            LOG.warning("the use of a key was not noted: %s", error)
