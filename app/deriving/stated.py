"""What stands below statements, as far as anything is derived from it: read in one statement, and once in a change.

It lives and ends with its statement and is never rewritten, so what was read of a statement holds on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Integer, Text, cast, literal, null, select, union_all

from app.activities.tables import (
    Mechanism,
    Place,
    RetentionStep,
    RoleDetail,
    StatementData,
    StatementLink,
    TransferDetail,
)
from app.deriving.widening import RANKS, Datum, Subject
from app.platform.database import Key, Query, ReadSession
from app.platform.prepared import rows_of, within

MOST_HELD: Final = 5000


class Linked(NamedTuple):
    """A term in a role, but for data subjects."""

    role: str
    term_id: int
    certainty: int


@dataclass(frozen=True)
class TransferredTo:
    """What a transfer says of its recipient."""

    recipient_id: int | None
    certainty: int
    location: str | None
    recipient_role: str | None


@dataclass(frozen=True)
class Record:
    """A mechanism as it is stated."""

    position: int
    term_id: int
    certainty: int
    status: str
    occasional: str
    risk_information: str
    valid_from: date | None
    valid_to: date | None
    signed_on: date | None


@dataclass
class Stated:
    """Everything that stands below one statement; the lists are in the order of the statement."""

    data: list[Datum] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    links: list[Linked] = field(default_factory=list)
    transfer: TransferredTo | None = None
    role: str | None = None
    counterpart: int | None = None
    places: list[tuple[str | None, int]] = field(default_factory=list)
    mechanisms: list[Record] = field(default_factory=list)
    steps: list[tuple[int | None, str | None]] = field(default_factory=list)

    def terms(self, role: str) -> frozenset[int]:
        """Return the terms linked in a role."""
        return frozenset(link.term_id for link in self.links if link.role == role)


def stated_of(session: ReadSession, ids: Iterable[int]) -> Mapping[int, Stated]:
    """Return what stands below statements; what a session has read it does not read again."""
    held: dict[int, Stated] = session.held.setdefault(Stated, {})
    wanted = set(ids)
    missing = wanted - held.keys()
    if len(held) + len(missing) > MOST_HELD:
        held.clear()
        missing = wanted
    found: dict[int, Stated] = defaultdict(Stated)
    for row in sorted(rows_of(session, _query, missing), key=lambda row: row.position):
        TAKERS[row.table](found[row.statement_id], row)
    held |= {key: found[key] for key in missing}
    return {key: held[key] for key in wanted}


def _take_link(stated: Stated, row: Any) -> None:  # noqa: ANN401 - a row of the query
    if row.word == "data_subject":
        stated.subjects.append(Subject(row.key, RANKS[row.certainty]))
    else:
        stated.links.append(Linked(row.word, row.key, RANKS[row.certainty]))


def _take_transfer(stated: Stated, row: Any) -> None:  # noqa: ANN401
    stated.transfer = TransferredTo(row.key, RANKS[row.certainty], row.word, row.other_word)


def _take_role(stated: Stated, row: Any) -> None:  # noqa: ANN401
    stated.role, stated.counterpart = row.word, row.key


def _take_mechanism(stated: Stated, row: Any) -> None:  # noqa: ANN401
    words = (row.word, row.other_word, row.third_word)
    days = (row.valid_from, row.valid_to, row.signed_on)
    stated.mechanisms.append(Record(row.position, row.key, RANKS[row.certainty], *words, *days))


TAKERS: Final[Mapping[int, Any]] = {
    0: lambda stated, row: stated.data.append(Datum(row.key, row.other_key, RANKS[row.certainty])),
    1: _take_link,
    2: _take_transfer,
    3: _take_role,
    4: lambda stated, row: stated.places.append((row.word, RANKS[row.certainty])),
    5: _take_mechanism,
    6: lambda stated, row: stated.steps.append((row.key, row.word)),
}
NOTHING: Final = {
    "position": literal(0, Integer()),
    "key": cast(null(), Key),
    "other_key": cast(null(), Key),
    "certainty": cast(null(), Text()),
    "word": cast(null(), Text()),
    "other_word": cast(null(), Text()),
    "third_word": cast(null(), Text()),
    "valid_from": cast(null(), Date()),
    "valid_to": cast(null(), Date()),
    "signed_on": cast(null(), Date()),
}


@cache
def _query(_: object) -> Query:
    """SELECT of the rows of seven tables under the names of NOTHING; a table stands by its place in TAKERS."""
    data, link, transfer, role = StatementData, StatementLink, TransferDetail, RoleDetail
    place, record, step = Place, Mechanism, RetentionStep
    parts: list[tuple[Any, dict[str, Any]]] = [
        (data, {"position": data.position, "key": data.category_id, "other_key": data.item_id}),
        (link, {"position": link.position, "key": link.term_id, "word": link.role}),
        (
            transfer,
            {
                "key": transfer.recipient_id,
                "certainty": transfer.recipient_certainty,
                "word": transfer.location,
                "other_word": transfer.recipient_role,
            },
        ),
        (role, {"key": role.counterpart_id, "word": role.role}),
        (place, {"position": place.position, "word": place.country}),
        (
            record,
            {
                "position": record.position,
                "key": record.term_id,
                "word": record.status,
                "other_word": record.occasional,
                "third_word": record.risk_information,
                "valid_from": record.valid_from,
                "valid_to": record.valid_to,
                "signed_on": record.signed_on,
            },
        ),
        (step, {"position": step.position, "key": step.value, "word": step.unit}),
    ]
    for table, columns in parts:
        if "certainty" in table.__table__.c:
            columns["certainty"] = table.certainty
    rows = union_all(
        *(
            select(
                literal(number).label("table"),
                table.statement_id.label("statement_id"),
                *(columns.get(name, nothing).label(name) for name, nothing in NOTHING.items()),
            ).where(within(table.statement_id))
            for number, (table, columns) in enumerate(parts)
        )
    ).subquery()
    return select(*rows.c)
