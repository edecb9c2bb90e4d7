"""Facts: one row per statement, or groups with counts, by the same filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.activities.tables import StatementRow
from app.controllers.queries import names as controller_names
from app.deriving.tables import Head
from app.documents.tables import Document, DocumentRevision
from app.platform.database import ReadSession
from app.platform.listing import choose_order, cut, decode_cursor, encode_cursor
from app.platform.revisions import alive
from app.recipients.queries import cards
from app.register.counting import COUNTS, Counts, Group, counting, kept_groups
from app.register.dimensions import Dimension, dimensions_of
from app.register.parameters import FactsQuery
from app.register.rows import activity_names, dress
from app.register.selecting import Selection, every_member, grouped, selection, statement_conditions
from app.vocabularies.queries import labels_by_id


@dataclass(frozen=True)
class Answer:
    """A page of facts or of groups."""

    items: list[dict[str, Any]]
    next: str | None
    total: int | None


def list_facts(session: ReadSession, kind: str, query: FactsQuery) -> Answer:
    """Return a page of statements, or of groups where the question groups."""
    selected = selection(session, kind, query)
    if query.names("group_by"):
        return _groups(session, selected, query)
    order = choose_order(query.sort, {"activity": Head.place, "revised": Head.born}, Head.id)
    columns = (
        Head.statement_id,
        Head.controller_id,
        Head.activity_id,
        Head.location,
        Head.abroad,
        Head.pairing,
        Head.pairs_flat,
        Head.set_id,
        Head.data_floor,
        Head.subject_floor,
        Head.certainty,
        Head.valid_from,
        Head.valid_to,
        Head.basis_gap,
        Head.uncovered,
    )
    statement = (
        select(*columns, StatementRow.body, order.column.label("_value"), order.key.label("_key"))
        .join(StatementRow, StatementRow.id == Head.statement_id)
        .where(*statement_conditions(selected, query))
    )
    part = cut(session, statement, query, order)
    return Answer(dress(session, selected, part.rows), part.next, part.total)


def every_fact(session: ReadSession, kind: str, query: FactsQuery) -> Iterator[dict[str, Any]]:
    """Return all facts or groups of a question, page by page."""
    while True:
        found = list_facts(session, kind, query)
        yield from found.items
        if found.next is None:
            return
        query = query.model_copy(update={"cursor": found.next})


def _groups(session: ReadSession, selected: Selection, query: FactsQuery) -> Answer:
    names = query.names("group_by")
    dimensions = [dimensions_of(selected.kind)[name] for name in names]
    order = "groups:" + ",".join(names)
    start = 0 if query.cursor is None else int(decode_cursor(query.cursor, order)[1])
    kept = None if query.empty else kept_groups(session, selected, query)
    if kept is None:
        page, total = _asked_groups(session, selected, query, dimensions, start)
    else:
        page, total = list(kept.items())[start : start + query.limit + 1], len(kept)
    following = encode_cursor(order, "", start + query.limit) if len(page) > query.limit else None
    items = _shown_groups(session, selected, query, dimensions, dict(page[: query.limit]))
    return Answer(items, following, total if query.count else None)


def _asked_groups(
    session: ReadSession, selected: Selection, query: FactsQuery, dimensions: list[Dimension], start: int
) -> tuple[list[tuple[Group, Counts]], int]:
    """Return the groups of a page and one more, asked of the database, and how many there are if that is asked."""
    whole = counting(selected, query)
    members = list(whole.selected_columns)[: len(dimensions)]
    ordered = whole.order_by(func.count().desc(), *members)
    rows = session.all(ordered if query.empty else ordered.offset(start).limit(query.limit + 1))
    width = len(dimensions)
    groups: dict[Group, Counts] = {tuple(row[:width]): tuple(map(int, row[width:])) for row in rows}
    if query.empty:
        for member in every_member(session, selected, dimensions[0], query.level):
            groups.setdefault((member,), (0,) * len(COUNTS))
        return list(groups.items())[start : start + query.limit + 1], len(groups)
    total = session.value(select(func.count()).select_from(whole.subquery())) if query.count else 0
    return list(groups.items()), total


def _shown_groups(
    session: ReadSession,
    selected: Selection,
    query: FactsQuery,
    dimensions: list[Dimension],
    groups: dict[Group, Counts],
) -> list[dict[str, Any]]:
    """Return a page of groups with their members, and how many distinct members of other dimensions they have."""
    distinct = {name: _distinct(session, selected, query, name) for name in query.names("count_of")}
    shown = [shown_members(session, dimension, {key[i] for key in groups}) for i, dimension in enumerate(dimensions)]
    items = []
    for key, counts in groups.items():
        members = {dimension.name: shown[i][key[i]] for i, dimension in enumerate(dimensions)}
        counted = {"distinct": {name: found.get(key, 0) for name, found in distinct.items()}} if distinct else {}
        items.append({**members, **dict(zip(COUNTS, counts, strict=True)), **counted})
    return items


def _distinct(session: ReadSession, selected: Selection, query: FactsQuery, counted: str) -> dict[tuple[Any, ...], int]:
    """Count the distinct members of a dimension in each group."""
    names = query.names("group_by")
    inner = grouped(selected, query, [*names, counted], query.level).subquery()
    members = [inner.c[f"m{index}"] for index in range(len(names))]
    distinct = func.count(inner.c[f"m{len(names)}"].distinct()).label("n")
    rows = session.all(select(*members, distinct).group_by(*members))
    return {tuple(row[: len(names)]): int(row.n) for row in rows}


def shown_members(session: ReadSession, dimension: Dimension, members: set[Any]) -> dict[Any, dict[str, Any]]:
    """Return the members of a dimension as answers show them."""
    if dimension.is_term:
        return {key: term.reference() for key, term in labels_by_id(session, members).items()}
    if dimension.space == "controllers":
        found = controller_names(session, members)
        return {key: {"code": code, "name": name} for key, (code, name) in found.items()}
    if dimension.space == "activities":
        activities = activity_names(session, members)
        return {key: {"code": code, "name": name} for key, (code, name, _) in activities.items()}
    if dimension.space == "recipients":
        return {key: {"code": card.code, "name": card.name} for key, card in cards(session, members).items()}
    if dimension.space == "documents":
        return _documents(session, members)
    return {member: {"code": member} for member in members}


def _documents(session: ReadSession, members: set[int]) -> dict[Any, dict[str, Any]]:
    query = (
        select(Document.id, Document.code, DocumentRevision.title)
        .join(DocumentRevision, DocumentRevision.owner_id == Document.id)
        .where(Document.id.in_(sorted(members)), alive(DocumentRevision, session.at))
    )
    return {row.id: {"code": row.code, "name": row.title} for row in session.all(query)}
