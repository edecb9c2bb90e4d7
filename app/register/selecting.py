"""Selects statements and groups of statements by the dimensions of a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, exists, func, literal, or_, select

from app.activities.queries import find_activity_ids
from app.activities.tables import Mechanism, StatementData, StatementLink, StatementRow, TransferDetail
from app.controllers.queries import find_controller_ids
from app.documents.queries import find_document_ids
from app.platform.database import Query, ReadSession
from app.platform.revisions import alive
from app.platform.text import like_pattern
from app.recipients.queries import find_recipient_ids
from app.recipients.tables import RecipientRevision
from app.register.dimensions import Dimension, Moment, dimensions_of, special_categories
from app.register.parameters import FactsQuery
from app.register.tables import Head, PairRow
from app.register.widening import RANKS
from app.vocabularies.queries import find_term_ids, narrower
from app.vocabularies.tables import Term, TermBroader, TermRevision

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Selection:
    """What a question selects: its kind and clocks, and the values of each filtered dimension."""

    kind: str
    moment: Moment
    wanted: dict[str, Any]
    certainties: Sequence[int]


def selection(session: ReadSession, kind: str, query: FactsQuery) -> Selection:
    """Resolve the codes of a question; refuse unknown ones."""
    wanted = {
        dimension.name: _wanted(session, dimension, query.values(dimension.name)) for dimension in query.filtered(kind)
    }
    ranks = [RANKS[name] for name in query.values("certainty")]
    return Selection(kind, Moment(query.day, session.at), wanted, ranks)


def _wanted(session: ReadSession, dimension: Dimension, values: list[str]) -> Any:  # noqa: ANN401
    """Return what a filtered column is compared with: keys, a SELECT of narrower keys, or the values."""
    space = dimension.space
    if dimension.is_term:
        return narrower(session, find_term_ids(session, str(space), values, dimension.name))
    if space == "controllers":
        return find_controller_ids(session, values, dimension.name)
    if space == "documents":
        return find_document_ids(session, values, dimension.name)
    if space == "recipients":
        return find_recipient_ids(session, values, dimension.name)
    if space == "activities":
        return find_activity_ids(session, values, dimension.name)
    return values


def statement_conditions(selected: Selection, query: FactsQuery) -> list[Condition]:
    """Return the conditions on heads that a question makes."""
    moment = selected.moment
    chosen: list[Condition] = [Head.kind == selected.kind, alive(Head, moment.at)]
    chosen.append(or_(Head.valid_from.is_(None), Head.valid_from <= moment.on))
    if query.ended == "exclude":
        chosen.append(or_(Head.valid_to.is_(None), Head.valid_to >= moment.on))
    dimensions = dimensions_of(selected.kind)
    asked = [*query.filtered(selected.kind), *(dimensions[name] for name in query.names("group_by"))]
    if selected.certainties and not any(dimension.is_link for dimension in asked):
        chosen.append(Head.certainty.in_(selected.certainties))
    for name, wanted in selected.wanted.items():
        if dimensions[name].pair is None:
            chosen.append(_condition(dimensions[name], wanted, selected))
    on_pair = pair_conditions(selected)
    if on_pair:
        on_one = exists().where(PairRow.set_id == Head.set_id, *on_pair, *live_pairs(moment))
        chosen.append(on_one.correlate(Head))
    for field, is_wanted in (("missing", False), ("present", True)):
        for name in query.names(field):
            is_stated = dimensions[name].is_stated
            if is_stated is not None:
                stated = is_stated(moment)
                chosen.append(stated if is_wanted else _not_stated(dimensions[name], stated))
    if query.q is not None:
        chosen.append(_says(query.q, moment.at))
    return chosen


def _says(words: str, at: int | None) -> Condition:
    """Condition that a statement's own labels, or those of the terms and the recipient that it names, hold words."""

    def has(row: Any) -> Condition:  # noqa: ANN401 - any table with a search text
        return row.search.like(like_pattern(words), escape="\\")  # type: ignore[no-any-return]

    terms = select(TermRevision.owner_id).where(has(TermRevision), alive(TermRevision, at))
    recipients = select(RecipientRevision.owner_id).where(has(RecipientRevision), alive(RecipientRevision, at))
    data = StatementData
    found = (
        select(StatementRow.id).where(has(StatementRow)),
        select(StatementLink.statement_id).where(StatementLink.term_id.in_(terms)),
        select(data.statement_id).where(or_(data.category_id.in_(terms), data.item_id.in_(terms))),
        select(Mechanism.statement_id).where(Mechanism.term_id.in_(terms)),
        select(TransferDetail.statement_id).where(TransferDetail.recipient_id.in_(recipients)),
    )
    return or_(*(Head.statement_id.in_(statements) for statements in found))


def _not_stated(dimension: Dimension, stated: Condition) -> Condition:
    """Condition that a dimension is not stated; what is unreadable is another fact."""
    reach = {
        "data_subject_category": StatementRow.subject_reach,
        "data_category": StatementRow.data_reach,
        "data_item": StatementRow.data_reach,
        "purpose": StatementRow.purpose_reach,
    }.get(dimension.name)
    if reach is None:
        return ~stated
    readable = exists().where(StatementRow.id == Head.statement_id, reach != "unreadable")
    return and_(~stated, readable.correlate(Head))


def _condition(dimension: Dimension, wanted: Any, selected: Selection) -> Condition:  # noqa: ANN401
    if dimension.column is not None:
        return dimension.column.in_(wanted)  # type: ignore[no-any-return]
    if dimension.members is None:
        raise TypeError(dimension.name)
    members = dimension.members(selected.moment).subquery()
    query = select(members.c.statement_id).where(members.c.member.in_(wanted))
    if selected.certainties and dimension.is_link:
        query = query.where(members.c.certainty.in_(selected.certainties))
    return Head.statement_id.in_(query)


def pair_conditions(selected: Selection) -> list[Condition]:
    """Return the conditions that must hold on one pair."""
    dimensions = dimensions_of(selected.kind)
    chosen: list[Condition] = []
    for name, wanted in selected.wanted.items():
        dimension = dimensions[name]
        if dimension.pair is None:
            continue
        if name == "special":
            chosen.append(_special(wanted, selected.moment))
        else:
            chosen.append(dimension.pair.in_(wanted))
        if selected.certainties:
            chosen.append(dimension.certainty.in_(selected.certainties))
    return chosen


def _special(wanted: list[str], moment: Moment) -> Condition:
    is_special = PairRow.category_id.in_(special_categories(moment.at))
    parts = {"yes": is_special, "no": and_(PairRow.category_id.is_not(None), ~is_special)}
    return or_(*(parts[value] for value in wanted))


def live_pairs(moment: Moment) -> list[Condition]:
    """Return the conditions that a pair is live and valid on the day, or on the last day of an ended statement."""
    day = case((Head.valid_to < moment.on, Head.valid_to), else_=literal(moment.on, Date()))
    return [
        alive(PairRow, moment.at),
        or_(PairRow.valid_from.is_(None), PairRow.valid_from <= day),
        or_(PairRow.valid_to.is_(None), PairRow.valid_to >= day),
    ]


def grouped(selected: Selection, query: FactsQuery, names: list[str], level: str | None) -> Query:
    """SELECT of (statement_id, m0 …, certainty), one row per statement and combination of members."""
    dimensions = dimensions_of(selected.kind)
    statement = select(Head.statement_id).where(*statement_conditions(selected, query))
    columns: list[Any] = []
    ranks: list[Any] = []
    if any(dimensions[name].pair is not None for name in names):
        statement = statement.join(PairRow, PairRow.set_id == Head.set_id).where(
            *live_pairs(selected.moment), *pair_conditions(selected)
        )
    for index, name in enumerate(names):
        statement, column, rank = _joined(statement, dimensions[name], selected, index)
        if level is not None and dimensions[name].is_term:
            statement, column = _raised(statement, column, selected.moment, level)
        statement = statement.where(column.is_not(None))
        if selected.certainties and rank is not None and name in query.names("group_by"):
            statement = statement.where(rank.in_(selected.certainties))
        columns.append(column.label(f"m{index}"))
        ranks += [] if rank is None else [rank]
    worst: Any = ranks[0] if ranks else Head.certainty
    for rank in ranks[1:]:
        worst = case((rank > worst, rank), else_=worst)
    best = func.min(worst).label("certainty")
    return statement.add_columns(*columns, best).group_by(Head.statement_id, *(c.element for c in columns))


def _joined(statement: Query, dimension: Dimension, selected: Selection, index: int) -> tuple[Query, Any, Any]:
    """Join the members of one grouped dimension; a filter on it also restricts its groups."""
    if dimension.column is not None:
        return statement, dimension.column, None
    if dimension.name == "special":
        is_special = PairRow.category_id.in_(special_categories(selected.moment.at))
        column = case((PairRow.category_id.is_(None), None), (is_special, "yes"), else_="no")
        return statement, column, dimension.certainty
    if dimension.pair is not None:
        return statement, dimension.pair, dimension.certainty
    if dimension.members is None:
        raise TypeError(dimension.name)
    members = dimension.members(selected.moment).subquery(f"members_{index}")
    statement = statement.join(members, members.c.statement_id == Head.statement_id)
    if dimension.name in selected.wanted:
        statement = statement.where(members.c.member.in_(selected.wanted[dimension.name]))
    return statement, members.c.member, members.c.certainty if dimension.is_link else None


def _raised(statement: Query, column: Any, moment: Moment, level: str) -> tuple[Query, Any]:  # noqa: ANN401
    """Replace a term by those above it (or itself) that are of one kind."""
    up = TermBroader.__table__.alias()
    term = Term.__table__.alias()
    joined = (
        statement.join(up, up.c.term_id == column)
        .join(term, term.c.id == up.c.broader_id)
        .where(term.c.kind == level, alive(up.c, moment.at))
    )
    return joined, up.c.broader_id
