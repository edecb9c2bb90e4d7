"""Finds the statements that may contradict some: there is a SELECT for each reason, made once; rather too many."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, exists, or_

from app.activities.tables import Mechanism, Place, RoleDetail, StatementLink, TransferDetail
from app.platform.database import Query, ReadSession
from app.platform.revisions import alive
from app.register.conflicts import Side
from app.register.prepared import AT, many
from app.register.sides import SILENT, Heads, heads_query, pairs_of
from app.register.tables import Head, PairRow
from app.register.widening import Pair, Terms, around

APART: Final = 8
OPPOSITE: Final = {"domestic": "abroad", "abroad": "domestic"}
NAMED: Final = or_(PairRow.category_id.in_(many("categories")), PairRow.item_id.in_(many("items")))
Values = dict[str, Any]


def named_by(pairs: Collection[Pair], terms: Terms) -> Values:
    """Return what NAMED binds, so that it holds for pairs of data that may match those of some pairs."""
    categories = around(terms, (pair.category for pair in pairs))
    items = around(terms, (pair.item for pair in pairs))
    return {"categories": sorted(categories), "items": sorted(items)}


def candidates(session: ReadSession, own: Heads, sides: dict[int, Side], terms: Terms, at: int | None) -> Heads:
    """Return the statements of the same kinds and controllers that may contradict: `differences` names the reasons."""
    groups: dict[tuple[int, str], list[Side]] = defaultdict(list)
    for key, head in own.items():
        groups[head.controller_id, head.kind].append(sides[key])
    moment = None if at is None else AT
    found: Heads = {}
    for (controller, kind), some in groups.items():
        fixed = {"controller": controller, "kind": kind} | ({} if at is None else {"at": at})
        data = _data_of(session, own, some, terms, at) if kind == "retentions" else {}
        for reason, values in _asked(kind, some, terms, data):
            rows = session.all(_query(reason, moment), {**fixed, **values})
            found |= {row.statement_id: row for row in rows}
    return found


def _data_of(session: ReadSession, own: Heads, some: Sequence[Side], terms: Terms, at: int | None) -> Values:
    sets = {own[side.statement_id].set_id for side in some} - {None}
    return named_by(frozenset().union(*pairs_of(session, sets, at).values()), terms)


def _asked(kind: str, some: Sequence[Side], terms: Terms, data: Values) -> Iterator[tuple[str, Values]]:
    """Yield the reasons for which statements of a kind may contradict some, and what each looks for."""
    if any(side.polarity != "does" for side in some):
        yield "any", {}
        return
    yield "denied", {}
    if kind == "retentions":
        yield "same_data", _elsewhere(some) | data
    if kind == "roles":
        roles = {str(side.role) for side in some}
        yield "other_role", _elsewhere(some) | {"roles": sorted(roles) if len(roles) == 1 else []}
    if kind not in {"transfers", "uses"}:
        return
    for part in [[side] for side in some] if len(some) <= APART else [some]:
        bases = _elsewhere(part) | _bases(part, terms)
        if kind == "uses" and bases["purposes"]:
            yield "other_basis", bases
        recipients = {side.recipient for side in part if side.recipient is not None}
        if kind == "transfers" and recipients:
            yield "same_recipient", bases | _ways(part) | {"recipients": sorted(recipients)}


def _elsewhere(some: Sequence[Side]) -> Values:
    """Affirmed statements of one document do not contradict each other."""
    documents = {side.document_id for side in some}
    return {"documents": sorted(documents) if len(documents) == 1 else []}


def _bases(some: Sequence[Side], terms: Terms) -> Values:
    """Look for a purpose of some, or one above or below, and none of their bases, where these are the same."""
    if not any(side.bases and side.purposes for side in some):
        return {"purposes": [], "bases": []}
    purposes = around(terms, (key for side in some for key in side.purposes))
    are_alike = len({side.bases for side in some}) == 1
    return {"purposes": sorted(purposes), "bases": sorted(around(terms, some[0].bases)) if are_alike else []}


def _ways(some: Sequence[Side]) -> Values:
    """Look for other places, mechanisms and roles, where some state theirs."""
    roles = {side.role for side in some} - {None}
    return {
        "has_places": any(side.countries for side in some),
        "has_mechanisms": any(side.mechanisms for side in some),
        "has_role": bool(roles),
        "locations": sorted({OPPOSITE[side.location] for side in some if side.location in OPPOSITE}),
        "roles": [SILENT, *roles] if len(roles) == 1 else [SILENT],
    }


@cache
def _query(reason: str, at: Any) -> Query:  # noqa: ANN401 - None or AT
    of_kind = (Head.controller_id == bindparam("controller"), Head.kind == bindparam("kind"), alive(Head, at))
    return heads_query().where(*of_kind, *_conditions(reason, at))


def _conditions(reason: str, at: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 - None or AT
    if reason == "any":
        return []
    if reason == "denied":
        return [Head.polarity != "does"]
    elsewhere = Head.document_id.not_in(many("documents"))
    if reason == "same_data":
        return [elsewhere, exists().where(PairRow.set_id == Head.set_id, alive(PairRow, at), NAMED).correlate(Head)]
    if reason == "other_role":
        return [elsewhere, _has(RoleDetail, RoleDetail.role.not_in(many("roles")))]
    link = StatementLink
    has_purpose = _has(link, link.role == "purpose", link.term_id.in_(many("purposes")))
    has_basis = _has(link, link.role == "legal_basis", link.term_id.in_(many("bases")))
    other_basis = and_(has_purpose, ~has_basis)
    if reason == "other_basis":
        return [elsewhere, other_basis]
    detail = TransferDetail
    other_way = or_(
        Head.location.in_(many("locations")),
        and_(_told("has_places"), _has(Place)),
        and_(_told("has_mechanisms"), _has(Mechanism)),
        and_(_told("has_role"), _has(detail, detail.recipient_role.not_in(many("roles")))),
    )
    return [elsewhere, _has(detail, detail.recipient_id.in_(many("recipients"))), or_(other_way, other_basis)]


def _told(name: str) -> ColumnElement[bool]:
    return bindparam(name, type_=Boolean())


def _has(table: type[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(table.statement_id == Head.statement_id, *conditions).correlate(Head)
