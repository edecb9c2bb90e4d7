"""Records what a change writes and closes, as it passes, and writes the event of the change at its end.

An INSERT or UPDATE of history is made to return what the database has stored, so that nothing is read back and
digests cover generated keys and defaults too. Rows that are inserted many at once come with every value, keys and
defaults too, and are stored as they are given.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnDefault,
    Date,
    Dialect,
    Executable,
    Insert,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    TextClause,
    Update,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    text,
    union_all,
)

from app.audit.coverage import History, histories, history_of
from app.audit.sealing import VERSION, Manifest, event_hash, named, row_digest, text_digest
from app.audit.tables import AuditEvent, EventSubject
from app.platform.database import Base, Query
from app.platform.text import search_fold

MOST_NAMED_AT_ONCE: Final = 10_000
IN_JSON: Final = (BigInteger, Integer, Text, Boolean, Date)

Reader = Callable[[Query], Sequence[Row[Any]]]
Resource = tuple[str, int]


@dataclass(frozen=True)
class Rows:
    """How rows of a table of history are inserted many at once."""

    history: History
    defaults: Mapping[str, Any]
    is_numbered: bool

    def complete(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Give rows every column: what a column has where nothing is said, else null."""
        return [{**self.defaults, **row} for row in rows]


@cache
def rows_into(model: type[Base]) -> Rows:
    """Return how rows are inserted into a table; found out once for each."""
    table = model.__table__
    history = history_of(table) if isinstance(table, Table) else None
    if history is None:
        raise TypeError(f"{model.__name__} is no history")
    defaults = {}
    for column in history.table.c:
        default = column.default
        defaults[column.name] = default.arg if isinstance(default, ColumnDefault) and default.is_scalar else None
    is_numbered = [column.name for column in history.key] == ["id"]
    if is_numbered:
        del defaults["id"]
    return Rows(history, defaults, is_numbered)


Waiting = dict[str, list[dict[str, Any]]]


def insertions(waiting: Waiting, dialect: Dialect) -> Iterator[tuple[Executable, Any]]:
    """Yield the statements that insert complete rows of some tables, in their order, and the parameters of each.

    PostgreSQL takes all of them in one, as texts of JSON: otherwise it executes a statement for each row. A table that
    waits without rows stands in it too, so that it is the same each time and made ready once.
    """
    if dialect.name != "postgresql":
        yield from ((_by_row(name), rows) for name, rows in waiting.items() if rows)
    elif waiting:
        yield _as_json(tuple(waiting)), {name: orjson.dumps(rows).decode() for name, rows in waiting.items()}


@cache
def _by_row(name: str) -> Insert:
    return insert(Base.metadata.tables[name])


@cache
def _as_json(names: tuple[str, ...]) -> TextClause:
    """Return the INSERTs of some tables as one statement; references are checked at its end."""
    inserts = [_insert_of_json(Base.metadata.tables[name]) for name in names]
    others = ", ".join(f"_{number} AS ({one})" for number, one in enumerate(inserts[:-1]))
    return text(f"WITH {others} {inserts[-1]}" if others else inserts[-1])


def _insert_of_json(table: Table) -> str:
    odd = [column.name for column in table.c if not isinstance(column.type, IN_JSON)]
    if odd:
        raise TypeError(f"{table.name}: {', '.join(odd)} cannot go through JSON")
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    rows = f"json_populate_recordset(NULL::{table.name}, CAST(:{table.name} AS json))"
    return f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {rows}"  # noqa: S608 - our own names


@cache
def highest_keys(metadata: MetaData) -> Query:
    """SELECT of the highest key of every table of history that is numbered and holds no resources."""
    tables = [history.table for history in histories(metadata) if [column.name for column in history.key] == ["id"]]
    parts = [table for table in tables if not {"uid", "owner_id"} & set(table.c.keys())]
    return select(*(select(func.max(table.c.id)).scalar_subquery().label(table.name) for table in parts))


@dataclass(frozen=True)
class Card:
    """What an event says of a resource that never changes: its id, code, vocabulary, and whose it is."""

    uid: Any
    code: str
    vocabulary: str | None
    controller_id: int | None


@dataclass
class Record:
    """What one change has written and closed so far."""

    manifest: Manifest = field(default_factory=Manifest)
    before: dict[Resource, tuple[int, str]] = field(default_factory=dict)
    after: dict[Resource, tuple[int, str]] = field(default_factory=dict)
    cards: dict[Resource, Card] = field(default_factory=dict)

    def watched(self, statement: Any) -> tuple[History, Any] | None:  # noqa: ANN401 - any statement
        """Return the table that a statement changes and the statement that also returns what it changes."""
        if not isinstance(statement, Insert | Update) or not isinstance(statement.table, Table):
            return None
        history = history_of(statement.table)
        if history is None:
            return None
        wanted = history.columns
        if isinstance(statement, Update) and history.resource is None:
            wanted = history.key
        return history, statement.returning(*wanted)

    def note(self, statement: Insert | Update, history: History, rows: Iterable[Row[Any]]) -> None:
        """Take down the rows that a watched statement returned."""
        if isinstance(statement, Insert):
            self._note_written(history, rows)
        else:
            self._note_closed(history, rows)

    def _note_written(self, history: History, rows: Iterable[Row[Any]]) -> None:
        names, places = history.names, history.key_places
        written = self.manifest.wrote.setdefault(history.name, [])
        for row in rows:
            values = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            written.append((named(row[place] for place in places), row_digest(history.name, values)))
            if history.resource is not None:
                self.after[str(history.resource.name), row.owner_id] = (row.number, text_digest(row.body))
            elif "uid" in values:
                self.cards[history.name, row.id] = _card(history.table, values)

    def note_given(self, history: History, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take down rows that were inserted with all their values, which are stored as they are given."""
        names, key = history.names, [column.name for column in history.key]
        written = self.manifest.wrote.setdefault(history.name, [])
        for row in rows:
            values = {name: row[name] for name in names if row[name] is not None}
            written.append((named(row[name] for name in key), row_digest(history.name, values)))

    def _note_closed(self, history: History, rows: Iterable[Row[Any]]) -> None:
        for row in rows:
            key = [getattr(row, column.name) for column in history.key]
            self.manifest.closed.setdefault(history.name, []).append(named(key))
            if history.resource is not None:
                self.before[str(history.resource.name), row.owner_id] = (row.number, text_digest(row.body))

    def subjects(self, read: Reader) -> list[dict[str, Any]]:
        """Return the resources that the change created, changed or ended, in order of their codes."""
        touched = self.before.keys() | self.after.keys()
        unknown = touched - self.cards.keys()
        for query in _card_queries(unknown):
            self.cards |= {
                (row.resource, row.id): Card(row.uid, row.code, row.vocabulary, row.controller_id)
                for row in read(query)
            }
        ordered = sorted(touched, key=lambda key: (key[0], self.cards[key].vocabulary or "", self.cards[key].code))
        return [self._subject(position, resource) for position, resource in enumerate(ordered)]

    def _subject(self, position: int, resource: Resource) -> dict[str, Any]:
        before, after = self.before.get(resource), self.after.get(resource)
        card = self.cards[resource]
        return {
            "position": position,
            "controller_id": card.controller_id,
            "resource": resource[0],
            "owner_id": resource[1],
            "uid": card.uid,
            "vocabulary": card.vocabulary,
            "code": card.code,
            "action": "created" if before is None else "ended" if after is None else "changed",
            "revision_before": before and before[0],
            "revision_after": after and after[0],
            "digest_before": before and before[1],
            "digest_after": after and after[1],
        }


def _card(table: Table, values: dict[str, Any]) -> Card:
    owner = values["id"] if table.name == "controller" else values.get("controller_id")
    return Card(values["uid"], values["code"], values.get("vocabulary"), owner)


def _card_queries(resources: Iterable[Resource]) -> Iterator[Query]:
    """SELECTs of what events say of known resources: one for all of them, unless they are very many."""
    ordered = sorted(resources)
    for start in range(0, len(ordered), MOST_NAMED_AT_ONCE):
        part = ordered[start : start + MOST_NAMED_AT_ONCE]
        names = sorted({name for name, _ in part})
        yield select(
            union_all(*(_cards_of(name, [key for of, key in part if of == name]) for name in names)).subquery()
        )


def _cards_of(name: str, keys: list[int]) -> Query:
    table = Base.metadata.tables[name]
    nothing: Any = cast(null(), Text())
    owner: Any = table.c.id if name == "controller" else table.c.controller_id
    vocabulary = table.c.vocabulary if "vocabulary" in table.c else nothing
    columns = (literal(name).label("resource"), table.c.id, table.c.uid, table.c.code, vocabulary.label("vocabulary"))
    return select(*columns, owner.label("controller_id")).where(table.c.id.in_(keys))


def event_rows(record: Record, change: dict[str, Any], request_id: str | None, previous: str, read: Reader) -> Any:  # noqa: ANN401
    """Return the INSERTs that end a change: what it touched, then its event, which seals it."""
    subjects = record.subjects(read)
    event = {
        "change_id": change["id"],
        "version": VERSION,
        "request_id": request_id,
        "search": search_fold(change["reason"] or ""),
        "rows": record.manifest.rows,
        "manifest": record.manifest.text(),
    }
    sealed = {**event, "previous": previous, "hash": event_hash(change, event, subjects, previous)}
    if subjects:
        yield insert(EventSubject), [{"change_id": change["id"], **subject} for subject in subjects]
    yield insert(AuditEvent), sealed
