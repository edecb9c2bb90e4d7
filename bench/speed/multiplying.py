"""Multiplies whole controllers inside a database: INSERT … SELECT with shifted ids and replaced codes.

Works on any tables: a foreign key into what is copied is shifted, one into what all share is left alone, every text
names the copy instead of the original, and every uid is made anew. Equal rows come out as the service would write them
for a controller of another code; changes and their events are not copied, so a copy says it was born with its original.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, Uuid, func, select, text

from app.platform.text import sort_key
from bench.speed.content import FAMILY, FIRST

SHIFT: Final = 1_000_000
LATER: Final = 0x8000
KEPT: Final = frozenset(
    {
        "change",
        "audit_event",
        "audit_event_subject",
        "vocabulary",
        "api_key",
        "api_key_controller",
        "api_key_use",
        "naming",
        "kept_answer",
    }
)


@dataclass(frozen=True)
class Marks:
    """The highest id of every table, when all that is shared was written, or when all was."""

    highest: dict[str, int]

    @classmethod
    def of(cls, connection: Connection, tables: Sequence[Table]) -> "Marks":
        """Look at every table that has ids."""
        found = {table.name: connection.scalar(select(func.max(table.c.id))) for table in tables if "id" in table.c}
        return cls({name: highest or 0 for name, highest in found.items()})


def copied_tables(metadata: MetaData) -> list[Table]:
    """Return the tables whose rows belong to controllers, those first that others refer to."""
    return [table for table in metadata.sorted_tables if table.name not in KEPT and _link(table) is not None]


def multiply(engine: Engine, metadata: MetaData, shared: Marks, copies: int) -> None:
    """Copy everything above the shared rows so many times, and put the database in order."""
    tables = copied_tables(metadata)
    with engine.begin() as connection:
        whole = Marks.of(connection, tables)
        if max(whole.highest.values()) >= SHIFT:
            raise ValueError("there is more to copy than ids are shifted by")
        with unguarded(connection), _without_indexes(connection, tables):
            for number in range(1, copies + 1):
                for table in tables:
                    statement = _copy(table, shared, whole, connection.dialect.name)
                    connection.execute(text(statement), _names(number))
        set_sequences(connection, tables)


def _names(number: int) -> dict[str, Any]:
    old, new = f"{FAMILY}{FIRST}", f"{FAMILY}{number:04}"
    shift = {"shift": number * SHIFT, "mark": f"{LATER + number:04x}"}
    return {**shift, "old": old, "new": new, "old_key": sort_key(old), "new_key": sort_key(new)}


def _link(table: Table) -> Column[Any] | None:
    """Return the column that says whether a row is copied: its id, or the first key of its owner."""
    if "id" in table.c:
        return table.c.id
    for column in table.primary_key.columns:
        for foreign in column.foreign_keys:
            if "id" in foreign.column.table.c:
                return column
    return None


def _owner(column: Column[Any]) -> str | None:
    """Return the table whose ids a column holds."""
    if column.name == "id":
        return column.table.name
    found = (_owner(foreign.column) for foreign in column.foreign_keys if foreign.column.table.name not in KEPT)
    return next((name for name in found if name is not None), None)


def _copy(table: Table, shared: Marks, whole: Marks, dialect: str) -> str:
    link = _link(table)
    assert link is not None  # noqa: S101 - only such tables are copied
    owner = _owner(link) or table.name
    quoted = [f'"{column.name}"' for column in table.c]
    values = ", ".join(_value(column, shared, dialect) for column in table.c)
    floor, ceiling = shared.highest[owner], whole.highest[owner]
    return (
        f'INSERT INTO "{table.name}" ({", ".join(quoted)}) SELECT {values} FROM "{table.name}" '
        f'WHERE "{link.name}" > {floor} AND "{link.name}" <= {ceiling} ORDER BY "{link.name}"'
    )


def _value(column: Column[Any], shared: Marks, dialect: str) -> str:
    name = f'"{column.name}"'
    owner = _owner(column)
    if owner is not None:
        floor = shared.highest[owner]
        shift = "CAST(:shift AS bigint)"
        return f"{name} + {shift}" if floor == 0 else f"{name} + CASE WHEN {name} > {floor} THEN {shift} ELSE 0 END"
    if column.name == "uid":
        return _uid(column, dialect)
    if column.name == "sort":
        return f"replace({name}, :old_key, :new_key)"
    if isinstance(column.type, String):
        return f"replace({name}, :old, :new)"
    return name


def _uid(column: Column[Any], dialect: str) -> str:
    """Replace the first digits, which say when: uids made together differ in their last ones only."""
    name = f'"{column.name}"'
    if dialect == "postgresql" and isinstance(column.type, Uuid):
        return f"(:mark || substr({name}::text, 5))::uuid"
    return f":mark || substr({name}, 5)"


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Let copies stand among the past: without foreign keys and triggers, which are there again afterwards."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        return
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    triggers = connection.exec_driver_sql(query).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


@contextmanager
def _without_indexes(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Make the indexes at the end, from whole tables."""
    indexes = sorted((index for table in tables for index in table.indexes), key=lambda index: str(index.name))
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def set_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """Let the database go on numbering above the ids that are there."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.c:
            sequence = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
            highest = f'(SELECT max(id) FROM "{table.name}")'
            connection.exec_driver_sql(f"SELECT setval({sequence}, {highest}) WHERE {sequence} IS NOT NULL")
