"""The SELECTs over documents."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from app.audit import User
from app.controllers.queries import find_controller_ids
from app.documents.schemas import DocumentQuery
from app.documents.tables import DOCUMENTS, Document, DocumentLink, DocumentRevision, DocumentTerm
from app.platform.database import Query, ReadSession
from app.platform.revisions import State, alive, find, find_keys, live_codes
from app.vocabularies.queries import find_term_ids, narrower


@dataclass(frozen=True)
class DocumentKey:
    """The keys of a document."""

    id: int
    code: str
    controller_id: int


def find_document(session: ReadSession, reference: str) -> State:
    """Return a document by code or id, or raise NotFound."""
    return find(session, DOCUMENTS, reference)


def resolve_documents(session: ReadSession, codes: Collection[str]) -> dict[str, DocumentKey]:
    """Return the keys of live documents by code."""
    if not codes:
        return {}
    query = (
        select(Document.id, Document.code, Document.controller_id)
        .join(DocumentRevision, DocumentRevision.owner_id == Document.id)
        .where(Document.code.in_(sorted(set(codes))), alive(DocumentRevision, session.at))
    )
    return {row.code: DocumentKey(row.id, row.code, row.controller_id) for row in session.all(query)}


def stands_under(session: ReadSession, document: int, other: int) -> bool:
    """Tell whether a document is another one, or a version or supplement of it, all steps up."""
    seen, waiting = set[int](), {document}
    while waiting and other not in waiting:
        seen |= waiting
        query = (
            select(DocumentLink.document_id)
            .join(DocumentRevision, DocumentRevision.id == DocumentLink.revision_id)
            .where(DocumentRevision.owner_id.in_(sorted(waiting)), alive(DocumentRevision, session.at))
        )
        waiting = {row.document_id for row in session.all(query)} - seen
    return other in waiting


def titles(session: ReadSession, codes: Collection[str]) -> dict[str, str]:
    """Return the titles of documents by code."""
    query = (
        select(Document.code, DocumentRevision.title)
        .join(DocumentRevision, DocumentRevision.owner_id == Document.id)
        .where(Document.code.in_(sorted(set(codes))), alive(DocumentRevision, session.at))
    )
    return {row.code: row.title for row in session.all(query)}


def known_documents(session: ReadSession, controller_id: int) -> list[str]:
    """Return the codes of a controller's documents."""
    return live_codes(session, DOCUMENTS, Document.controller_id == controller_id)


def find_document_ids(session: ReadSession, references: Iterable[str], parameter: str) -> list[int]:
    """Return the keys of documents that a filter names, or refuse the first unknown one."""
    return find_keys(session, DOCUMENTS, references, parameter, "documents")


def conditions(session: ReadSession, query: DocumentQuery) -> list[ColumnElement[bool]]:
    """Translate the filters of documents."""
    revision = DocumentRevision
    chosen: list[ColumnElement[bool]] = [
        column.in_(values)
        for column, values in (
            (revision.kind, query.kind),
            (revision.status, query.status),
            (revision.channel, query.channel),
            (revision.language, query.language),
        )
        if values
    ]
    if query.controller:
        chosen.append(Document.controller_id.in_(find_controller_ids(session, query.controller, "controller")))
    for role, vocabulary, codes, parameter in (
        ("audience", "data_subject_categories", query.audience, "audience"),
        ("right", "data_subject_rights", query.right, "right"),
    ):
        if codes:
            ids = find_term_ids(session, vocabulary, codes, parameter)
            chosen.append(revision.id.in_(_with_term(session, role, ids)))
    return chosen


def _with_term(session: ReadSession, role: str, ids: list[int]) -> Query:
    return select(DocumentTerm.revision_id).where(
        DocumentTerm.role == role, DocumentTerm.term_id.in_(narrower(session, ids))
    )


def users_of_document(session: ReadSession, resource: str, key: int) -> list[User]:
    """Return documents that refer to a document, use a term, or belong to a controller."""
    query = (
        select(Document.code)
        .distinct()
        .join(DocumentRevision, DocumentRevision.owner_id == Document.id)
        .where(alive(DocumentRevision, session.at))
        .order_by(Document.code)
    )
    if resource == "document":
        query = query.join(DocumentLink, DocumentLink.revision_id == DocumentRevision.id).where(
            DocumentLink.document_id == key
        )
    elif resource == "term":
        query = query.join(DocumentTerm, DocumentTerm.revision_id == DocumentRevision.id).where(
            DocumentTerm.term_id == key
        )
    elif resource == "controller":
        query = query.where(Document.controller_id == key)
    else:
        return []
    return [User("document", row.code) for row in session.all(query)]
