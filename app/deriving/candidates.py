"""Finds the statements that may contradict some: there is a SELECT for each reason, made once; rather too many."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, or_

from app.activities.tables import Mechanism, Place, StatementLink
from app.deriving.compared_pairs import NEAR, near_to
from app.deriving.conflicts import Side
from app.deriving.matching import Named
from app.deriving.sides import SILENT, Heads, heads_query
from app.deriving.tables import Head, PairRow
from app.deriving.widening import Terms, around
from app.platform.database import Query, ReadSession
from app.platform.prepared import probed, within, within_words, without, without_words
from app.platform.revisions import AT, alive

APART: Final = 8
OPPOSITE: Final = {"domestic": "abroad", "abroad": "domestic"}
Values = dict[str, Any]


def candidates(
    session: ReadSession,
    own: Heads,
    sides: Mapping[int, Side],
    pairs: Mapping[int, frozenset[Named]],
    terms: Terms,
    at: int | None,
) -> Heads:
    """Return the statements of the same kinds and controllers that may contradict: `differences` names the reasons.

    All but measures only contradict about matching data, so what is near to none of the `pairs` is left out.
    """
    groups: dict[tuple[int, str], list[Side]] = defaultdict(list)
    for key, head in own.items():
        groups[head.controller_id, head.kind].append(sides[key])
    affirmed: dict[int, list[str]] = defaultdict(list)
    asked: list[tuple[str, Values]] = []
    for (controller, kind), some in groups.items():
        if all(side.polarity == "does" for side in some):
            affirmed[controller].append(kind)
        for reason, part, values in _asked(kind, some, terms):
            held = frozenset().union(*(pairs.get(own[side.statement_id].set_id, frozenset()) for side in part))
            if held or kind == "measures":
                of_kind = {"controller": controller, "kinds": [kind]}
                asked.append((reason, of_kind | values | near_to(held, terms, controller)))
    asked += [("denied", {"controller": controller, "kinds": kinds}) for controller, kinds in affirmed.items()]
    moment = {} if at is None else {"at": at}
    found: Heads = {}
    for reason, values in asked:
        rows = session.all(_query(reason, None if at is None else AT), values | moment)
        found |= {row.statement_id: row for row in rows}
    return found


def _asked(kind: str, some: Sequence[Side], terms: Terms) -> Iterator[tuple[str, Sequence[Side], Values]]:
    """Yield the reasons for which statements may contradict some, for which of these, and what each looks for."""
    if any(side.polarity != "does" for side in some):
        yield "any_measure" if kind == "measures" else "any", some, {}
        return
    # Few are looked for one by one, because together they seek too much.
    for part in [[side] for side in some] if len(some) <= APART else [some]:
        for reason, values in _reasons(kind, part, terms):
            yield reason, part, values


def _reasons(kind: str, some: Sequence[Side], terms: Terms) -> Iterator[tuple[str, Values]]:
    """Yield the reasons for which affirmed statements of a kind may contradict some, and what each looks for."""
    if kind == "retentions":
        yield "same_data", _elsewhere(some)
    if kind == "roles":
        roles = {str(side.role) for side in some}
        yield "other_role", _elsewhere(some) | {"roles": sorted(roles) if len(roles) == 1 else []}
    if kind not in {"transfers", "uses"}:
        return
    bases = _elsewhere(some) | _bases(some, terms)
    if kind == "uses" and bases["purposes"]:
        yield "other_basis", bases
    recipients = {side.recipient for side in some if side.recipient is not None}
    if kind == "transfers" and recipients:
        yield "same_recipient", bases | _ways(some) | {"recipients": sorted(recipients)}


def _elsewhere(some: Sequence[Side]) -> Values:
    """Affirmed statements of one document do not contradict each other."""
    documents = {side.document_id for side in some}
    return {"documents": sorted(documents) if len(documents) == 1 else []}


def _bases(some: Sequence[Side], terms: Terms) -> Values:
    """Look for a purpose of some, or one above or below, and none of their bases, where these are the same."""
    if not any(side.bases and side.purposes for side in some):
        return {"purposes": [], "bases": []}
    controller = some[0].controller_id
    purposes = around(terms, (key for side in some for key in side.purposes), controller)
    are_alike = len({side.bases for side in some}) == 1
    bases = around(terms, some[0].bases, controller) if are_alike else []
    return {"purposes": sorted(purposes), "bases": sorted(bases)}


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
    of_kinds = (Head.controller_id == bindparam("controller"), within_words(Head.kind, "kinds"), alive(Head, at))
    if reason == "any_measure":
        return heads_query().where(*of_kinds)
    if reason == "denied":
        return heads_query().where(*of_kinds, Head.polarity == "does_not")
    near = probed(Head, PairRow, PairRow.set_id == Head.set_id, alive(PairRow, at), NEAR)
    return heads_query().where(*of_kinds, *_conditions(reason), near)


def _conditions(reason: str) -> list[ColumnElement[bool]]:
    """Conditions of a reason, beside that of matching data."""
    if reason == "any":
        return []
    elsewhere = without(Head.document_id, "documents")
    if reason == "same_data":
        return [elsewhere]
    if reason == "other_role":
        return [elsewhere, without_words(Head.role, "roles")]
    link = StatementLink
    has_purpose = _has(link, link.role == "purpose", within(link.term_id, "purposes"))
    has_basis = _has(link, link.role == "legal_basis", within(link.term_id, "bases"))
    other_basis = and_(has_purpose, ~has_basis)
    if reason == "other_basis":
        return [elsewhere, other_basis]
    other_way = or_(
        within_words(Head.location, "locations"),
        and_(_told("has_places"), _has(Place)),
        and_(_told("has_mechanisms"), _has(Mechanism)),
        and_(_told("has_role"), without_words(Head.role, "roles")),
    )
    return [elsewhere, within(Head.recipient_id, "recipients"), or_(other_way, other_basis)]


def _told(name: str) -> ColumnElement[bool]:
    return bindparam(name, type_=Boolean())


def _has(table: type[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return probed(Head, table, table.statement_id == Head.statement_id, *conditions)
