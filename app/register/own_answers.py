"""Answers that are not rows of one kind: what documents print and cite, who is shared, what is left over."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson
from sqlalchemy import ColumnElement, false, func, literal, or_, select, union_all

from app.activities.tables import Activity, Mechanism, StatementLink, StatementRow
from app.controllers.queries import find_controller_ids
from app.controllers.queries import names as controller_names
from app.deriving.sources import load_terms
from app.deriving.tables import Head, PairRow
from app.deriving.widening import Datum, Terms
from app.documents.queries import find_document_ids
from app.documents.tables import Document, DocumentRevision
from app.platform.database import ReadSession
from app.platform.listing import MAXIMUM, Order, cut, decode_cursor, encode_cursor
from app.platform.revisions import alive
from app.register.asking import Asked, lacking, narrow
from app.register.counting import COUNTS
from app.register.facts import Answer, every_fact, list_facts
from app.register.members import Moment, valid_on
from app.register.parameters import FactsQuery
from app.register.selecting import live_pairs, selection, statement_conditions, without_practice
from app.vocabularies.queries import labels, labels_by_id
from app.vocabularies.tables import Term, TermRevision

CONTACTS = ("legal_name", "trade_name", "address", "phone", "fax", "email", "kep", "website")
SILENT = {"state": "not_stated", "value": None, "locator": None}


def rights_and_channels(asked: Asked) -> Answer:
    """Return, for every document, the rights that it lists and misses, and how to apply to whom."""
    session, query = asked.session, asked.query
    chosen: list[ColumnElement[bool]] = []
    if query.given("controller"):
        keys = find_controller_ids(session, query.given("controller"), "controller")
        chosen.append(Document.controller_id.in_(keys))
    if query.given("document"):
        chosen.append(Document.id.in_(find_document_ids(session, query.given("document"), "document")))
    chosen += without_practice(Document.controller_id, query.model_fields_set, session.at)
    return _rights(asked, chosen)


def rights_beside(asked: Asked, kinds: Iterable[str]) -> Answer:
    """Return the rights that those documents list which say what a question selects, in any of some kinds."""
    session, query = asked.session, asked.query
    saying = [
        Document.id.in_(select(Head.document_id).where(*statement_conditions(selection(session, kind, query), query)))
        for kind in kinds
        if not lacking(query, kind)
    ]
    return _rights(asked, [or_(false(), *saying)])


def _rights(asked: Asked, chosen: list[ColumnElement[bool]]) -> Answer:
    session, query = asked.session, asked.query
    revision = DocumentRevision
    order = Order("code", Document.code, Document.id, descending=False)
    statement = (
        select(Document.id, Document.code, Document.controller_id, revision.body)
        .join(revision, revision.owner_id == Document.id)
        .where(alive(revision, session.at), revision.kind != "declaration", *_valid_document(query.day), *chosen)
        .add_columns(order.column.label("_value"), order.key.label("_key"))
    )
    part = cut(session, statement, query, order)
    rights = _nine_rights(session)
    owners = controller_names(session, {row.controller_id for row in part.rows})
    items = [_printed(orjson.loads(row.body), owners[row.controller_id], rights) for row in part.rows]
    return Answer(items, part.next, part.total)


def _valid_document(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    begins, ends = func.coalesce(DocumentRevision.effective_from, DocumentRevision.date), DocumentRevision.effective_to
    return or_(begins.is_(None), begins <= day), or_(ends.is_(None), ends >= day)


def _nine_rights(session: ReadSession) -> dict[str, dict[str, Any]]:
    query = (
        select(Term.id, Term.code)
        .join(TermRevision, TermRevision.owner_id == Term.id)
        .where(Term.vocabulary == "data_subject_rights", Term.kind == "official", alive(TermRevision, session.at))
        .order_by(TermRevision.position)
    )
    rows = session.all(query)
    found = labels_by_id(session, [row.id for row in rows])
    return {row.code: {**found[row.id].reference(), "law_ref": found[row.id].law_ref} for row in rows}


def _printed(
    document: dict[str, Any], owner: tuple[str, str | None], rights: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    prints = document["prints"]
    listed = prints["rights"] or {"state": "not_stated", "locator": None, "members": []}
    channels = prints["application_channels"] or {"state": "not_stated", "locator": None, "members": []}
    named = {member["code"] for member in listed["members"] if member["state"] == "stated"}
    is_known = listed["state"] != "unreadable"
    return {
        "controller": {"code": owner[0], "name": owner[1]},
        "document": {"code": document["code"], "name": document["title"]},
        "rights_state": listed["state"],
        "rights_locator": listed["locator"],
        "rights": [{**member, "right": rights.get(member["code"])} for member in listed["members"]],
        "missing_rights": [right for code, right in rights.items() if is_known and code not in named],
        "application_channels": channels,
        "response_days": prints["response_days"] or SILENT,
        "fee": prints["fee"] or SILENT,
        "contact": {name: prints[name] or SILENT for name in CONTACTS},
        "links": {"document": f"/v1/documents/{document['code']}", "controller": f"/v1/controllers/{owner[0]}"},
    }


def articles_cited(asked: Asked) -> Answer:
    """Return every article as a source writes it, beside the article as normalised and the term that it is read as."""
    session, query = asked.session, asked.query
    link, mechanism = StatementLink, Mechanism
    cited = union_all(
        select(
            link.statement_id, link.role, link.position, link.term_id, link.cited_as, link.law_ref, link.as_stated
        ).where(link.cited_as.is_not(None)),
        select(
            mechanism.statement_id,
            literal("mechanism").label("role"),
            mechanism.position,
            mechanism.term_id,
            mechanism.cited_as,
            mechanism.law_ref,
            mechanism.as_stated,
        ).where(mechanism.cited_as.is_not(None)),
    ).subquery()
    row = StatementRow
    statement = (
        select(cited, row.kind, row.key, Activity.code.label("activity"), Document.code.label("document"))
        .add_columns(Head.controller_id)
        .join(row, row.id == cited.c.statement_id)
        .join(Head, Head.statement_id == row.id)
        .join(Activity, Activity.id == row.activity_id)
        .join(Document, Document.id == row.document_id)
        .where(alive(Head, session.at), *valid_on(Head, query.day))
        .where(*without_practice(Head.controller_id, query.model_fields_set, session.at))
    )
    if query.given("controller"):
        keys = find_controller_ids(session, query.given("controller"), "controller")
        statement = statement.where(Head.controller_id.in_(keys))
    if query.given("document"):
        keys = find_document_ids(session, query.given("document"), "document")
        statement = statement.where(Head.document_id.in_(keys))
    found = session.all(statement.order_by(Head.place, Head.id, cited.c.role, cited.c.position))
    terms = labels_by_id(session, {item.term_id for item in found})
    owners = controller_names(session, {item.controller_id for item in found})
    return sliced([_citation(item, terms[item.term_id], owners[item.controller_id]) for item in found], query)


def sliced(items: list[dict[str, Any]], query: FactsQuery) -> Answer:
    """Return one page of an answer that was put together whole."""
    start = 0 if query.cursor is None else int(decode_cursor(query.cursor, "place")[1])
    end = start + query.limit
    following = encode_cursor("place", "", end) if end < len(items) else None
    return Answer(items[start:end], following, len(items) if query.count else None)


def _citation(item: Any, term: Any, owner: tuple[str, str | None]) -> dict[str, Any]:  # noqa: ANN401
    law_ref = item.law_ref or term.law_ref
    return {
        "controller": {"code": owner[0], "name": owner[1]},
        "document": item.document,
        "activity": item.activity,
        "kind": item.kind,
        "key": item.key,
        "dimension": item.role,
        "as_stated": item.as_stated,
        "cited_as": item.cited_as,
        "law_ref": law_ref,
        "term": term.reference(),
        "links": {"fact": f"/v1/facts/{item.kind}?activity={item.activity}&key={item.key}"},
    }


def shared_recipients(asked: Asked) -> Answer:
    """Return the recipients, and the classes of recipients, to which more than one controller transfers."""
    query = narrow(asked.session, "transfers", asked.query, {"polarity": ["does"]})
    if query is None:
        return Answer([], None, 0)
    items = []
    for dimension, level in (("recipient", None), ("recipient_group", "common")):
        grouping = {"group_by": [dimension, "controller"], "level": level, "limit": MAXIMUM, "cursor": None}
        shared: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for group in every_fact(asked.session, "transfers", query.model_copy(update=grouping)):
            shared[group[dimension]["code"]].append(group)
        items += [_shared(dimension, groups) for groups in shared.values() if len(groups) > 1]
    return sliced(sorted(items, key=lambda item: -int(item["statements"])), asked.query)


def _shared(dimension: str, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Put the groups of one member together; a statement has one controller, so that counts add up."""
    return {
        "shared_by": dimension,
        dimension: groups[0][dimension],
        **{name: sum(group[name] for group in groups) for name in COUNTS},
        "controllers": sorted((group["controller"] for group in groups), key=lambda one: str(one["code"])),
    }


def data_without_use(asked: Asked) -> Answer:
    """Return the collections some of whose data no use of the same document is about."""
    return _left_over(asked, "uses", lambda _: True)


def retention_not_stated(asked: Asked) -> Answer:
    """Return the collections for some of whose data the same document states no retention."""
    return _left_over(asked, "retentions", lambda body: body["kind"] not in {"not_stated", "unreadable"})


def _left_over(asked: Asked, kind: str, counts: Any) -> Answer:  # noqa: ANN401 - a predicate on stored statements
    """Page through collections and keep those with data that no statement of a kind covers."""
    query = narrow(asked.session, "collections", asked.query, {"polarity": ["does"]})
    if query is None:
        return Answer([], None, 0)
    while True:
        found = list_facts(asked.session, "collections", query)
        items = _uncovered(asked, found.items, kind, counts)
        if items or found.next is None:
            return Answer(items, found.next, None)
        query = query.model_copy(update={"cursor": found.next})


def _uncovered(asked: Asked, facts: list[dict[str, Any]], kind: str, counts: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    session = asked.session
    documents = {fact["citation"]["document"] for fact in facts}
    covered = _covered(asked, documents, kind, counts)
    named = {("data_categories", c["code"]) for f in facts for c in f["data_categories"] if c["code"]}
    named |= {("data_items", i["code"]) for f in facts for c in f["data_categories"] for i in c["items"]}
    keys = _keys(session, named)
    every = {key for data in covered.values() for d in data for key in (d.category, d.item) if key} | set(keys.values())
    terms = load_terms(session, every, session.at)
    result = []
    for fact in facts:
        left = [
            one for one in _data_of(fact) if not _is_covered(one, covered[fact["citation"]["document"]], keys, terms)
        ]
        if left:
            result.append({**fact, "left_over": left})
    return result


def _data_of(fact: dict[str, Any]) -> Iterable[dict[str, str | None]]:
    for category in fact["data_categories"]:
        if not category["items"]:
            yield {"category": category["code"], "item": None}
        for item in category["items"]:
            yield {"category": category["code"], "item": item["code"]}


def _is_covered(
    one: dict[str, str | None], covered: set[Datum], keys: dict[tuple[str, str], int], terms: Terms
) -> bool:
    category = None if one["category"] is None else keys["data_categories", one["category"]]
    item = None if one["item"] is None else keys["data_items", one["item"]]
    return any(terms.match_data(Datum(category, item), other) for other in covered)


def _keys(session: ReadSession, names: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    known = labels(session, names)
    query = select(Term.id, Term.vocabulary, Term.code).where(Term.code.in_(sorted({code for _, code in known})))
    return {(row.vocabulary, row.code): row.id for row in session.all(query)}


def _covered(asked: Asked, documents: set[str], kind: str, counts: Any) -> dict[str, set[Datum]]:  # noqa: ANN401
    """Return the data that statements of a kind are about on the day, by document."""
    session, moment = asked.session, Moment(asked.query.day, asked.session.at)
    query = (
        select(Document.code, PairRow.category_id, PairRow.item_id, StatementRow.body)
        .join(Head, Head.document_id == Document.id)
        .join(StatementRow, StatementRow.id == Head.statement_id)
        .join(PairRow, PairRow.set_id == Head.set_id)
        .where(Document.code.in_(sorted(documents)), Head.kind == kind, Head.polarity == "does")
        .where(alive(Head, session.at), *valid_on(Head, moment.on), *live_pairs(moment))
    )
    found: dict[str, set[Datum]] = defaultdict(set)
    for row in session.all(query):
        if counts(orjson.loads(row.body)):
            found[row.code].add(Datum(row.category_id, row.item_id))
    return found
