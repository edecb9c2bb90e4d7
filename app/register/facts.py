"""Facts: one row per statement, or groups with counts, by the same filters."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from app.activities.tables import StatementRow
from app.controllers.queries import names as controller_names
from app.documents.tables import Document, DocumentRevision
from app.platform.database import ReadSession
from app.platform.listing import choose_order, cut, decode_cursor, encode_cursor
from app.platform.revisions import alive
from app.recipients.queries import cards
from app.register.dimensions import Dimension, dimensions_of
from app.register.parameters import FactsQuery
from app.register.rows import activity_names, dress
from app.register.selecting import Selection, grouped, selection, statement_conditions
from app.register.tables import Head
from app.vocabularies.queries import labels_by_id
from app.vocabularies.tables import Term, TermRevision

MOST_GROUPS = 5000


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
        Head.certainty,
        Head.valid_from,
        Head.valid_to,
    )
    statement = (
        select(*columns, StatementRow.body, order.column.label("_value"), order.key.label("_key"))
        .join(StatementRow, StatementRow.id == Head.statement_id)
        .where(*statement_conditions(selected, query))
    )
    part = cut(session, statement, query, order)
    return Answer(dress(session, selected, part.rows), part.next, part.total)


def _groups(session: ReadSession, selected: Selection, query: FactsQuery) -> Answer:
    names = query.names("group_by")
    dimensions = [dimensions_of(selected.kind)[name] for name in names]
    inner = grouped(selected, query, names, query.level).subquery()
    members = [inner.c[f"m{index}"] for index in range(len(names))]
    counts = [
        func.sum(case((inner.c.certainty == rank, 1), else_=0)).label(name)
        for rank, name in enumerate(("stated", "inferred", "unknown"))
    ]
    statement = select(*members, func.count().label("statements"), *counts).group_by(*members)
    rows = session.all(statement.order_by(func.count().desc(), *members).limit(MOST_GROUPS))
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[: len(names)])
        groups[key] = {name: int(getattr(row, name)) for name in ("statements", "stated", "inferred", "unknown")}
    if query.empty and len(names) == 1 and dimensions[0].is_term:
        for term in _terms_of(session, dimensions[0], query.level):
            groups.setdefault((term,), {"statements": 0, "stated": 0, "inferred": 0, "unknown": 0})
    for name in query.names("count_of"):
        for key, count in _distinct(session, selected, query, names, name).items():
            groups.get(key, {}).setdefault("distinct", {})[name] = count
    for name in query.names("count_of"):
        for group in groups.values():
            group.setdefault("distinct", {}).setdefault(name, 0)
    return _page_of_groups(session, query, dimensions, groups)


def _page_of_groups(
    session: ReadSession, query: FactsQuery, dimensions: list[Dimension], groups: dict[tuple[Any, ...], Any]
) -> Answer:
    order = "groups:" + ",".join(query.names("group_by"))
    start = 0 if query.cursor is None else int(decode_cursor(query.cursor, order)[1])
    keys = list(groups)[start : start + query.limit]
    end = start + len(keys)
    following = encode_cursor(order, "", end) if end < len(groups) else None
    shown = [_shown(session, dimension, {key[i] for key in keys}) for i, dimension in enumerate(dimensions)]
    items = [
        {
            **{dimension.name: shown[i][key[i]] for i, dimension in enumerate(dimensions)},
            **groups[key],
        }
        for key in keys
    ]
    return Answer(items, following, len(groups) if query.count else None)


def _distinct(
    session: ReadSession, selected: Selection, query: FactsQuery, names: list[str], counted: str
) -> dict[tuple[Any, ...], int]:
    """Count the distinct members of a dimension in each group."""
    inner = grouped(selected, query, [*names, counted], query.level).subquery()
    members = [inner.c[f"m{index}"] for index in range(len(names))]
    distinct = func.count(inner.c[f"m{len(names)}"].distinct()).label("n")
    rows = session.all(select(*members, distinct).group_by(*members))
    return {tuple(row[: len(names)]): int(row.n) for row in rows}


def _terms_of(session: ReadSession, dimension: Dimension, level: str | None) -> list[int]:
    query = (
        select(Term.id)
        .join(TermRevision, TermRevision.owner_id == Term.id)
        .where(Term.vocabulary == dimension.space, alive(TermRevision, session.at))
        .order_by(TermRevision.position, Term.code)
    )
    if level is not None:
        query = query.where(Term.kind == level)
    return [row.id for row in session.all(query)]


def _shown(session: ReadSession, dimension: Dimension, members: set[Any]) -> dict[Any, dict[str, Any]]:
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
