"""Turns a statement into the rows that hold it."""

from collections.abc import Iterator
from typing import Any

from app.activities import tables
from app.activities.parts import Link, Step
from app.activities.references import Keys
from app.activities.schemas import (
    About,
    Collection,
    MeasureStatement,
    Reasoned,
    Retention,
    RoleStatement,
    Statement,
    Transfer,
)
from app.platform.database import Base
from app.platform.revisions import FOREVER, encode
from app.platform.schemas import plain
from app.platform.text import search_fold

Row = tuple[type[Base], dict[str, Any]]


def statement_row(kind: str, statement: Statement, keys: Keys) -> dict[str, Any]:
    """Return the columns that every statement has."""
    purposes = getattr(statement, "purposes", None)
    document = plain(statement)
    row: dict[str, Any] = {
        "document_id": keys.document(statement.document),
        "kind": kind,
        "key": statement.key,
        "polarity": statement.polarity,
        "condition": statement.condition,
        "until": statement.until,
        "valid_from": statement.valid_from,
        "valid_to": statement.valid_to,
        "data_reach": "not_stated",
        "subject_reach": "not_stated",
        "purpose_reach": "not_stated" if purposes is None else purposes.reach,
        "bases_relate": "not_stated",
        "joined": False,
        "died": FOREVER,
        "search": search_fold(" ".join(as_stated_labels(document))),
        "body": encode(document),
    }
    if isinstance(statement, About):
        row |= {"data_reach": statement.data.reach, "subject_reach": statement.data_subjects.reach}
    if isinstance(statement, Reasoned):
        row |= {"bases_relate": statement.legal_bases.relate, "joined": statement.joined}
    return row


def as_stated_labels(document: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Find every as-stated label in a document, for the search box."""
    if isinstance(document, list):
        for part in document:
            yield from as_stated_labels(part)
    elif isinstance(document, dict):
        for name, value in document.items():
            if name in {"as_stated", "category_as_stated"} and isinstance(value, str):
                yield value
            else:
                yield from as_stated_labels(value)


def child_rows(statement: Statement, keys: Keys) -> Iterator[Row]:
    """Return the rows below a statement, without its key."""
    for position, citation in enumerate(statement.citations):
        yield tables.StatementCitation, {"position": position, **citation.model_dump()}
    if isinstance(statement, About):
        for position, member in enumerate(statement.data.members):
            yield (
                tables.StatementData,
                {
                    "position": position,
                    "category_id": keys.term("data_categories", member.category),
                    "item_id": keys.term("data_items", member.item),
                    "as_stated": member.as_stated,
                    "category_as_stated": member.category_as_stated,
                    "certainty": member.certainty,
                },
            )
        yield from _links("data_subject", statement.data_subjects.members, keys)
    if isinstance(statement, Reasoned):
        yield from _links("purpose", statement.purposes.members, keys)
        yield from _links("legal_basis", statement.legal_bases.members, keys)
    if isinstance(statement, Reasoned | Collection):
        yield from _links("collection_method", statement.collection_methods, keys)
    yield from _of_kind(statement, keys)


def _of_kind(statement: Statement, keys: Keys) -> Iterator[Row]:
    if isinstance(statement, Collection):
        yield from _collection(statement, keys)
    elif isinstance(statement, Transfer):
        yield from _transfer(statement, keys)
    elif isinstance(statement, Retention):
        yield from _retention(statement, keys)
    elif isinstance(statement, MeasureStatement):
        yield tables.MeasureDetail, {"kind": "measures", "only_special": statement.only_special}
        yield from _links("measure", statement.measures, keys)
    elif isinstance(statement, RoleStatement):
        counterpart = statement.counterpart
        detail = {
            "kind": "roles",
            "role": statement.role,
            "counterpart_id": keys.recipient(counterpart.code if counterpart else None),
            "as_stated": counterpart.as_stated if counterpart else None,
        }
        yield tables.RoleDetail, detail


def _links(role: str, links: list[Link], keys: Keys, *, start: int = 0, step: int = 0) -> Iterator[Row]:
    vocabulary = tables.LINK_VOCABULARIES[role]
    for position, link in enumerate(links, start):
        yield (
            tables.StatementLink,
            {
                "role": role,
                "position": position,
                "step": step,
                "vocabulary": vocabulary,
                "term_id": keys.term(vocabulary, link.code),
                "as_stated": link.as_stated,
                "cited_as": link.cited_as,
                "law_ref": link.law_ref,
                "certainty": link.certainty,
                "document_id": keys.document(link.document),
            },
        )


def _collection(statement: Collection, keys: Keys) -> Iterator[Row]:
    detail = statement.model_dump(include={"automatic", "obligation", "declared_special"})
    yield tables.CollectionDetail, {"kind": "collections", **detail}
    for position, source in enumerate(statement.sources):
        yield (
            tables.CollectionSource,
            {
                "position": position,
                "kind": source.kind,
                "recipient_id": keys.recipient(source.recipient),
                "as_stated": source.as_stated,
                "certainty": source.certainty,
            },
        )


def _transfer(statement: Transfer, keys: Keys) -> Iterator[Row]:
    recipient = statement.recipient
    yield (
        tables.TransferDetail,
        {
            "kind": "transfers",
            "recipient_id": keys.recipient(recipient.code if recipient else None),
            "recipient_as_stated": recipient.as_stated if recipient else None,
            "recipient_certainty": recipient.certainty if recipient else "stated",
            "recipient_role": statement.recipient_role,
            "location": statement.location,
        },
    )
    for position, place in enumerate(statement.places):
        yield (
            tables.Place,
            {"position": position, **place.model_dump(include={"country", "as_stated", "certainty"})},
        )
    plain_fields = {"as_stated", "cited_as", "law_ref", "certainty", "status", "valid_from", "valid_to"}
    plain_fields |= {"signed_on", "notified_on", "occasional", "risk_information", "until"}
    for position, mechanism in enumerate(statement.mechanisms):
        yield (
            tables.Mechanism,
            {
                "position": position,
                "vocabulary": "transfer_mechanisms",
                "term_id": keys.term("transfer_mechanisms", mechanism.code),
                "document_id": keys.document(mechanism.document),
                "contract_type_id": keys.term("standard_contract_types", mechanism.contract_type),
                **mechanism.model_dump(include=plain_fields),
            },
        )


def _retention(statement: Retention, keys: Keys) -> Iterator[Row]:
    interval = statement.destruction_interval
    yield (
        tables.RetentionDetail,
        {
            "kind": "retentions",
            "retention_kind": statement.kind,
            "interval_value": interval.value if interval else None,
            "interval_unit": interval.unit if interval else None,
            "exception": statement.exception,
            "law_ref": statement.law_ref,
        },
    )
    for month in sorted(set(statement.destruction_months)):
        yield tables.RetentionMonth, {"month": month}
    yield from _links("purpose", statement.purposes.members, keys)
    counts = {"start_event": 0, "renewal": 0, "action": 0}
    for position, step in enumerate(statement.steps):
        yield tables.RetentionStep, _step(position, step)
        for role, links in (
            ("start_event", step.start_events),
            ("renewal", step.renewed_by),
            ("action", step.action),
        ):
            yield from _links(role, links, keys, start=counts[role], step=position)
            counts[role] += len(links)


def _step(position: int, step: Step) -> dict[str, Any]:
    fields = {"value", "unit", "bound", "start_relation", "starts_at", "condition", "medium"}
    return {"position": position, "joined_by": step.join, **step.model_dump(include=fields)}
