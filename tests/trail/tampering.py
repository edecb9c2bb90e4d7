"""What somebody with the password of the database, or its file, may do by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, Row, Table, and_, select, update

from app.audit.coverage import CLOSING, History, histories
from app.audit.triggers import drop_triggers
from app.platform.database import Base, Database, ReadSession
from app.platform.revisions import FOREVER
from app.platform.settings import Settings
from app.trail.verifying import Report, verify

HISTORIES: Final = histories(Base.metadata)
CHAIN: Final = [table for table in Base.metadata.sorted_tables if "chain" in table.info]
GUARDED: Final = [*(history.table for history in HISTORIES), *CHAIN]


@contextmanager
def by_hand(settings: Settings) -> Iterator[Connection]:
    """Open a transaction on the database, past the product; it is committed at the end."""
    database = Database(settings)
    try:
        with database.transaction() as connection:
            yield connection
    finally:
        database.close()


@contextmanager
def unguarded(settings: Settings) -> Iterator[Connection]:
    """Open one as the owner of the database can: without triggers, foreign keys and checks."""
    database = Database(settings)
    is_sqlite = database.is_sqlite
    try:
        with database.transaction() as connection:
            drop_triggers(connection, Base.metadata)
            if is_sqlite:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                drop_checks(connection)
            yield connection
    finally:
        database.close()


def drop_checks(connection: Connection) -> None:
    """Drop the check constraints of every guarded table."""
    found = connection.exec_driver_sql("SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c'")
    for table, name in found.all():
        if any(str(table).strip('"') == guarded.name for guarded in GUARDED):
            connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def proof(connection: Connection, **asked: Any) -> Report:  # noqa: ANN401
    """Verify what a transaction sees."""
    return verify(ReadSession(connection), **asked)


@dataclass(frozen=True)
class Found:
    """A row that is about to be changed, and the event that covers it."""

    table: Table
    row: Row[Any]
    event: int

    @property
    def condition(self) -> Any:  # noqa: ANN401 - a condition
        """Condition that finds the row."""
        return and_(*(column == getattr(self.row, column.name) for column in self.table.primary_key.columns))

    @property
    def name(self) -> str:
        """The row as a verification names it."""
        return "/".join(str(getattr(self.row, column.name)) for column in self.table.primary_key.columns)


def last_row(connection: Connection, table: Table) -> Found:
    """Return the newest row of a table."""
    history = next((history for history in HISTORIES if history.table is table), None)
    born = _number(table) if history is None else history.born
    query = select(table, born.label("_event"))
    if history is not None and history.link is not None and history.whole is not None:
        query = query.join_from(table, history.whole.table, history.whole == history.link)
    row = connection.execute(query.order_by(born.desc(), *table.primary_key.columns).limit(1)).one()
    return Found(table, row, row._event)  # noqa: SLF001 - a label of this query


def _number(table: Table) -> Column[Any]:
    column: Column[Any] = table.c["id" if table.name == "change" else "change_id"]
    return column


def other(column: Column[Any], value: Any, newest: int) -> Any:  # noqa: ANN401
    """Return a value that differs from another by a little: a bit, a letter, a day."""
    if column.name == CLOSING:
        return newest if value == FOREVER else FOREVER
    if value is None:
        examples = {int: 1, str: "x", bool: True, date: date(2024, 1, 1)}
        return examples[column.type.python_type]
    if isinstance(value, str):
        return f"{value[:-1]}{chr(ord(value[-1]) ^ 1)}" if value else "x"
    changed: Mapping[type[Any], Any] = {
        bool: lambda: not value,
        int: lambda: value ^ (1 << 20) if column.primary_key else value ^ 1,
        UUID: lambda: UUID(int=value.int ^ 1),
        datetime: lambda: value - timedelta(microseconds=1),
        date: lambda: value.replace(day=value.day % 28 + 1),
    }
    return changed[type(value)]()


def alter(connection: Connection, found: Found, column: Column[Any], newest: int) -> None:
    """Change one column of a row."""
    value = other(column, getattr(found.row, column.name), newest)
    connection.execute(update(found.table).where(found.condition).values({column.name: value}))


def history(name: str) -> History:
    """Return a table of history by name."""
    return next(history for history in HISTORIES if history.name == name)
