"""Selects statements and groups of statements by the dimensions of a question."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, case, exists, func, literal, or_, select

from app.activities.queries import find_activity_ids
from app.activities.tables import Activity, ActivityRevision, RetentionDetail, StatementRow
from app.controllers.queries import find_controller_ids, practising
from app.controllers.tables import Controller, ControllerRevision
from app.deriving.tables import Head, PairRow, SetCategoryRow
from app.deriving.widening import RANKS
from app.documents.queries import find_document_ids
from app.documents.tables import Document, DocumentRevision
from app.platform.database import Query, ReadSession
from app.platform.revisions import alive
from app.platform.text import like_pattern
from app.recipients.queries import cards, find_recipient_ids
from app.recipients.tables import Recipient, RecipientRevision
from app.register.dimensions import Dimension, dimensions_of
from app.register.members import Moment, has_words, of_statement, pair_rank, special_categories, valid_on
from app.register.parameters import FactsQuery
from app.vocabularies.queries import find_term_ids, narrower
from app.vocabularies.tables import Term, TermBroader, TermRevision

Condition = ColumnElement[bool]
NAMED: Final = frozenset({"controller", "activity", "document"})
SOURCE_KINDS: Final = frozenset({"data_subject", "other"})


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
        dimension.name: _wanted(session, dimension, query.given(dimension.name)) for dimension in query.filtered(kind)
    }
    ranks = [RANKS[name] for name in query.given("certainty")]
    return Selection(kind, Moment(query.day, session.at, kind), wanted, ranks)


def _wanted(session: ReadSession, dimension: Dimension, values: list[str]) -> Any:  # noqa: ANN401
    """Return what a filtered column is compared with: keys, a SELECT of narrower keys, or the values."""
    space = dimension.space
    if dimension.is_term:
        return narrower(session, find_term_ids(session, str(space), values, dimension.name))
    find = FINDERS.get(str(space))
    return values if find is None else find(session, values, dimension.name)


def source_members(session: ReadSession, values: Iterable[str], parameter: str) -> list[str]:
    """Return kinds of source as they are, and recipients by code."""
    values = list(values)
    kinds = [value for value in values if value in SOURCE_KINDS]
    keys = find_recipient_ids(session, [value for value in values if value not in SOURCE_KINDS], parameter)
    return kinds + [card.code for card in cards(session, keys).values()]


FINDERS: Final[dict[str, Callable[[ReadSession, Iterable[str], str], Any]]] = {
    "controllers": find_controller_ids,
    "documents": find_document_ids,
    "recipients": find_recipient_ids,
    "activities": find_activity_ids,
    "sources": source_members,
}


def statement_conditions(selected: Selection, query: FactsQuery) -> list[Condition]:
    """Return the conditions on heads that a question makes."""
    moment = selected.moment
    chosen: list[Condition] = [Head.kind == selected.kind, alive(Head, moment.at)]
    has_begun, goes_on = valid_on(Head, moment.on)
    chosen += [has_begun] if query.ended == "include" else [has_begun, goes_on]
    chosen += without_practice(Head.controller_id, selected.wanted, moment.at)
    dimensions = dimensions_of(selected.kind)
    asked = [*query.filtered(selected.kind), *(dimensions[name] for name in query.names("group_by"))]
    if selected.certainties and not any(dimension.is_link for dimension in asked):
        chosen.append(Head.certainty.in_(selected.certainties))
    for name, wanted in selected.wanted.items():
        if dimensions[name].pair is None:
            chosen.append(_condition(dimensions[name], wanted, selected))
    pairs = pairs_or_categories(selected, [])
    on_pair = pair_conditions(selected, pairs)
    if on_pair:
        on_one = exists().where(pairs.set_id == Head.set_id, *on_pair, *live_pairs(moment, pairs))
        chosen.append(on_one.correlate(Head))
    chosen += _stated_conditions(selected, query)
    if query.key:
        chosen.append(of_statement(StatementRow.key.in_(query.key)))
    if query.q is not None:
        pattern = like_pattern(query.q)
        chosen.append(has_words(pattern, moment.at))
    return chosen


def without_practice(column: Any, given: Collection[str], at: int | None) -> list[Condition]:  # noqa: ANN401
    """Return the condition that leaves out controllers for trying things out, where none is asked for by name."""
    return [] if not NAMED.isdisjoint(given) else [column.not_in(practising(at))]


def _stated_conditions(selected: Selection, query: FactsQuery) -> list[Condition]:
    """Return the conditions of `missing` and `present`."""
    dimensions = dimensions_of(selected.kind)
    chosen: list[Condition] = []
    for field, is_wanted in (("missing", False), ("present", True)):
        for name in query.names(field):
            is_stated = dimensions[name].is_stated
            if is_stated is not None:
                stated = is_stated(selected.moment)
                chosen.append(stated if is_wanted else _not_stated(dimensions[name], stated))
    return chosen


def _not_stated(dimension: Dimension, stated: Condition) -> Condition:
    """Condition that a dimension is not stated; what is unreadable is another fact."""
    reach = {
        "data_subject_category": StatementRow.subject_reach,
        "data_category": StatementRow.data_reach,
        "data_item": StatementRow.data_reach,
        "purpose": StatementRow.purpose_reach,
    }.get(dimension.name)
    if dimension.name == "retention_kind":
        detail = RetentionDetail
        return exists().where(detail.statement_id == Head.statement_id, detail.retention_kind == "not_stated")
    if reach is None:
        return ~stated
    return and_(~stated, of_statement(reach != "unreadable"))


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


def pairs_or_categories(selected: Selection, names: Iterable[str]) -> Any:  # noqa: ANN401 - either table
    """Return where the data of a question stand: a category is found faster once than in all pairs that it is in."""
    dimensions = dimensions_of(selected.kind)
    sides = {dimensions[name].pair for name in (*selected.wanted, *names)} - {None}
    return SetCategoryRow if sides == {"category"} else PairRow


def pair_conditions(selected: Selection, pairs: Any = PairRow) -> list[Condition]:  # noqa: ANN401 - either table
    """Return the conditions that must hold on one pair."""
    dimensions = dimensions_of(selected.kind)
    chosen: list[Condition] = []
    for name, wanted in selected.wanted.items():
        side = dimensions[name].pair
        if side is None:
            continue
        if name == "special":
            chosen.append(_special(wanted, selected.moment, pairs))
        else:
            chosen.append(_side(pairs, side).in_(wanted))
        if selected.certainties:
            chosen.append(pair_rank(side, pairs).in_(selected.certainties))
    return chosen


def _side(pairs: Any, side: str) -> Any:  # noqa: ANN401 - a column of either table
    return getattr(pairs, f"{side}_id")


def _special(wanted: list[str], moment: Moment, pairs: Any) -> Condition:  # noqa: ANN401 - either table
    is_special = pairs.category_id.in_(special_categories(moment.at))
    parts = {"yes": is_special, "no": and_(pairs.category_id.is_not(None), ~is_special)}
    return or_(*(parts[value] for value in wanted))


def live_pairs(moment: Moment, pairs: Any = PairRow) -> list[Condition]:  # noqa: ANN401 - either table
    """Return the conditions that a pair is live and valid on the day, or on the last day of an ended statement."""
    day = case((Head.valid_to < moment.on, Head.valid_to), else_=literal(moment.on, Date()))
    return [alive(pairs, moment.at), *valid_on(pairs, day)]


def grouped(selected: Selection, query: FactsQuery, names: list[str], level: str | None) -> Query:
    """SELECT of (statement_id, m0 …, certainty), one row per statement and combination of members."""
    dimensions = dimensions_of(selected.kind)
    statement = select(Head.statement_id).where(*statement_conditions(selected, query))
    columns: list[Any] = []
    ranks: list[Any] = []
    pairs = pairs_or_categories(selected, names)
    if any(dimensions[name].pair is not None for name in names):
        statement = statement.join(pairs, pairs.set_id == Head.set_id).where(
            *live_pairs(selected.moment, pairs), *pair_conditions(selected, pairs)
        )
    for index, name in enumerate(names):
        statement, column, rank = _joined(statement, dimensions[name], selected, index, pairs)
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


REVISED: Final[dict[str, tuple[Any, Any]]] = {
    "controllers": (Controller, ControllerRevision),
    "activities": (Activity, ActivityRevision),
    "documents": (Document, DocumentRevision),
    "recipients": (Recipient, RecipientRevision),
}


OWNERS: Final[dict[str, Any]] = {
    "controller": Controller.id,
    "activity": Activity.controller_id,
    "document": Document.controller_id,
}


def every_member(session: ReadSession, selected: Selection, dimension: Dimension, level: str | None) -> list[Any]:
    """Return all members that a grouped dimension has or could have; a filter on it restricts them."""
    wanted = selected.wanted.get(dimension.name)
    if dimension.values:
        return [value for value in dimension.values if wanted is None or value in wanted]
    if dimension.is_term:
        return _every_term(session, dimension, wanted, level)
    identity, revision = REVISED[str(dimension.space)]
    query = select(identity.id).join(revision, revision.owner_id == identity.id).where(alive(revision, session.at))
    chosen = query if wanted is None else query.where(identity.id.in_(wanted))
    if dimension.name in OWNERS:
        chosen = chosen.where(*without_practice(OWNERS[dimension.name], selected.wanted, session.at))
    return [row.id for row in session.all(chosen.order_by(identity.code))]


def _every_term(session: ReadSession, dimension: Dimension, wanted: Any, level: str | None) -> list[int]:  # noqa: ANN401
    query = (
        select(Term.id)
        .join(TermRevision, TermRevision.owner_id == Term.id)
        .where(Term.vocabulary == dimension.space, alive(TermRevision, session.at))
        .order_by(TermRevision.position, Term.code)
    )
    if level is not None:
        query = query.where(Term.kind == level)
    if wanted is not None:
        above = select(TermBroader.broader_id).where(TermBroader.term_id.in_(wanted), alive(TermBroader, session.at))
        query = query.where(Term.id.in_(wanted if level is None else above))
    return [row.id for row in session.all(query)]


def _joined(
    statement: Query,
    dimension: Dimension,
    selected: Selection,
    index: int,
    pairs: Any,  # noqa: ANN401 - either table
) -> tuple[Query, Any, Any]:
    """Join the members of one grouped dimension; a filter on it also restricts its groups."""
    if dimension.column is not None:
        return statement, dimension.column, None
    if dimension.name == "special":
        is_special = pairs.category_id.in_(special_categories(selected.moment.at))
        column = case((pairs.category_id.is_(None), None), (is_special, "yes"), else_="no")
        return statement, column, pair_rank("category", pairs)
    if dimension.pair is not None:
        return statement, _side(pairs, dimension.pair), pair_rank(dimension.pair, pairs)
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
