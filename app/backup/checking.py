"""What a register holds, and what is wrong with it: rows, links between them, the chain, the guards, the schema."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import ConfigDict, Field
from sqlalchemy import Connection, ForeignKeyConstraint, Select, column, exists, func, inspect, select, table
from sqlalchemy.exc import DBAPIError, OperationalError

from app.platform.database import Base, Database, ReadSession
from app.platform.models import Model
from app.platform.settings import Settings
from app.platform.starting import CannotStart, migrations
from app.trail.verifying import current_head, verify

UNVALIDATED: Final = """
SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE NOT convalidated ORDER BY 1
"""


class State(Model):
    """What a register holds: its schema, the rows of each table, and the head of its chain."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    revision: str = Field(description="Of the schema")
    rows: dict[str, int]
    head: str

    def __str__(self) -> str:
        rows = sum(self.rows.values())
        return f"{len(self.rows)} tables, {rows} rows, head {self.head}, schema {self.revision}"


@dataclass(frozen=True)
class Finding:
    """A check that failed, and what it found."""

    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.check}: {self.text}"


@dataclass(frozen=True)
class Link:
    """A foreign key, by names."""

    table: str
    columns: tuple[str, ...]
    target: str
    targets: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table} ({', '.join(self.columns)}) to {self.target}"

    def astray(self) -> Select[int]:
        """SELECT how many rows lead nowhere; one with an empty column leads nowhere on purpose."""
        own = table(self.table, *map(column, self.columns)).alias("own")
        other = table(self.target, *map(column, self.targets)).alias("other")
        pairs = zip(self.columns, self.targets, strict=True)
        found = exists().where(*(own.c[name] == other.c[target] for name, target in pairs))
        named = (own.c[name].is_not(None) for name in self.columns)
        return select(func.count()).select_from(own).where(*named, ~found)


def known_revisions(settings: Settings) -> list[str]:
    """Return the revisions of the schema that this version knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(migrations(settings)).walk_revisions()]


def require_known(revision: str, known: list[str], what: str) -> None:
    """Refuse a schema that is newer than this version, which could neither read nor migrate it."""
    if revision not in known:
        raise CannotStart(f"{what} has the schema {revision} of another version; the newest known here is {known[0]}")


def state_of(session: ReadSession) -> State:
    """Return what a snapshot holds."""
    with session.to_the_byte() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        names = sorted(inspect(connection).get_table_names())
        rows = {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}
    return State(revision=str(revision), rows=rows, head=str(current_head(session)))


def faults_of(
    database: Database, known: list[str], expected: State | None = None
) -> tuple[State | None, list[Finding]]:
    """Check a register, against what it must hold where that is known; say what it holds and what is wrong."""
    found: list[Finding] = []
    state = None
    try:
        with database.reading() as session:
            with session.to_the_byte() as connection:
                found += _of_database(connection)
            state = state_of(session)
            for check in (_of_links, _of_chain):
                found += _safely(check, session, is_current=state.revision == known[0])
    except DBAPIError as error:
        found.append(_unreadable(error))
    if expected is not None and state is not None:
        found += _differences(state, expected)
    return state, found


def _safely(
    check: Callable[..., Iterator[Finding]],
    session: ReadSession,
    *,
    is_current: bool,
) -> list[Finding]:
    """Run a check; a database that is damaged is a finding, one that is away is not."""
    try:
        return list(check(session, is_current=is_current))
    except DBAPIError as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise
        return [_unreadable(error)]


def _unreadable(error: DBAPIError) -> Finding:
    return Finding("database", str(error.orig).strip().splitlines()[0])


def _of_database(connection: Connection) -> Iterator[Finding]:
    """Yield what the database itself finds."""
    if connection.dialect.name == "postgresql":
        for name in connection.exec_driver_sql(UNVALIDATED).scalars():
            yield Finding("constraints", f"{name} was never validated")
        return
    for text in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if text != "ok":
            yield Finding("integrity", text)
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding("foreign keys", f"row {row[1]} of {row[0]} leads to nothing in {row[2]}")


def _of_links(session: ReadSession, *, is_current: bool) -> Iterator[Finding]:
    """Yield foreign keys that are not there, and rows that lead nowhere."""
    with session.to_the_byte() as connection:
        found = set(_links(connection))
        wanted = set(_links_of_models()) if is_current else found
        for link in sorted(wanted - found, key=str):
            yield Finding("foreign keys", f"the one from {link} is not there")
        for link in sorted(wanted | found, key=str):
            count = connection.execute(link.astray()).scalar_one()
            if count:
                yield Finding("foreign keys", f"{count} rows lead nowhere from {link}")


def _links(connection: Connection) -> Iterator[Link]:
    found: dict[Any, list[Any]] = dict(inspect(connection).get_multi_foreign_keys())
    for (_, name), keys in found.items():
        for key in keys:
            columns, targets = key["constrained_columns"], key["referred_columns"]
            yield Link(name, tuple(columns), key["referred_table"], tuple(targets))


def _links_of_models() -> Iterator[Link]:
    for one in Base.metadata.tables.values():
        for key in one.constraints:
            if isinstance(key, ForeignKeyConstraint):
                targets = tuple(element.column.name for element in key.elements)
                yield Link(one.name, tuple(key.column_keys), key.referred_table.name, targets)


def _of_chain(session: ReadSession, *, is_current: bool) -> Iterator[Finding]:
    """Yield where history differs from what was sealed; what an older schema sealed is proven after its migration."""
    if not is_current:
        return
    report = verify(session)
    for broken in report.breaks:
        yield Finding("chain", f"event {broken.change}: {broken.item().message('en')}")
    for name in report.missing_guards:
        yield Finding("guards", f"the trigger {name} is not there")


def _differences(state: State, expected: State) -> Iterator[Finding]:
    if state.revision != expected.revision:
        yield Finding("schema", f"{state.revision} instead of {expected.revision}")
    if state.head != expected.head:
        yield Finding("head", f"{state.head} instead of {expected.head}")
    for name in sorted(state.rows.keys() | expected.rows.keys()):
        found, wanted = state.rows.get(name), expected.rows.get(name)
        if found != wanted:
            yield Finding("rows", f"{name} has {found} instead of {wanted}")
