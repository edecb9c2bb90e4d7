"""Puts labels beside the codes of stored activities and statements."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from app.controllers.queries import names_by_code
from app.platform.database import ReadSession
from app.platform.revisions import State
from app.recipients.queries import cards_by_code
from app.vocabularies.queries import TermLabel, TermName, labels

SETS: Final = {
    "data_subjects": "data_subject_categories",
    "purposes": "purposes",
    "legal_bases": "legal_bases",
}
LISTS: Final = {
    "collection_methods": "collection_methods",
    "measures": "measures",
    "mechanisms": "transfer_mechanisms",
    "start_events": "retention_events",
    "renewed_by": "retention_events",
    "action": "disposal_methods",
}
MEMBERS: Final = {"category": "data_categories", "item": "data_items"}
Document = dict[str, Any]


def links_of(statement: Document) -> Iterator[tuple[str, Document]]:
    """Return every link of a stored statement with its vocabulary."""
    for name, vocabulary in SETS.items():
        for link in statement.get(name, {}).get("members", []):
            yield vocabulary, link
    for holder in (statement, *statement.get("steps", [])):
        for name, vocabulary in LISTS.items():
            for link in holder.get(name, []):
                yield vocabulary, link


def names_of(statement: Document) -> Iterator[TermName]:
    """Return every term that a stored statement names."""
    for vocabulary, link in links_of(statement):
        yield vocabulary, link["code"]
    for member in statement.get("data", {}).get("members", []):
        for name, vocabulary in MEMBERS.items():
            if member[name] is not None:
                yield vocabulary, member[name]


def recipients_of(statement: Document) -> Iterator[Document]:
    """Return every link to a recipient of a stored statement."""
    for name in ("recipient", "counterpart"):
        if statement.get(name):
            yield statement[name]


def add_labels(statement: Document, found: dict[TermName, TermLabel], on: date) -> None:
    """Write label and `in_force` into every link of a statement."""
    for vocabulary, link in links_of(statement):
        term = found[vocabulary, link["code"]]
        link["label"] = term.label
        link["in_force"] = term.in_force(on)
    for member in statement.get("data", {}).get("members", []):
        for name, vocabulary in MEMBERS.items():
            if member[name] is not None:
                member[f"{name}_label"] = found[vocabulary, member[name]].label


def shown(session: ReadSession, states: list[State], on: date, kinds: tuple[str, ...]) -> list[Document]:
    """Return activities as answers show them: long form, labels and names beside the codes."""
    documents = [state.document for state in states]
    statements = [statement for document in documents for kind in kinds for statement in document[kind]]
    found = labels(session, {name for statement in statements for name in names_of(statement)})
    linked = [link for statement in statements for link in recipients_of(statement)]
    recipients = cards_by_code(session, [link["code"] for link in linked])
    for statement in statements:
        add_labels(statement, found, on)
    for link in linked:
        link["name"] = recipients[link["code"]].name
    owners = names_by_code(session, {document["controller"] for document in documents})
    return [
        {
            "id": str(state.uid),
            **state.document,
            "controller": {
                "code": state.document["controller"],
                "name": owners[state.document["controller"]],
            },
            "revision": state.number,
        }
        for state in states
    ]
