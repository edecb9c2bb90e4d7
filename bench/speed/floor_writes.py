"""The one write of the floor: an activity with everything below it, in one transaction."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final, Protocol

from sqlalchemy import Table
from uuid_utils.compat import uuid7

from app.platform.text import sort_key
from bench.speed import plain
from bench.speed.filling import LINKS, Filling, Json, Keys

BELOW: Final = (
    plain.CITATION,
    plain.DATUM,
    plain.LINK,
    plain.SOURCE,
    plain.PLACE,
    plain.MECHANISM,
    plain.STEP,
)


class Runs(Protocol):
    """A connection of either driver."""

    def run(self, statement: str, parameters: Iterable[Any] = ()) -> list[Any]:
        """Run one statement and return its rows."""

    def run_many(self, statement: str, parameters: list[tuple[Any, ...]]) -> None:
        """Run one statement for many rows."""


class Creating:
    """The statements that create an activity, made once."""

    def __init__(self, mark: str, *, is_sqlite: bool) -> None:
        self.mark = mark
        self.is_sqlite = is_sqlite
        self.inserts = {table: self._insert(table) for table in (plain.ACTIVITY, plain.STATEMENT, *BELOW)}

    def create(self, connection: Runs, document: Json) -> None:
        """Write an activity; the caller holds the transaction."""
        filling = Filling(self._keys(connection, document))
        filling.statements = self._reserve(connection, document)
        key = self._next_activity(connection)
        filling.activity(key, str(uuid7()), document, sort_key(document["name"]["tr"]), 1)
        for table, statement in self.inserts.items():
            rows = filling.rows.get(table)
            if rows:
                connection.run_many(
                    statement, [tuple(self._value(row, column.name) for column in table.c) for row in rows]
                )

    def _value(self, row: Json, name: str) -> Any:  # noqa: ANN401 - what a column takes
        value = row.get(name)
        return value.isoformat() if self.is_sqlite and isinstance(value, dt.date) else value

    def _insert(self, table: Table) -> str:
        names = ", ".join(f'"{column.name}"' for column in table.c)
        marks = ", ".join(self.mark for _ in table.c)
        return f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'

    def _next_activity(self, connection: Runs) -> int:
        query = "SELECT max(id) + 1 FROM activity"
        if not self.is_sqlite:
            query = "SELECT nextval(pg_get_serial_sequence('activity', 'id'))"
        ((key,),) = connection.run(query)
        return int(key)

    def _reserve(self, connection: Runs, document: Json) -> int:
        """Return the id before the first statement's; as many as are needed follow it."""
        count = sum(len(value) for value in document.values() if isinstance(value, list))
        query, values = "SELECT max(id) FROM statement", ()
        if not self.is_sqlite:
            query = f"SELECT setval('statement_id_seq', nextval('statement_id_seq') + {count})"
            ((last,),) = connection.run(query, values)
            return int(last) - count - 1
        ((last,),) = connection.run(query, values)
        return int(last)

    def _keys(self, connection: Runs, document: Json) -> Keys:
        codes = {"recipient": set[str](), "document": set[str](), "term": set[str]()}
        for statement in (one for value in document.values() if isinstance(value, list) for one in value):
            codes["document"].add(statement["document"])
            for name in ("recipient", "counterpart"):
                if statement.get(name):
                    codes["recipient"].add(statement[name]["code"])
            codes["term"] |= set(terms_of(statement))
        terms = self._found(connection, "SELECT vocabulary, code, id FROM term WHERE code", codes["term"])
        recipients = self._found(connection, "SELECT code, id FROM recipient WHERE code", codes["recipient"])
        documents = self._found(connection, "SELECT code, id FROM document WHERE code", codes["document"])
        owners = self._found(connection, "SELECT code, id FROM controller WHERE code", {document["controller"]})
        return Keys({(row[0], row[1]): row[2] for row in terms}, dict(recipients), dict(documents), dict(owners))

    def _found(self, connection: Runs, query: str, codes: set[str]) -> list[Any]:
        if self.is_sqlite:
            return connection.run(f"{query} IN ({', '.join('?' for _ in codes)})", sorted(codes))
        return connection.run(f"{query} = ANY(%s)", [sorted(codes)])


def terms_of(statement: Json) -> Iterable[str]:
    """Return the code of every term that a statement names."""
    for holder in (statement, *statement.get("steps", [])):
        for name in (*LINKS, "mechanisms"):
            found = holder.get(name) or []
            yield from (link["code"] for link in (found["members"] if isinstance(found, dict) else found))
    for member in statement.get("data", {}).get("members", []):
        yield from (member[name] for name in ("category", "item") if member[name] is not None)
