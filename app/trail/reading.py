"""Reads what a range of changes left behind: changes, events, what they touched, and the rows of every table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Row, Select, Table, and_, exists, not_, or_, select, union

from app.audit.coverage import History
from app.audit.sealing import named, row_digest
from app.audit.tables import AuditEvent, Change, EventSubject
from app.platform.database import Base, Query, ReadSession
from app.platform.revisions import FOREVER
from app.trail.exact import reading_of, stored

CHANGES: Final[Table] = Base.metadata.tables[Change.__tablename__]
EVENTS: Final[Table] = Base.metadata.tables[AuditEvent.__tablename__]
SUBJECTS: Final[Table] = Base.metadata.tables[EventSubject.__tablename__]
MOST_CHANGES: Final = 1_000
MOST_ROWS: Final = 50_000

Values = dict[str, Any]
Rows = dict[int, list[tuple[str, str]]]


@dataclass(frozen=True)
class Span:
    """Changes that are verified together, first and last included."""

    first: int
    last: int

    def holds(self, column: Any) -> Any:  # noqa: ANN401 - any column that holds a change number
        """Condition that a change number lies in the span."""
        return column.between(self.first, self.last)


def spans(session: ReadSession, since: int, limit: int | None) -> Iterator[Span]:
    """Yield spans of changes from one on, each with as many as are read at once without taking much memory."""
    known = union(select(CHANGES.c.id), select(EVENTS.c.change_id)).subquery()
    number: Any = known.c[0]
    first, left = since, limit
    while left is None or left > 0:
        size = MOST_CHANGES if left is None else min(left, MOST_CHANGES)
        query = select(number, EVENTS.c.rows).outerjoin(EVENTS, EVENTS.c.change_id == number)
        found = session.all(query.where(number >= first).order_by(number).limit(size))
        if not found:
            return
        taken = _as_many_as_fit(found)
        yield Span(first, found[taken - 1][0])
        first = found[taken - 1][0] + 1
        left = None if left is None else left - taken


def _as_many_as_fit(found: Sequence[Any]) -> int:
    rows = 0
    for place, row in enumerate(found):
        rows += row[1] if type(row[1]) is int else 0
        if rows > MOST_ROWS:
            return max(place, 1)
    return len(found)


@dataclass(frozen=True)
class Exact:
    """Reads columns of a table to the byte."""

    columns: Sequence[Column[Any]]
    dialect: str

    def query(self, *before: Any) -> Select[Any]:  # noqa: ANN401 - any column
        """SELECT these columns, after others."""
        return select(*before, *(stored(column, self.dialect) for column in self.columns))

    def read(self, session: ReadSession, query: Query) -> Iterator[tuple[Row[Any], Values]]:
        """Yield every row of a SELECT with the values that its last columns hold, without nulls."""
        readings = [(str(column.name), reading_of(column, self.dialect)) for column in self.columns]
        start = -len(readings)
        for row in session.stream(query):
            yield (
                row,
                {
                    name: value if reading is None else reading(value)
                    for (name, reading), value in zip(readings, row[start:], strict=True)
                    if value is not None
                },
            )


def entries(session: ReadSession, table: Table, dialect: str, span: Span) -> dict[int, list[Values]]:
    """Return the rows of a table of the chain, whole, by change; what is null is there too."""
    number = table.c.id if table is CHANGES else table.c.change_id
    exact = Exact(list(table.c), dialect)
    query = exact.query(number).where(span.holds(number)).order_by(*table.primary_key.columns)
    empty = dict.fromkeys((str(column.name) for column in table.c), None)
    found: dict[int, list[Values]] = defaultdict(list)
    for row, values in exact.read(session, query):
        found[row[0]].append({**empty, **values})
    return found


def written(session: ReadSession, history: History, dialect: str, span: Span) -> Rows:
    """Return (key, digest) of every row of a table that says it was born in a span, by change."""
    exact = Exact(history.columns, dialect)
    query = exact.query(history.born.label("_born"))
    if history.link is not None and history.whole is not None:
        query = query.join_from(history.table, history.whole.table, history.whole == history.link)
    query = query.where(span.holds(history.born)).order_by(history.born)
    found: Rows = defaultdict(list)
    names = [history.names[place] for place in history.key_places]
    for row, values in exact.read(session, query):
        found[row[0]].append((named(values.get(name) for name in names), row_digest(history.name, values)))
    return found


def closed(session: ReadSession, history: History, span: Span) -> dict[int, set[str]]:
    """Return the keys of the rows of a table that say they were closed in a span, by change."""
    died = history.table.c["died"]
    found: dict[int, set[str]] = defaultdict(set)
    for row in session.stream(select(died, *history.key).where(span.holds(died))):
        found[row[0]].add(named(row[1:]))
    return found


def outside(session: ReadSession, history: History) -> list[str]:
    """Return the keys of some rows of a table that belong to no change, or were closed by none."""
    table = history.table
    if history.whole is not None:
        condition: Any = not_(exists().where(history.whole == history.link))
    else:
        condition = not_(exists().where(CHANGES.c.id == table.c["born"]))
    if history.is_revised:
        died = table.c["died"]
        never = and_(died != FOREVER, not_(exists().where(CHANGES.c.id == died)))
        condition = or_(condition, never, died.is_(None))
    return [named(row) for row in session.all(select(*history.key).where(condition).limit(5))]
