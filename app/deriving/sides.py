"""Loads statements as they are compared with each other."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from sqlalchemy import select

from app.deriving.conflicts import Side
from app.deriving.matching import Named
from app.deriving.stated import Stated, stated_of
from app.deriving.tables import Head
from app.deriving.widening import STATED
from app.documents.tables import DocumentLink, DocumentRevision
from app.platform.database import Query, ReadSession
from app.platform.prepared import rows_of, within
from app.platform.revisions import alive

SILENT: Final = "not_stated"
COMPARED: Final = (
    "statement_id",
    "kind",
    "controller_id",
    "document_id",
    "polarity",
    "recipient_id",
    "role",
    "location",
    "set_id",
    "data_floor",
)
Heads = dict[int, Any]


def heads_query() -> Query:
    """SELECT of heads, as far as they are compared."""
    return select(*(getattr(Head, name) for name in COMPARED))


def heads_of(session: ReadSession, statements: Collection[int], at: int | None) -> Heads:
    """Return the heads of statements."""
    return {row.statement_id: row for row in rows_of(session, _heads_of, statements, at)}


@cache
def _heads_of(at: Any) -> Query:  # noqa: ANN401 - None or AT
    return heads_query().where(within(Head.statement_id), alive(Head, at))


LENGTHS: Final = {
    "minute": ("minutes", 1),
    "hour": ("minutes", 60),
    "day": ("minutes", 60 * 24),
    "week": ("minutes", 60 * 24 * 7),
    "month": ("months", 1),
    "year": ("months", 12),
}


def _length(value: int | None, unit: str | None) -> Iterator[tuple[str, int]]:
    """Yield the length of a step, so that a year and twelve months are the same."""
    if value is not None and unit is not None:
        name, factor = LENGTHS[unit]
        yield name, value * factor


def sides_of(session: ReadSession, heads: Heads, at: int | None) -> dict[int, Side]:
    """Return statements as they are compared, but for their pairs."""
    stated = stated_of(session, heads)
    former = _former(session, {head.document_id for head in heads.values()}, at)
    return {key: _side(head, stated[key], former[head.document_id]) for key, head in heads.items()}


def _side(head: Any, stated: Stated, former: frozenset[int]) -> Side:  # noqa: ANN401 - a row of heads_query
    return Side(
        statement_id=head.statement_id,
        kind=head.kind,
        controller_id=head.controller_id,
        document_id=head.document_id,
        polarity=head.polarity,
        recipient=head.recipient_id,
        role=None if head.role == SILENT else head.role,
        countries=frozenset(country for country, _ in stated.places if country is not None),
        location=head.location,
        former=former,
        mechanisms=frozenset(record.term_id for record in stated.mechanisms),
        purposes=stated.terms("purpose"),
        bases=stated.terms("legal_basis"),
        measures=stated.terms("measure"),
        periods=frozenset(length for step in stated.steps for length in _length(*step)),
    )


def _former(session: ReadSession, documents: Collection[int], at: int | None) -> dict[int, frozenset[int]]:
    """Return, for each document, those that it is a version of, all steps back."""
    before: dict[int, int] = {}
    wanted = set(documents)
    while wanted:
        found = {row.owner_id: row.document_id for row in rows_of(session, _versions_query, wanted, at)}
        before |= found
        wanted = set(found.values()) - before.keys()
    former = {}
    for document in documents:
        chain: list[int] = []
        while (here := before.get(chain[-1] if chain else document)) is not None and here not in chain:
            chain.append(here)
        former[document] = frozenset(chain)
    return former


@cache
def _versions_query(at: Any) -> Query:  # noqa: ANN401 - None or AT
    revision, link = DocumentRevision, DocumentLink
    query = select(revision.owner_id, link.document_id).join(link, link.revision_id == revision.id)
    return query.where(within(revision.owner_id), link.relation == "version_of", alive(revision, at))


@cache
def _later_query(_: object) -> Query:
    revision, link = DocumentRevision, DocumentLink
    query = select(revision.owner_id).join(link, link.revision_id == revision.id)
    return query.where(within(link.document_id), link.relation == "version_of", alive(revision, None))


def later_versions(session: ReadSession, documents: Collection[int]) -> set[int]:
    """Return the documents that are versions of others, all steps on: they are not compared with these."""
    later: set[int] = set()
    wanted = set(documents)
    while wanted:
        found = {row.owner_id for row in rows_of(session, _later_query, wanted)}
        wanted = found - later
        later |= found
    return later


def with_pairs(side: Side, head: Any, pairs: Mapping[int, frozenset[Named]]) -> Side:  # noqa: ANN401 - of heads_query
    """Give a side its pairs, and say whether these are stated; equal sets are one object, compared once."""
    if head.set_id is None:
        return side
    return replace(side, pairs=pairs[head.set_id], is_widened=head.data_floor > STATED)
