"""Triggers by which the database itself refuses to change the past, made from the tables, for both databases.

* A row is born in a change that is being made: one that no event has sealed yet.
* The one change of a row is its closing, by the change that is being made, and nothing else of it may differ.
* Nothing of history is deleted; on PostgreSQL it is not truncated either.
* A change has the next number and follows a sealed one; an event seals the newest change and carries the hash
  of the event before.

A migration that rebuilds a table of history (SQLite does so to alter one) drops them first and makes them anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Dialect, MetaData, text

from app.audit.coverage import CLOSING, History, histories
from app.audit.sealing import GENESIS
from app.platform.revisions import FOREVER

SEALED: Final = "(SELECT coalesce(max(change_id), 0) FROM audit_event)"
NEWEST: Final = "(SELECT coalesce(max(id), 0) FROM change)"
LAST_HASH: Final = f"coalesce((SELECT hash FROM audit_event ORDER BY change_id DESC LIMIT 1), '{GENESIS}')"  # noqa: S608
LAST_INSTANT: Final = "(SELECT max(at) FROM change)"
CHAIN_RULES: Final = {
    "change": f"NEW.id <> {NEWEST} + 1 OR {NEWEST} <> {SEALED} OR NEW.at <= {LAST_INSTANT}",
    "audit_event_subject": f"NEW.change_id <> {NEWEST} OR NEW.change_id <= {SEALED}",
    "audit_event": f"NEW.change_id <> {NEWEST} OR NEW.change_id <= {SEALED} OR NEW.previous <> {LAST_HASH}",
}


@dataclass(frozen=True)
class Guard:
    """One trigger: what it refuses on a table, and when; always, where no condition is given."""

    table: str
    operation: str
    condition: str | None = None

    @property
    def name(self) -> str:
        """Name of the trigger."""
        return f"past_{self.operation.lower()}_{self.table}"

    @property
    def message(self) -> str:
        """What is said of the refusal."""
        return f"the past is not changed: {self.operation} of {self.table}"


def guards(metadata: MetaData, dialect: Dialect) -> Iterator[Guard]:
    """Return every guard that the tables need."""
    for history in histories(metadata):
        yield Guard(history.name, "INSERT", _born_late(history, dialect))
        yield Guard(history.name, "UPDATE", _more_than_closed(history, dialect) if history.is_revised else None)
        yield from _never(history.name, dialect)
    for name, rule in CHAIN_RULES.items():
        yield Guard(name, "INSERT", rule)
        yield Guard(name, "UPDATE")
        yield from _never(name, dialect)


def _never(table: str, dialect: Dialect) -> Iterator[Guard]:
    yield Guard(table, "DELETE")
    if dialect.name == "postgresql":
        yield Guard(table, "TRUNCATE")


def _born_late(history: History, dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    if history.link is not None and history.whole is not None:
        table, key, link = (quote(name) for name in (history.born.table.name, history.whole.name, history.link.name))
        born = f"(SELECT born FROM {table} WHERE {key} = NEW.{link})"  # noqa: S608 - the names of our own tables
        return f"{born} <= {SEALED}"
    closed = f" OR NEW.{CLOSING} <> {FOREVER}" if history.is_revised else ""
    return f"NEW.born <= {SEALED}{closed}"


def _more_than_closed(history: History, dialect: Dialect) -> str:
    differs = "IS NOT" if dialect.name == "sqlite" else "IS DISTINCT FROM"
    quote = dialect.identifier_preparer.quote
    others = (f"NEW.{quote(column.name)} {differs} OLD.{quote(column.name)}" for column in history.columns)
    closing = f"OLD.{CLOSING} <> {FOREVER} OR NEW.{CLOSING} <> {NEWEST} OR NEW.{CLOSING} <= {SEALED}"
    return f"{closing} OR {' OR '.join(others)}"


def create_triggers(connection: Connection, metadata: MetaData) -> None:
    """Guard the past."""
    write = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for guard in guards(metadata, connection.dialect):
        for statement in write(guard, connection.dialect):
            connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection, metadata: MetaData) -> None:
    """Leave the past unguarded, as only the owner of the database can."""
    for guard in guards(metadata, connection.dialect):
        kind, rest = ("TRIGGER", "") if connection.dialect.name == "sqlite" else ("FUNCTION", "() CASCADE")
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {guard.name}{rest}")


def _sqlite(guard: Guard, dialect: Dialect) -> Iterator[str]:
    table = dialect.identifier_preparer.quote(guard.table)
    when = "" if guard.condition is None else f" WHEN {guard.condition}"
    body = f"SELECT RAISE(ABORT, '{guard.message}');"
    yield f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {table}{when} BEGIN {body} END"


def _postgresql(guard: Guard, dialect: Dialect) -> Iterator[str]:
    table = dialect.identifier_preparer.quote(guard.table)
    each = "STATEMENT" if guard.operation == "TRUNCATE" else "ROW"
    yield (
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $${_function(guard)}$$; "
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION {guard.name}()"
    )


def _function(guard: Guard) -> str:
    refuse = f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'restrict_violation';"
    if guard.condition is None:
        return f" BEGIN {refuse} END "
    return f" BEGIN IF {guard.condition} THEN {refuse} END IF; RETURN NEW; END "


def missing_guards(connection: Connection, metadata: MetaData) -> list[str]:
    """Return the guards that are not there, are switched off, or do something else."""
    is_sqlite = connection.dialect.name == "sqlite"
    found = dict(tuple(row) for row in connection.execute(text(_IN_SQLITE if is_sqlite else _IN_POSTGRESQL)))
    missing = []
    for guard in guards(metadata, connection.dialect):
        wanted = next(_sqlite(guard, connection.dialect)) if is_sqlite else _function(guard)
        if found.get(guard.name) != wanted:
            missing.append(guard.name)
    return missing


_IN_SQLITE: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_IN_POSTGRESQL: Final = """
SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
"""
