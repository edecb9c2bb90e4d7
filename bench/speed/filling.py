"""Fills the plain tables from what the register holds now."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Engine, Table, select

from app.activities.schemas import KINDS
from app.activities.tables import ACTIVITIES, ActivityRevision
from app.audit import Ledger
from app.controllers.tables import CONTROLLERS, Controller
from app.documents.tables import DOCUMENTS, Document
from app.platform.database import ReadSession
from app.platform.revisions import Resource, State, alive, state_query, to_state
from app.recipients.tables import RECIPIENTS, Recipient
from app.vocabularies.tables import Term, TermRevision
from bench.speed import plain
from bench.speed.multiplying import set_sequences

Json = dict[str, Any]
Rows = dict[Table, list[Json]]
LINKS: Final = {
    "data_subjects": ("data_subject", "data_subject_categories"),
    "purposes": ("purpose", "purposes"),
    "legal_bases": ("legal_basis", "legal_bases"),
    "collection_methods": ("collection_method", "collection_methods"),
    "measures": ("measure", "measures"),
    "start_events": ("start_event", "retention_events"),
    "renewed_by": ("renewal", "retention_events"),
    "action": ("action", "disposal_methods"),
}
LINK_FIELDS: Final = ("as_stated", "cited_as", "law_ref", "certainty")
SAME: Final = ("key", "polarity", "condition", "until", "note", "automatic", "obligation", "declared_special", "role")
SAME_MORE: Final = ("recipient_role", "location", "as_stated", "exception", "law_ref", "joined", "only_special")


@dataclass(frozen=True)
class Keys:
    """The ids of what activities name, by code; terms by vocabulary and code."""

    terms: Mapping[tuple[str, str], int]
    recipients: Mapping[str, int]
    documents: Mapping[str, int]
    controllers: Mapping[str, int]


class Filling:
    """Turns activities as the register stores them into rows of the plain tables."""

    def __init__(self, keys: Keys) -> None:
        self.rows: Rows = defaultdict(list)
        self.terms = keys.terms
        self.recipients = keys.recipients
        self.documents = keys.documents
        self.controllers = keys.controllers
        self.statements = 0

    def activity(self, key: int, uid: str, document: Json, sort: str, number: int) -> None:
        """Add an activity with its statements, and everything below them."""
        row = {
            "id": key,
            "uid": uid,
            "code": document["code"],
            "controller_id": self.controllers[document["controller"]],
            "name_tr": document["name"]["tr"],
            "name_en": document["name"]["en"],
            "scope": document["scope"],
            "description": document["description"],
            "sort": sort,
            "revision": number,
        }
        self.rows[plain.ACTIVITY].append(row)
        for kind in KINDS:
            for position, statement in enumerate(document[kind]):
                self.statements += 1
                row = self._statement(kind, statement)
                self.rows[plain.STATEMENT].append(
                    row | {"id": self.statements, "activity_id": key, "position": position}
                )
                self._below(statement)

    def _statement(self, kind: str, statement: Json) -> Json:
        row: Json = dict.fromkeys(column.name for column in plain.STATEMENT.c if column.name != "id")
        row |= {name: statement.get(name) for name in (*SAME, *SAME_MORE)}
        row |= {"kind": kind, "document_id": self.documents[statement["document"]]}
        row |= {name: _day(statement[name]) for name in ("valid_from", "valid_to")}
        for name, short in (("data", "data"), ("data_subjects", "subject"), ("purposes", "purpose")):
            found = statement.get(name) or {}
            row |= {f"{short}_reach": found.get("reach"), f"{short}_as_stated": found.get("as_stated")}
        row["bases_relate"] = statement.get("legal_bases", {}).get("relate")
        link = statement.get("recipient") or statement.get("counterpart")
        if link:
            row["recipient_id"] = self.recipients[link["code"]]
            row |= {f"recipient_{name}": link[name] for name in ("as_stated", "certainty")}
        if kind == "retentions":
            interval = statement["destruction_interval"] or {}
            row |= {"retention_kind": statement["kind"], "interval_value": interval.get("value")}
            row["interval_unit"] = interval.get("unit")
        return row

    def _add(self, table: Table, position: int, **columns: Any) -> None:  # noqa: ANN401
        self.rows[table].append({"statement_id": self.statements, "position": position, **columns})

    def _below(self, statement: Json) -> None:
        for position, citation in enumerate(statement["citations"]):
            self._add(plain.CITATION, position, **citation)
        for position, member in enumerate(statement.get("data", {}).get("members", [])):
            ids = {
                "category_id": self.terms.get(("data_categories", member["category"])),
                "item_id": self.terms.get(("data_items", member["item"])),
            }
            same = ("as_stated", "category_as_stated", "certainty")
            self._add(plain.DATUM, position, **ids, **{name: member[name] for name in same})
        for position, source in enumerate(statement.get("sources", [])):
            recipient = self.recipients.get(source["recipient"])
            same = ("kind", "as_stated", "certainty")
            self._add(plain.SOURCE, position, recipient_id=recipient, **{name: source[name] for name in same})
        for position, place in enumerate(statement.get("places", [])):
            same = ("country", "as_stated", "certainty")
            self._add(plain.PLACE, position, **{name: place[name] for name in same})
        self._mechanisms(statement)
        self._links(statement)

    def _mechanisms(self, statement: Json) -> None:
        days = ("valid_from", "valid_to", "signed_on", "notified_on")
        same = (*LINK_FIELDS, "status", "contract_type", "occasional", "risk_information", "until")
        for position, found in enumerate(statement.get("mechanisms", [])):
            row = {name: found[name] for name in same} | {name: _day(found[name]) for name in days}
            self._add(plain.MECHANISM, position, term_id=self.terms["transfer_mechanisms", found["code"]], **row)

    def _links(self, statement: Json) -> None:
        positions: dict[str, int] = defaultdict(int)
        holders = [(0, statement), *enumerate(statement.get("steps", []))]
        for step, holder in holders:
            for name, (role, vocabulary) in LINKS.items():
                found = holder.get(name) or []
                for link in found["members"] if isinstance(found, dict) else found:
                    row = {field: link[field] for field in LINK_FIELDS}
                    term = self.terms[vocabulary, link["code"]]
                    self._add(plain.LINK, positions[role], role=role, step=step, term_id=term, **row)
                    positions[role] += 1
        for position, step_ in enumerate(statement.get("steps", [])):
            same = ("join", "value", "unit", "bound", "start_relation", "starts_at", "condition", "medium")
            self._add(plain.STEP, position, **{name: step_[name] for name in same})


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def fill(ledger: Ledger, engine: Engine) -> None:
    """Make the plain tables of what a register holds now."""
    with ledger.reading() as session:
        rows = _whole(session)
    with engine.begin() as connection:
        plain.plain.create_all(connection)
        for table in plain.plain.sorted_tables:
            if rows.get(table):
                connection.execute(table.insert(), rows[table])
        set_sequences(connection, plain.plain.sorted_tables)


def _whole(session: ReadSession) -> Rows:
    keys = Keys(
        {(row.vocabulary, row.code): row.id for row in session.all(select(Term))},
        {row.code: row.id for row in session.all(select(Recipient))},
        {row.code: row.id for row in session.all(select(Document))},
        {row.code: row.id for row in session.all(select(Controller))},
    )
    filling = Filling(keys)
    owners = select(ActivityRevision.owner_id, ActivityRevision.sort).where(alive(ActivityRevision, None))
    sorts = {row.owner_id: row.sort for row in session.all(owners)}
    for state in _states(session, ACTIVITIES):
        filling.activity(state.id, str(state.uid), state.document, sorts[state.id], state.number)
    return {**filling.rows, **_around(session, keys)}


def _states(session: ReadSession, resource: Resource) -> list[State]:
    return [to_state(row) for row in session.all(state_query(resource, None).order_by(resource.identity.id))]


def _around(session: ReadSession, keys: Keys) -> Rows:
    rows: Rows = defaultdict(list)
    for state in _states(session, CONTROLLERS):
        name = state.document["legal_name"] or state.document["short_name"]
        rows[plain.CONTROLLER].append({"id": state.id, "code": state.code, "name": name})
    for state in _states(session, RECIPIENTS):
        rows[plain.RECIPIENT].append({"id": state.id, "code": state.code, "name": state.document["name"]})
    for state in _states(session, DOCUMENTS):
        owner = keys.controllers[state.document["controller"]]
        row = {"id": state.id, "code": state.code, "controller_id": owner, "date": _day(state.document["date"])}
        rows[plain.DOCUMENT].append(row)
    said = (TermRevision.label_tr, TermRevision.label_en, TermRevision.valid_from, TermRevision.valid_to)
    query = select(Term.id, Term.vocabulary, Term.code, *said).join(TermRevision, TermRevision.owner_id == Term.id)
    columns = ("id", "vocabulary", "code", "label_tr", "label_en", "valid_from", "valid_to")
    for term in session.all(query.where(alive(TermRevision, None)).order_by(Term.id)):
        rows[plain.TERM].append({name: getattr(term, name) for name in columns})
    return rows
