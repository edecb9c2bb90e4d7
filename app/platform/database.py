"""Two engines on one URL, and two types of session: one reads a snapshot, the other may also write.

Reads run in autocommit engines with an explicit snapshot; writes are serialised, because a change's number
and instant must only grow. Reasons and figures: docs/decisions/0002-storage.md.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    Row,
    Select,
    Text,
    TypeDecorator,
    create_engine,
    event,
    func,
    literal,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

from app.platform.problems import Busy, Item
from app.platform.settings import Settings

WRITE_LOCK: Final = 6698
LOCK_TIMEOUT: Final = "15s"
SNAPSHOT: Final = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
PASS_THE_WRITER: Final = (
    f"BEGIN READ ONLY; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; "
    f"SELECT pg_advisory_xact_lock_shared({WRITE_LOCK}); COMMIT"
)

Query: TypeAlias = Select[*tuple[Any, ...]]

Key = BigInteger().with_variant(Integer, "sqlite")
Bytewise = Text().with_variant(Text(collation="C"), "postgresql")


class UtcTime(TypeDecorator[datetime]):
    """An instant; SQLite gives naive times back, this type does not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; SQLite keeps no zone."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; text compares by bytes on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Bytewise, datetime: UtcTime(), date: Date()}


class ReadSession:
    """A snapshot: several statements that see one state. It has no way to write."""

    def __init__(self, connection: Connection, renew: Callable[[], None] | None = None) -> None:
        self._connection = connection
        self._renew = renew
        self.at: int | None = None

    def all(self, statement: Executable, parameters: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return every row of a SELECT."""
        return self._connection.execute(statement, parameters).all()

    def first(self, statement: Executable) -> Row[Any] | None:
        """Return the first row of a SELECT, or None."""
        return self._connection.execute(statement).first()

    def value(self, statement: Executable) -> Any:  # noqa: ANN401 - a column may hold anything
        """Return the first column of the first row, or None."""
        return self._connection.execute(statement).scalar()

    def clock(self) -> ColumnElement[datetime]:
        """Return the one clock of all who share the database: its server's, where it has one."""
        if self._connection.dialect.name == "postgresql":
            return func.clock_timestamp(type_=UtcTime())
        return literal(datetime.now(UTC), UtcTime())

    def renew(self) -> None:
        """Begin the snapshot anew, after whoever is writing now."""
        if self._renew is not None:
            self._renew()


class WriteSession(ReadSession):
    """A transaction that may write; it commits when its block ends without an error."""

    def execute(self, statement: Executable, parameters: Any = None) -> Any:  # noqa: ANN401
        """Run INSERT, UPDATE or DELETE."""
        return self._connection.execute(statement, parameters)

    def insert(self, statement: Executable) -> int:
        """Run an INSERT of one row and return its integer key."""
        key: Any = self._connection.execute(statement).inserted_primary_key
        return int(key[0])


class _OneWriter:
    """One SQLite writer at a time: a lock in the process, and a lock on a file between processes."""

    def __init__(self, database: str) -> None:
        self._thread = threading.Lock()
        self._path = Path(f"{database}.lock")

    @contextmanager
    def hold(self) -> Iterator[None]:
        with self._thread, self._path.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Database:
    """Opens sessions on the register's database."""

    def __init__(self, settings: Settings) -> None:
        url = make_url(settings.database_url)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite and (not url.database or ":memory:" in url.database or url.query.get("mode") == "memory"):
            raise ValueError("ENVANTER_DATABASE_URL must name a file: a register in memory would be lost")
        shape: dict[str, Any] = {"pool_size": settings.threads, "max_overflow": 0, "pool_timeout": 10}
        self._reads = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            pool_pre_ping=not self.is_sqlite,
            **shape,
        )
        self._writes = create_engine(url, pool_pre_ping=not self.is_sqlite, **shape)
        self._writer = _OneWriter(str(url.database))
        if self.is_sqlite:
            _prepare_sqlite(self._reads, settings, read_only=True)
            _prepare_sqlite(self._writes, settings, read_only=False)

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Open one snapshot."""
        with _as_busy(), self._reads.connect() as connection:
            connection.exec_driver_sql(SNAPSHOT[connection.dialect.name])
            try:
                yield ReadSession(connection, lambda: self._begin_anew(connection))
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise

    def _begin_anew(self, connection: Connection) -> None:
        """Leave the snapshot, wait until no writer is under way, and begin another."""
        connection.exec_driver_sql("COMMIT")
        if self.is_sqlite:
            with self._writer.hold():
                connection.exec_driver_sql(SNAPSHOT["sqlite"])
        else:
            connection.exec_driver_sql(PASS_THE_WRITER)
            connection.exec_driver_sql(SNAPSHOT["postgresql"])

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open the one write transaction that may run at a time; commit at the end."""
        with _as_busy():
            if self.is_sqlite:
                with self._writer.hold(), self._writes.begin() as connection:
                    yield connection
                return
            with self._writes.begin() as connection:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
                yield connection

    def version(self) -> str:
        """Return the name and version of the database that really answers."""
        query = "SELECT 'SQLite ' || sqlite_version()" if self.is_sqlite else "SHOW server_version"
        with _as_busy(), self._reads.connect() as connection:
            text = str(connection.exec_driver_sql(query).scalar())
        return text if self.is_sqlite else f"PostgreSQL {text}"

    def close(self) -> None:
        """Close every connection."""
        self._reads.dispose()
        self._writes.dispose()


@contextmanager
def _as_busy() -> Iterator[None]:
    """Turn a database that does not answer into a problem that says: try again."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy(Item("busy"), headers={"Retry-After": "2"}) from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_passing(error):
            raise Busy(Item("busy"), headers={"Retry-After": "2"}) from error
        raise


def _is_passing(error: DBAPIError) -> bool:
    """Tell a database that is away or locked from a statement that is wrong."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}
    return isinstance(error, OperationalError)


def _prepare_sqlite(engine: Engine, settings: Settings, *, read_only: bool) -> None:
    """Set WAL, foreign keys and durability; let BEGIN IMMEDIATE take the write lock at once."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - sqlite3's own type
        connection.isolation_level = None
        pragmas = ["busy_timeout=15000", "foreign_keys=ON"]
        pragmas += ["query_only=ON"] if read_only else [f"synchronous={settings.sqlite_synchronous}"]
        if not read_only:
            pragmas.insert(1, "journal_mode=WAL")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    if not read_only:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
