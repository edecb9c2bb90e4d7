"""Two engines on one URL, and two types of session: one reads a snapshot, the other may also write.

Reads run in autocommit engines with an explicit snapshot; writes are serialised, because a change's number
and instant must only grow. Reasons and figures: docs/decisions/0002-storage.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    URL,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Connection,
    CursorResult,
    Date,
    Executable,
    Integer,
    MetaData,
    Row,
    Select,
    Text,
    create_engine,
    func,
    literal,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.platform.away import AGAIN, as_busy
from app.platform.instants import UtcTime
from app.platform.problems import Busy, Item
from app.platform.settings import Settings
from app.platform.shelf import B, Book, Shelf
from app.platform.snapshots import PATIENCE as SPARE
from app.platform.snapshots import Replica, replica_url, snapshot
from app.platform.sqlite import prepare_sqlite
from app.platform.tenancy import OPTION, SHARED, Scope, confine, seen
from app.platform.waiting import LockWaits, OneWriter

WRITE_LOCK: Final = 6698
SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
ROWS_AT_ONCE: Final = 500
# A host that vanished is noticed within a minute instead of a quarter of an hour; the URL may say otherwise.
PATIENCE: Final = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

Query: TypeAlias = Select[*tuple[Any, ...]]

Key = BigInteger().with_variant(Integer, "sqlite")
Bytewise = Text().with_variant(Text(collation="C"), "postgresql")


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


@seen(SHARED)
class Naming(Base):
    """One row: the last change that wrote something that answers name."""

    __tablename__ = "naming"
    __table_args__ = (
        CheckConstraint("id = 1", name="only"),
        {"info": {"not_history": "it follows from the revisions, and lets processes keep names"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change: Mapped[int] = mapped_column(Key)


NAMED_UP_TO: Final = select(Naming.change).scalar_subquery().label("_naming")


class ReadSession:
    """A snapshot: several statements that see one state, as far as the caller may. It has no way to write."""

    def __init__(
        self,
        connection: Connection,
        renew: Callable[[Connection], None] | None = None,
        scope: Scope = None,
        shelf: Shelf | None = None,
        leave: Callable[[], Connection] | None = None,
    ) -> None:
        self._connection = connection
        self._renew = renew
        self._leave = leave
        self._scope = scope
        self._shelf = shelf
        self._naming: int | None = None
        self.at: int | None = None
        self.held: dict[Any, Any] = {}  # what was read of things that never change
        if scope is not None:
            connection.execution_options(**{OPTION: scope})

    @contextmanager
    def unscoped(self) -> Iterator[None]:
        """Read as the service itself for a while; nothing read so may reach the caller."""
        if self._scope is None:
            yield
            return
        self._connection.execution_options(**{OPTION: None})
        try:
            yield
        finally:
            self._connection.execution_options(**{OPTION: self._scope})

    def may_see(self, owner: int | None) -> bool:
        """Tell whether the caller may see what belongs to a controller, or to all."""
        return owner is None or self._scope is None or owner in self._scope

    def book(self, book: Book[B]) -> B | None:
        """Return the names of a kind as this snapshot sees them, or None where it must read for itself.

        A book holds what belongs to others too: look up only what a confined statement gave, or ask `may_see`.
        """
        if self._shelf is None or self.at is not None:
            return None
        if self._naming is None:
            self._naming = self.value(select(Naming.change)) or 0
        with self.unscoped():
            return self._shelf.take(book, self, self._naming)

    def counted(self, book: Book[B], change: int) -> B | None:
        """Return what is counted again and again for whoever may see the same, as of the last change of this snapshot.

        None where it must be counted for this once: in the past, or in a snapshot older than what is kept.
        """
        if self._shelf is None or self.at is not None:
            return None
        seen_by = "all" if self._scope is None else sorted(self._scope)
        return self._shelf.take(replace(book, name=f"{book.name} as {seen_by} may see"), self, change)

    def all_and_naming(self, query: Query) -> Sequence[Row[Any]]:
        """Return every row of a SELECT, and learn on the way which books hold."""
        if self._shelf is None or self.at is not None or self._naming is not None:
            return self.all(query)
        return self.all_named(query.add_columns(NAMED_UP_TO))

    def all_named(self, query: Query, parameters: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return every row of a SELECT that has the column NAMED_UP_TO, and learn which books hold."""
        rows = self.all(query, parameters)
        if rows:
            self._naming = rows[0]._naming  # noqa: SLF001 - the name of a column
        return rows

    def all(self, statement: Executable, parameters: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return every row of a SELECT."""
        return self._run(statement, parameters).all()

    def first(self, statement: Executable) -> Row[Any] | None:
        """Return the first row of a SELECT, or None."""
        return self._run(statement).first()

    def value(self, statement: Executable) -> Any:  # noqa: ANN401 - a column may hold anything
        """Return the first column of the first row, or None."""
        return self._run(statement).scalar()

    def clock(self) -> ColumnElement[datetime]:
        """Return the one clock of all who share the database: its server's, where it has one."""
        if self._connection.dialect.name == "postgresql":
            return func.clock_timestamp(type_=UtcTime())
        return literal(datetime.now(UTC), UtcTime())

    def renew(self) -> None:
        """Begin the snapshot anew, after whoever is writing now."""
        self.to_primary()
        if self._renew is not None:
            self._renew(self._connection)
            self._naming = None

    def to_primary(self) -> bool:
        """Begin the snapshot anew in the primary if it is a replica's, and tell whether it was."""
        if self._leave is None:
            return False
        scope = self._connection.get_execution_options().get(OPTION)
        self._connection, self._leave, self._naming = self._leave(), None, None
        self._connection.execution_options(**{OPTION: scope})
        return True

    def stream(self, statement: Executable) -> Iterator[Row[Any]]:
        """Yield the rows of a SELECT as they come, so that a whole table takes no more memory than some rows."""
        with self._run(statement, execution_options={"yield_per": ROWS_AT_ONCE}) as result:
            yield from result

    def _run(self, statement: Executable, parameters: Any = None, **options: Any) -> CursorResult[Any]:  # noqa: ANN401
        return self._connection.execute(statement, parameters, **options)

    @contextmanager
    def to_the_byte(self) -> Iterator[Connection]:
        """Give the connection to look into the database itself; a text that is no UTF-8 is read, not refused."""
        driver: Any = self._connection.connection.driver_connection
        if self._connection.dialect.name != "sqlite":
            self._connection.exec_driver_sql("SET LOCAL datestyle = 'ISO'")
            yield self._connection
            return
        usual, driver.text_factory = driver.text_factory, _decoded_whatever_it_is
        try:
            yield self._connection
        finally:
            driver.text_factory = usual


def _decoded_whatever_it_is(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class WriteSession(ReadSession):
    """A transaction that may write; it commits when its block ends without an error."""

    def claim(self, owner: int | None) -> None:
        """Refuse to add or end what the caller may not; a plain session is the service's own."""

    def execute(self, statement: Executable, parameters: Any = None) -> Any:  # noqa: ANN401
        """Run INSERT, UPDATE or DELETE."""
        return self._run(statement, parameters)

    def insert(self, statement: Executable) -> int:
        """Run an INSERT of one row and return its integer key."""
        key: Any = self._run(statement).inserted_primary_key
        return int(key[0])


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
        self._settings = settings
        shape = _shape(url, settings, is_sqlite=self.is_sqlite)
        # An export reads on while its answer is written out, beside the requests that have their turn.
        reads = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None, "max_overflow": settings.threads}
        self._reads = create_engine(url, **shape | reads)
        self._writes = create_engine(url, **shape)
        self._writer = OneWriter(str(url.database))
        self.waits = LockWaits()
        self.shelf = Shelf()
        if self.is_sqlite:
            prepare_sqlite(self._reads, settings, read_only=True)
            prepare_sqlite(self._writes, settings, read_only=False)
        engines = [self._reads, self._writes]
        self.replica: Replica | None = None
        if settings.database_read_url is not None:
            spare = replica_url(url, settings.database_read_url)
            shape = _shape(spare, settings, is_sqlite=False, patience=PATIENCE | SPARE)
            # Not tried before use: where it fails, the primary is read.
            engine = create_engine(spare, **shape | reads | {"pool_pre_ping": False})
            self.replica = Replica(engine, self._reads, settings.replica_lag)
            engines.append(self.replica.engine)
        for engine in engines:
            confine(engine, Base.metadata)

    @contextmanager
    def reading(self, scope: Scope = None, reader: str | None = None) -> Iterator[ReadSession]:
        """Open one snapshot, of everything or of what some controllers may see.

        For a reader, named as its changes are, it may be a replica's; what must not lag gives none.
        """
        with as_busy(self._settings.statement_timeout), ExitStack() as opened:

            def primary() -> Connection:
                with suppress(DBAPIError):
                    opened.close()
                return opened.enter_context(snapshot(self._reads, self._snapshot()))

            found = None
            if self.replica is not None and reader is not None:
                found = self.replica.open(opened, self._snapshot(), reader)
            leave = None if found is None else primary
            yield ReadSession(found or primary(), self._begin_anew, scope, self.shelf, leave)

    def _begin_anew(self, connection: Connection) -> None:
        """Leave the snapshot, wait until no writer is under way, and begin another."""
        connection.exec_driver_sql("COMMIT")
        if self.is_sqlite:
            with self._locked_file():
                connection.exec_driver_sql(self._snapshot())
            return
        lock = f"SELECT pg_advisory_xact_lock_shared({WRITE_LOCK})"
        connection.exec_driver_sql(f"BEGIN READ ONLY; {self._lock_timeout()}; {lock}; COMMIT")
        connection.exec_driver_sql(self._snapshot())

    def _snapshot(self) -> str:
        """Return the statements that begin a snapshot, as one journey."""
        return "BEGIN" if self.is_sqlite else f"{SNAPSHOT}; {self._statement_timeout()}"

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open the one write transaction that may run at a time; commit at the end."""
        with as_busy(self._settings.statement_timeout):
            if self.is_sqlite:
                with self._locked_file(), self._writes.begin() as connection:
                    yield connection
                return
            with self._writes.begin() as connection:
                with self.waits.counted():
                    connection.exec_driver_sql(self._advisory_lock())
                yield connection

    def version(self) -> str:
        """Return the name and version of the database that really answers."""
        query = "SELECT 'SQLite ' || sqlite_version()" if self.is_sqlite else "SHOW server_version"
        with as_busy(self._settings.statement_timeout), self._reads.connect() as connection:
            text = str(connection.exec_driver_sql(query).scalar())
        return text if self.is_sqlite else f"PostgreSQL {text}"

    def connections(self) -> dict[str, int]:
        """Return how many connections of each pool are in use."""
        pools: dict[str, Any] = {"reads": self._reads.pool, "writes": self._writes.pool}
        if self.replica is not None:
            pools["replica"] = self.replica.engine.pool
        return {name: pool.checkedout() for name, pool in pools.items()}

    def most_connections(self) -> dict[str, int]:
        """Return how many connections each pool may hold."""
        threads = self._settings.threads
        spare = {} if self.replica is None else {"replica": 2 * threads}
        return {"reads": 2 * threads, "writes": threads, **spare}

    def close(self) -> None:
        """Close every connection."""
        self._reads.dispose()
        self._writes.dispose()
        if self.replica is not None:
            self.replica.engine.dispose()

    @contextmanager
    def _locked_file(self) -> Iterator[None]:
        try:
            with self.waits.counted():
                is_held = self._writer.take(self._settings.lock_timeout)
        except OSError as error:  # The directory of the database is away.
            raise Busy(Item("busy"), headers=AGAIN) from error
        if not is_held:
            raise Busy(Item("busy"), headers=AGAIN)
        try:
            yield
        finally:
            self._writer.give_back()

    def _statement_timeout(self) -> str:
        return f"SET LOCAL statement_timeout = {round(self._settings.statement_timeout * 1000)}"

    def _lock_timeout(self) -> str:
        return f"SET LOCAL lock_timeout = {round(self._settings.lock_timeout * 1000)}"

    def _advisory_lock(self) -> str:
        """Return the statements that begin a change, as one journey."""
        return f"{self._lock_timeout()}; SELECT pg_advisory_xact_lock({WRITE_LOCK}); {self._statement_timeout()}"


def _shape(url: URL, settings: Settings, *, is_sqlite: bool, patience: Mapping[str, int] = PATIENCE) -> dict[str, Any]:
    """Return how the engines keep their connections; errors never carry the values of a statement."""
    unsaid = {} if is_sqlite else {name: value for name, value in patience.items() if name not in url.query}
    return {
        "pool_size": settings.threads,
        "max_overflow": 0,
        "pool_timeout": 10,
        "pool_pre_ping": not is_sqlite,
        "hide_parameters": True,
        "connect_args": unsaid,
    }
