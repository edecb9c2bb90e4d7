"""Where a snapshot is read: in the primary, or in a streaming replica that holds all that its reader must see.

The primary is asked which change that is, for every such read, so nothing has to be remembered and all processes decide
alike. A replica that is behind, away or none leaves the read to the primary (docs/decisions/0015-read-replicas.md).
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.platform.away import is_away

# A replica is a spare: one that does not answer soon is left alone, and asked again after a while.
PATIENCE: Final = {"connect_timeout": 2, "tcp_user_timeout": 5000}
PAUSE: Final = 5.0
LOG: Final = logging.getLogger("envanter.replica")

# What a reader must see: everything, or what is older than it may lack and what it wrote itself, but the first change
# in any case; and the schema.
NEEDED: Final = text(
    "SELECT id, at, (SELECT version_num FROM alembic_version) AS version FROM change "
    "WHERE :lag = 0 OR at <= clock_timestamp() - make_interval(secs => :lag) OR author = :reader OR id = 1 "
    "ORDER BY id DESC LIMIT 1"
)
# The instant as well as the number: two registers that were one and grew apart have the same numbers.
HOLDS: Final = text(
    "SELECT 1 FROM change WHERE id = :id AND at = :at AND pg_is_in_recovery() "
    "AND EXISTS (SELECT 1 FROM alembic_version WHERE version_num = :version)"
)
REACHED: Final = text(
    "SELECT id, at, pg_is_in_recovery() AS is_replica FROM (SELECT 1) AS always "
    "LEFT JOIN (SELECT id, at FROM change ORDER BY id DESC LIMIT 1) AS newest ON true"
)
BEHIND: Final = text(
    "SELECT (SELECT at FROM change WHERE id = :id) AS at, "
    "(SELECT extract(epoch FROM clock_timestamp() - at)::float "
    "FROM change WHERE id > :id ORDER BY id LIMIT 1) AS seconds"
)

Given = Literal["replica", "primary_behind", "primary_away"]


@dataclass(frozen=True)
class ReplicaState:
    """Whether a replica can be read, up to which change, and how old the oldest change is that it lacks.

    `no_replica` answers but is none of this register; `unknown` means that the primary did not say.
    """

    state: Literal["in_step", "behind", "away", "no_replica", "unknown"]
    change: int | None = None
    behind_seconds: float | None = None


def replica_url(primary: URL, given: str) -> URL:
    """Read the address of a replica, and refuse one that cannot be of this database."""
    if primary.get_backend_name() != "postgresql":
        raise ValueError("ENVANTER_DATABASE_READ_URL names a replica of PostgreSQL, and ENVANTER_DATABASE_URL is none")
    with suppress(ArgumentError):
        url = make_url(given)
        if url.drivername in {"postgresql", "postgresql+psycopg"}:
            return url.set(drivername="postgresql+psycopg")
    raise ValueError("ENVANTER_DATABASE_READ_URL must be postgresql+psycopg://user:password@host/name")


@contextmanager
def snapshot(engine: Engine, begin: str) -> Iterator[Connection]:
    """Open a snapshot on a connection of its own, and end it."""
    with engine.connect() as connection:
        connection.exec_driver_sql(begin)
        try:
            yield connection
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            with suppress(DBAPIError):  # A connection that is gone has nothing left to roll back.
                if not connection.invalidated:
                    connection.exec_driver_sql("ROLLBACK")
            raise


class Replica:
    """A streaming replica, read where it holds what the reader must see."""

    def __init__(self, engine: Engine, primary: Engine, lag: float) -> None:
        self.engine = engine
        self.given: Counter[Given] = Counter()
        self._primary = primary
        self._lag = lag
        self._guard = threading.Lock()
        self._is_away = False
        self._asked_again = 0.0

    def open(self, opened: ExitStack, begin: str, reader: str) -> Connection | None:
        """Open a snapshot of the replica for a reader of this name, or None: the primary has to be read."""
        found = self._opened(opened, begin, reader) if self._may_be_asked() else None
        with self._guard:
            self.given["replica" if found else "primary_away" if self._is_away else "primary_behind"] += 1
        return found

    def state(self) -> ReplicaState:
        """Return how far the replica is, as of now."""
        if not self._may_be_asked():
            return ReplicaState("away")
        try:
            with self.engine.connect() as connection:
                reached: Any = connection.execute(REACHED).one()
        except (DBAPIError, PoolTimeout) as error:
            self._note(error)
            return ReplicaState("away" if self._is_away else "no_replica")
        self._note(None)
        try:
            with self._primary.connect() as connection:
                row: Any = connection.execute(BEHIND, {"id": reached.id or 0}).one()
        except (DBAPIError, PoolTimeout):
            return ReplicaState("unknown")
        if not reached.is_replica or row.at != reached.at:
            return ReplicaState("no_replica")
        seconds = round(max(0.0, row.seconds or 0.0), 3)
        return ReplicaState("in_step" if row.seconds is None else "behind", reached.id or 0, seconds)

    def _opened(self, opened: ExitStack, begin: str, reader: str) -> Connection | None:
        with self._primary.connect() as connection:
            needed = connection.execute(NEEDED, {"lag": self._lag, "reader": reader}).mappings().first()
        if needed is None:
            return None
        try:
            connection = opened.enter_context(snapshot(self.engine, begin))
            holds = connection.execute(HOLDS, dict(needed)).first() is not None
        except (DBAPIError, PoolTimeout) as error:
            self._note(error)
            holds = False
        else:
            self._note(None)
        if holds:
            opened.enter_context(self._watched())
            return connection
        with suppress(DBAPIError):
            opened.close()
        return None

    def _may_be_asked(self) -> bool:
        """Tell whether to ask the replica; while it is away one reader does now and then, and nobody waits for that."""
        with self._guard:
            now = time.monotonic()
            if self._is_away and now < self._asked_again:
                return False
            self._asked_again = now + PAUSE
            return True

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Note a replica that goes away while it is read."""
        try:
            yield
        except DBAPIError as error:
            self._note(error)
            raise

    def _note(self, error: Exception | None) -> None:
        is_gone = isinstance(error, PoolTimeout) or (isinstance(error, DBAPIError) and is_away(error))
        with self._guard:
            was_away, self._is_away = self._is_away, is_gone
        if is_gone and not was_away:
            LOG.warning("The replica does not answer, reads go to the primary: %s", str(error).splitlines()[0])
        if was_away and not is_gone:
            LOG.info("The replica answers again")
