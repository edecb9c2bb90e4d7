"""Reads one controller's part of the register once, through the queries of other rooms, into a frozen snapshot."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement

from app.activities.schemas import KINDS, Kind
from app.activities.tables import ACTIVITIES, Activity
from app.documents.tables import DOCUMENTS, Document
from app.notices import snapshot
from app.notices.content import Channel, Right
from app.notices.parts import Phrase, Term, Words
from app.notices.reading import LANGUAGE, Known, lineage, read_statement
from app.notices.schemas import NoticeQuery
from app.platform.database import ReadSession
from app.platform.listing import MAXIMUM, ListQuery, list_states
from app.platform.revisions import Resource, State
from app.recipients.tables import RECIPIENTS, Recipient
from app.register.facts import list_facts
from app.register.parameters import whole_model
from app.vocabularies.queries import find_term_ids, labels, labels_by_id, term_documents

Documented = dict[str, Any]
QUERIES: Final = {kind: whole_model(kind) for kind in KINDS}
SUBJECTS: Final = "data_subject_categories"
LISTED_PRINTS: Final = frozenset({"application_channels", "rights"})
RECORD_FIELDS: Final = (
    "legal_name",
    "short_name",
    "address",
    "phone",
    "email",
    "kep",
    "website",
    "mersis",
    "verbis_number",
    "contact_person",
    "representative",
    "response_days",
    "fee",
)


def gather(session: ReadSession, controller: State, query: NoticeQuery) -> snapshot.Snapshot:
    """Return what a notice of a controller is made from."""
    audience = _audience(session, query.audience)
    activities = list(_states(session, ACTIVITIES, Activity.controller_id == controller.id))
    documents = list(_states(session, DOCUMENTS, Document.controller_id == controller.id))
    known = _known(session, documents, activities)
    taken = [state for state in documents if _is_taken(state.document, query)]
    codes = {state.code for state in taken}
    order = {place: index for index, place in enumerate(known.written)}
    statements = [
        read_statement(kind, fact, known)
        for kind in KINDS
        for fact in _facts(session, kind, controller.code, query.day)
        if fact["citation"]["document"] in codes
    ]
    statements.sort(key=lambda one: order.get((one.activity, one.kind, one.key), len(order)))
    categories = term_documents(session, "data_categories")
    special = {code for code, document in categories.items() if document.get("special")}
    return snapshot.Snapshot(
        controller=_controller(controller, activities),
        on=query.day,
        channel=query.channel,
        audience=audience,
        documents=tuple(_documents(session, sorted(taken, key=_newest_first))),
        statements=tuple(statements),
        rights=_rights(session),
        special_categories=frozenset(code for code in categories if lineage(categories, code) & special),
    )


def _states(session: ReadSession, resource: Resource, *conditions: ColumnElement[bool]) -> Iterator[State]:
    query = ListQuery(limit=MAXIMUM, sort="code")
    while True:
        page = list_states(session, resource, query, conditions)
        yield from page.states
        if page.next is None:
            return
        query = query.model_copy(update={"cursor": page.next})


def _facts(session: ReadSession, kind: Kind, controller: str, on: date) -> Iterator[Documented]:
    query = QUERIES[kind].model_validate({"controller": [controller], "on": on, "limit": MAXIMUM})
    while True:
        page = list_facts(session, kind, query)
        yield from page.items
        if page.next is None:
            return
        query = query.model_copy(update={"cursor": page.next})


def _audience(session: ReadSession, reference: str | None) -> snapshot.Audience | None:
    if reference is None:
        return None
    (key,) = find_term_ids(session, SUBJECTS, [reference], "audience")
    found = labels_by_id(session, [key])[key]
    terms = term_documents(session, SUBJECTS)
    broader = lineage(terms, found.code)
    narrower = {code for code in terms if found.code in lineage(terms, code)}
    term = Term(code=found.code, label=Words(**found.label))
    return snapshot.Audience(term=term, matching=broader | narrower)


def _known(session: ReadSession, documents: Sequence[State], activities: Sequence[State]) -> Known:
    written: dict[tuple[str, str, str], Documented] = {
        (state.code, kind, statement["key"]): statement
        for state in activities
        for kind in KINDS
        for statement in state.document[kind]
    }
    names = {
        (vocabulary, member[field])
        for statement in written.values()
        if statement.get("data", {}).get("reach") == "all_except"
        for member in statement["data"]["members"]
        for field, vocabulary in (("category", "data_categories"), ("item", "data_items"))
        if member[field] is not None
    }
    return Known(
        grounds=term_documents(session, "legal_bases"),
        mechanisms=term_documents(session, "transfer_mechanisms"),
        titles={state.code: state.document["title"] for state in documents},
        languages={state.code: state.document["language"] for state in documents},
        recipients=_recipients(session, _recipients_in(written)),
        written=written,
        labels={name: Words(**term.label) for name, term in labels(session, names).items()},
    )


def _recipients_in(written: Mapping[Any, Documented]) -> set[str]:
    linked = [statement.get(name) for statement in written.values() for name in ("recipient", "counterpart")]
    sources = [source["recipient"] for statement in written.values() for source in statement.get("sources", [])]
    return {link["code"] for link in linked if link} | {code for code in sources if code}


def _recipients(session: ReadSession, codes: set[str]) -> dict[str, Documented]:
    wanted = sorted(codes)
    return {
        state.code: state.document
        for start in range(0, len(wanted), MAXIMUM)
        for state in _states(session, RECIPIENTS, Recipient.code.in_(wanted[start : start + MAXIMUM]))
    }


def _is_taken(document: Documented, query: NoticeQuery) -> bool:
    """Tell whether a document speaks on the day and on the channel; one that names no channel speaks on each."""
    begins = document["effective_from"] or document["date"]
    is_begun = begins is None or date.fromisoformat(begins) <= query.day
    is_over = document["effective_to"] is not None and date.fromisoformat(document["effective_to"]) < query.day
    is_on_channel = query.channel is None or document["channel"] in {None, query.channel}
    return document["status"] != "withdrawn" and is_begun and not is_over and is_on_channel


def _newest_first(state: State) -> tuple[int, str]:
    """Order documents by date, newest first; undated ones last."""
    begins = state.document["date"] or state.document["effective_from"]
    return (-date.fromisoformat(begins).toordinal() if begins else 0, state.code)


def _documents(session: ReadSession, states: Sequence[State]) -> Iterator[snapshot.Document]:
    names = {(SUBJECTS, code) for state in states for code in state.document["audience"]}
    people = {code: Term(code=code, label=Words(**one.label)) for (_, code), one in labels(session, names).items()}
    for state in states:
        yield _document(state, people)


def _document(state: State, people: Mapping[str, Term]) -> snapshot.Document:
    content = state.document
    language = content["language"] or LANGUAGE
    prints = content["prints"]
    fields = [
        snapshot.PrintedField(
            field=name,
            state=printed["state"],
            value=None if printed["value"] is None else str(printed["value"]),
            locator=printed["locator"],
        )
        for name, printed in prints.items()
        if printed is not None and name not in LISTED_PRINTS
    ]
    return snapshot.Document(
        code=state.code,
        title=content["title"],
        kind=content["kind"],
        language=content["language"],
        date=content["date"],
        channel=content["channel"],
        audience=tuple(people[code] for code in content["audience"]),
        fields=tuple(fields),
        channels=_channels(state.code, prints["application_channels"], language),
    )


def _channels(document: str, printed: Documented | None, language: str) -> snapshot.PrintedChannels:
    if printed is None:
        return snapshot.PrintedChannels()
    members = tuple(
        Channel(
            kind=one["kind"],
            value=one["value"],
            as_stated=_phrase(one["as_stated"], language),
            condition=_phrase(one["condition"], language),
            document=document,
            locator=one["locator"],
        )
        for one in printed["members"]
    )
    return snapshot.PrintedChannels(state=printed["state"], locator=printed["locator"], members=members)


def _phrase(text: str | None, language: str) -> Phrase | None:
    return None if text is None else Phrase(text=text, language=language)


def _controller(state: State, activities: Sequence[State]) -> snapshot.Controller:
    record = state.document
    values = ((name, None if record[name] is None else str(record[name])) for name in RECORD_FIELDS)
    return snapshot.Controller(
        code=state.code,
        country=record["country"],
        fields=tuple(values),
        channels=tuple(Channel(kind=one["kind"], value=one["value"]) for one in record["application_channels"]),
        activities=tuple(one.code for one in activities),
    )


def _rights(session: ReadSession) -> tuple[Right, ...]:
    """Return the rights of the law in the order of their letters."""
    terms = term_documents(session, "data_subject_rights")
    official = [(code, one) for code, one in terms.items() if one["kind"] == "official"]
    return tuple(
        Right(code=code, letter=one["letter"], label=Words(**one["label"]), law_ref=one["law_ref"])
        for code, one in sorted(official, key=lambda entry: int(entry[1]["order"]))
    )
