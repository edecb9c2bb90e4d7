"""Dresses selected statements as facts: one row per statement, every dimension inside, evidence beside it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import select

from app.activities.parts import MechanismRecord
from app.activities.rendering import LISTS, SETS, add_labels, links_of, names_of, recipients_of
from app.activities.tables import Activity, ActivityRevision
from app.controllers.queries import names as controller_names
from app.deriving.tables import Head, MechanismRow, PairRow
from app.deriving.widening import CERTAINTY_NAMES
from app.platform.database import Query, ReadSession
from app.platform.prepared import ON, rows_of, within
from app.platform.revisions import alive
from app.platform.schemas import plain
from app.recipients.queries import RecipientCard, cards_by_code
from app.register.members import pair_rank
from app.register.selecting import Selection, live_pairs, pair_conditions
from app.register.shown_evidence import conflicts_of, instants_before
from app.register.shown_pairs import PairShown, data_categories, data_subjects, href, quoted
from app.register.standing import judged_mechanisms, standing_of
from app.vocabularies.queries import TermLabel, labels, labels_by_id

Fact = dict[str, Any]


@dataclass(frozen=True)
class Around:
    """Everything that the rows of one page show beside the statements."""

    terms: dict[tuple[str, str], TermLabel]
    by_id: dict[int, TermLabel]
    recipients: dict[str, RecipientCard]
    controllers: dict[int, tuple[str, str | None]]
    activities: dict[int, tuple[str, dict[str, str], int]]
    pairs: dict[int, list[PairShown]]
    mechanisms: dict[int, list[Any]]
    conflicts: dict[int, list[Fact]]
    before: dict[int, str]
    shown: dict[int, tuple[list[Fact], list[Fact]]] = field(default_factory=dict)


def dress(session: ReadSession, selected: Selection, rows: Sequence[Any]) -> list[Fact]:
    """Return the facts of a page; rows carry the head's columns and the statement's body."""
    statements = [orjson.loads(row.body) for row in rows]
    around = _around(session, selected, rows, statements)
    return [_fact(selected, around, row, statement) for row, statement in zip(rows, statements, strict=True)]


def _around(session: ReadSession, selected: Selection, rows: Sequence[Any], statements: list[Fact]) -> Around:
    ids = [row.statement_id for row in rows]
    pairs = _pairs(session, selected, rows)
    mechanisms = _mechanisms(session, selected, ids)
    codes = {link["code"] for statement in statements for link in recipients_of(statement)}
    codes |= {source["recipient"] for statement in statements for source in statement.get("sources", [])} - {None}
    recipients = cards_by_code(session, codes)
    shared = {id(found): found for found in pairs.values()}
    terms = {key for found in shared.values() for pair in found for key in pair[:3]}
    terms |= {row.term_id for found in mechanisms.values() for row in found}
    terms |= {card.group_id for card in recipients.values()}
    terms |= {key for row in rows for datum in _uncovered(row) for key in datum}
    return Around(
        terms=labels(session, {name for statement in statements for name in names_of(statement)}),
        by_id=labels_by_id(session, terms - {None, 0}),
        recipients=recipients,
        controllers=controller_names(session, {row.controller_id for row in rows}),
        activities=activity_names(session, {row.activity_id for row in rows}),
        pairs=pairs,
        mechanisms=mechanisms,
        conflicts=conflicts_of(session, selected.moment, ids),
        before=instants_before(session, ids),
    )


def activity_names(session: ReadSession, ids: Iterable[int]) -> dict[int, tuple[str, dict[str, str], int]]:
    """Return (code, name, revision) of activities by key."""
    return {
        row.id: (row.code, {"tr": row.name_tr, "en": row.name_en}, row.number)
        for row in rows_of(session, _activities_query, ids, session.at)
    }


@cache
def _activities_query(at: Any) -> Query:  # noqa: ANN401 - None or AT
    revision = ActivityRevision
    return (
        select(Activity.id, Activity.code, revision.name_tr, revision.name_en, revision.number)
        .join(revision, revision.owner_id == Activity.id)
        .where(within(Activity.id), alive(revision, at))
    )


def _pairs(session: ReadSession, selected: Selection, rows: Sequence[Any]) -> dict[int, list[PairShown]]:
    """Return the pairs that each row shows: those on which the question's filters hold.

    Rows that share a set show the same pairs, as one list: a policy has hundreds of transfers that name no data.
    """
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.set_id, row.data_floor, row.subject_floor, row.valid_to].append(row.statement_id)
    first = {statements[0]: statements for statements in alike.values()}
    query = (
        select(
            Head.statement_id,
            PairRow.subject_id,
            PairRow.category_id,
            PairRow.item_id,
            pair_rank("subject"),
            pair_rank("category"),
            pair_rank("item"),
            PairRow.condition,
        )
        .join(PairRow, PairRow.set_id == Head.set_id)
        .where(
            Head.statement_id.in_(sorted(first)),
            alive(Head, session.at),
            *live_pairs(selected.moment),
            *pair_conditions(selected),
        )
        .order_by(PairRow.category_id, PairRow.item_id, PairRow.subject_id, PairRow.id)
    )
    found: dict[int, list[PairShown]] = defaultdict(list)
    for row in session.all(query):
        found[row[0]].append(tuple(row[1:]))
    return {one: pairs for statement, pairs in found.items() for one in first[statement]}


def _mechanisms(session: ReadSession, selected: Selection, ids: list[int]) -> dict[int, list[Any]]:
    if selected.kind != "transfers":
        return {}
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of(session, _mechanisms_query, ids, session.at, on=selected.moment.on):
        found[row.statement_id].append(row)
    return found


@cache
def _mechanisms_query(at: Any) -> Query:  # noqa: ANN401 - None or AT
    return judged_mechanisms(ON, at).where(within(MechanismRow.statement_id)).order_by(MechanismRow.position)


def _fact(selected: Selection, around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401
    add_labels(statement, around.terms, selected.moment.on)
    for vocabulary, link in links_of(statement):
        link["law_ref"] = link["law_ref"] or around.terms[vocabulary, link["code"]].law_ref
        link["href"] = href(vocabulary, link["code"])
    code, name = around.controllers[row.controller_id]
    activity, activity_name, revision = around.activities[row.activity_id]
    fact: Fact = {
        "controller": {"code": code, "name": name},
        "activity": {"code": activity, "name": activity_name},
        "key": statement["key"],
        "polarity": statement["polarity"],
    }
    part = PARTS.get(selected.kind)
    if part is not None:
        fact |= part(selected, around, row, statement)
    fact |= _shared_part(around, row, statement)
    document = statement["document"]
    citations = [{"document": document, **citation} for citation in statement["citations"]]
    silent = {"document": document, "locator": None, "form": None}
    return {
        **fact,
        "condition": statement["condition"],
        "until": statement["until"],
        "dated": row.valid_from is not None or row.valid_to is not None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "certainty": CERTAINTY_NAMES[row.certainty],
        "citation": citations[0] if citations else silent,
        "citations": citations,
        "note": statement["note"],
        "conflicts_with": around.conflicts.get(row.statement_id, []),
        "revision": revision,
        "links": _links(selected.kind, around, row, statement, activity),
    }


def _links(kind: str, around: Around, row: Any, statement: Fact, activity: str) -> Fact:  # noqa: ANN401
    """Lead from a row to everything around it, and to the same row as it was before."""
    own = f"/v1/facts/{kind}?activity={quoted(activity)}&key={quoted(statement['key'])}"
    before = around.before.get(row.statement_id)
    recipient = statement.get("recipient") or statement.get("counterpart")
    return {
        "self": own,
        "activity": f"/v1/activities/{quoted(activity)}",
        "controller": f"/v1/controllers/{quoted(around.controllers[row.controller_id][0])}",
        "document": f"/v1/documents/{quoted(statement['document'])}",
        "recipient": f"/v1/recipients/{quoted(recipient['code'])}" if recipient else None,
        "before": f"{own}&as_of={quoted(before)}" if before else None,
    }


def _transfer_part(selected: Selection, around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401
    places = statement["places"]
    judged = {found.position: found for found in around.mechanisms.get(row.statement_id, [])}
    stated = [
        {**link, "standing": standing_of(judged[position].rank)}
        for position, link in enumerate(statement["mechanisms"])
    ]
    inferred = [
        _inferred_mechanism(around, found, selected.moment.on) for found in judged.values() if found.is_inferred
    ]
    ranks = [found.rank for found in judged.values()]
    return {
        "recipient": _recipient(around, statement["recipient"], statement["recipient_role"]),
        "location": row.location,
        "abroad": row.abroad,
        "countries": list(dict.fromkeys(place["country"] for place in places if place["country"])),
        "places": places,
        "mechanisms": stated + inferred,
        "standing": standing_of(max(ranks, default=0)),
    }


def _inferred_mechanism(around: Around, found: Any, on: date) -> Fact:  # noqa: ANN401
    term = around.by_id[found.term_id]
    why = "consent named as ground, no mechanism named"
    return {
        **plain(MechanismRecord(code=term.code, certainty="inferred", inferred_from=why)),
        "label": term.label,
        "law_ref": term.law_ref,
        "in_force": term.in_force(on),
        "href": href("transfer_mechanisms", term.code),
        "standing": standing_of(found.rank),
    }


def _recipient(around: Around, link: Fact | None, role: str | None) -> Fact | None:
    if link is None:
        return None
    card = around.recipients[link["code"]]
    group = None if card.group_id is None else around.by_id[card.group_id].reference()
    return {
        "code": card.code,
        "name": card.name,
        "kind": card.kind,
        "group": group,
        "seat": card.seat,
        "role": role,
        "as_stated": link["as_stated"],
        "certainty": link["certainty"],
    }


def _collection_part(selected: Selection, around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401, ARG001
    sources = []
    for source in statement["sources"]:
        card = around.recipients[source["recipient"]] if source["recipient"] else None
        sources.append({**source, "recipient": {"code": card.code, "name": card.name} if card else None})
    fields = ("automatic", "obligation", "declared_special")
    return {"sources": sources, **{name: statement[name] for name in fields}}


def _use_part(selected: Selection, around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401, ARG001
    """Say how far a use without basis is completed by others of its document, and what is left uncovered."""
    named = [
        {
            "category": around.by_id[category].code if category else None,
            "item": around.by_id[item].code if item else None,
        }
        for category, item in _uncovered(row)
    ]
    return {"basis_gap": row.basis_gap, "uncovered": named}


def _uncovered(row: Any) -> list[list[int]]:  # noqa: ANN401 - a row of heads
    return [] if row.uncovered is None else orjson.loads(row.uncovered)


def _retention_part(selected: Selection, around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401, ARG001
    fields = ("as_stated", "steps", "destruction_interval", "destruction_months", "exception", "law_ref")
    return {"retention_kind": statement["kind"], **{name: statement[name] for name in fields}}


def _measure_part(selected: Selection, around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401, ARG001
    return {"only_special": statement["only_special"]}


def _role_part(selected: Selection, around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401, ARG001
    return {"role": statement["role"], "counterpart": _recipient(around, statement["counterpart"], None)}


PARTS: Final[dict[str, Callable[[Selection, Around, Any, Fact], Fact]]] = {
    "collections": _collection_part,
    "uses": _use_part,
    "transfers": _transfer_part,
    "retentions": _retention_part,
    "measures": _measure_part,
    "roles": _role_part,
}


def _data(around: Around, row: Any, statement: Fact) -> tuple[list[Fact], list[Fact]]:  # noqa: ANN401
    """Return data and data subjects; of statements that name neither, those with the same pairs show the same."""
    pairs = around.pairs.get(row.statement_id, [])
    is_silent = not statement["data"]["members"] and not statement["data_subjects"]["members"]
    known = around.shown.get(id(pairs)) if is_silent else None
    if known is None:
        known = data_categories(around.by_id, statement, pairs), data_subjects(around.by_id, statement, pairs)
        if is_silent and pairs:
            around.shown[id(pairs)] = known
    return known


def _shared_part(around: Around, row: Any, statement: Fact) -> Fact:  # noqa: ANN401
    part: Fact = {}
    if "data" in statement:
        categories, people = _data(around, row, statement)
        part["data_reach"] = statement["data"]["reach"]
        part["data_categories"] = categories
        part["data_subject_reach"] = statement["data_subjects"]["reach"]
        part["data_subject_categories"] = people
        part["data_pairing"] = "flat" if row.pairs_flat else None
    for name in SETS:
        if name in statement and name != "data_subjects":
            part[name] = statement[name]["members"]
    if "purposes" in statement:
        part["purpose_reach"] = statement["purposes"]["reach"]
    if "legal_bases" in statement:
        part["bases_relate"] = statement["legal_bases"]["relate"]
        part["pairing"] = row.pairing
    for name in LISTS:
        if name in statement and name != "mechanisms":
            part[name] = statement[name]
    return part
