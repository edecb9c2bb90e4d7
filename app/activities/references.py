"""Everything that a whole activity refers to by code, resolved in a few statements, refused with its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.activities.parts import BasisSet, DataSet, Link, MechanismRecord, TermSet
from app.activities.schemas import (
    KINDS,
    About,
    ActivityWrite,
    Collection,
    MeasureStatement,
    Reasoned,
    Retention,
    RoleStatement,
    Statement,
    Transfer,
)
from app.documents.queries import DocumentKey, known_documents, resolve_documents
from app.platform.database import ReadSession
from app.platform.problems import Invalid, Item, UnknownCode
from app.platform.revisions import State
from app.recipients.queries import known_recipients, resolve_recipients
from app.vocabularies.queries import allowed_codes, resolve

RECIPIENTS = "recipients"
DOCUMENTS = "documents"


@dataclass(frozen=True)
class Reference:
    """A code and where it stands: a vocabulary, recipients or documents."""

    pointer: str
    space: str
    code: str


@dataclass(frozen=True)
class Keys:
    """The keys of everything that an activity refers to."""

    terms: dict[tuple[str, str], tuple[int, int | None]]
    recipients: dict[str, tuple[int, int | None]]
    documents: dict[str, DocumentKey]

    def term(self, vocabulary: str, code: str | None) -> int | None:
        """Return the key of a term, or None for none."""
        return None if code is None else self.terms[vocabulary, code][0]

    def recipient(self, code: str | None) -> int | None:
        """Return the key of a recipient, or None for none."""
        return None if code is None else self.recipients[code][0]

    def document(self, code: str | None) -> int | None:
        """Return the key of a document, or None for none."""
        return None if code is None else self.documents[code].id


def resolve_references(session: ReadSession, content: ActivityWrite, controller: State) -> Keys:
    """Resolve every code of an activity, or raise UnknownCode with the place of each unknown one."""
    wanted = list(references(content))
    spaces = {RECIPIENTS, DOCUMENTS}
    keys = Keys(
        terms=resolve(session, {(ref.space, ref.code) for ref in wanted if ref.space not in spaces}),
        recipients=resolve_recipients(session, {ref.code for ref in wanted if ref.space == RECIPIENTS}),
        documents=resolve_documents(session, {ref.code for ref in wanted if ref.space == DOCUMENTS}),
    )
    unknown = [ref for ref in wanted if not _owner(keys, ref)]
    if unknown:
        raise UnknownCode(*_unknown_items(session, unknown, controller))
    foreign = [ref for ref in wanted if (_owner(keys, ref) or (None,))[0] not in {None, controller.id}]
    if foreign:
        raise Invalid(
            *(
                Item("other_controller", {"name": ref.code, "controller": controller.code}, pointer=ref.pointer)
                for ref in foreign
            )
        )
    return keys


def _owner(keys: Keys, ref: Reference) -> tuple[int | None] | None:
    """Return (owner,) of what a reference names, or None where it names nothing."""
    if ref.space == RECIPIENTS:
        found = keys.recipients.get(ref.code)
        return None if found is None else (found[1],)
    if ref.space == DOCUMENTS:
        document = keys.documents.get(ref.code)
        return None if document is None else (document.controller_id,)
    term = keys.terms.get((ref.space, ref.code))
    return None if term is None else (term[1],)


def _unknown_items(session: ReadSession, unknown: list[Reference], controller: State) -> list[Item]:
    allowed: dict[str, list[str]] = {}
    for space in {ref.space for ref in unknown}:
        if space == RECIPIENTS:
            allowed[space] = known_recipients(session)
        elif space == DOCUMENTS:
            allowed[space] = known_documents(session, controller.id)
        else:
            allowed[space] = allowed_codes(session, space, controller.id)
    return [
        Item(
            "unknown_code",
            {"name": ref.code, "where": ref.space},
            pointer=ref.pointer,
            allowed=allowed[ref.space],
        )
        for ref in unknown[:50]
    ]


def references(content: ActivityWrite) -> Iterator[Reference]:
    """Name every code of an activity and its place."""
    for kind in KINDS:
        for index, statement in enumerate(getattr(content, kind)):
            yield from statement_references(f"/{kind}/{index}", statement)


def statement_references(at: str, statement: Statement) -> Iterator[Reference]:
    """Name every code of a statement and its place."""
    if statement.document is not None:
        yield Reference(f"{at}/document", DOCUMENTS, statement.document)
    if isinstance(statement, About):
        yield from _of_data(f"{at}/data", statement.data)
        yield from _of_set(f"{at}/data_subjects", "data_subject_categories", statement.data_subjects)
    if isinstance(statement, Reasoned):
        yield from _of_set(f"{at}/purposes", "purposes", statement.purposes)
        yield from _of_set(f"{at}/legal_bases", "legal_bases", statement.legal_bases)
    if isinstance(statement, Reasoned | Collection):
        yield from _of_links(f"{at}/collection_methods", "collection_methods", statement.collection_methods)
    yield from _of_kind(at, statement)


def _of_kind(at: str, statement: Statement) -> Iterator[Reference]:
    if isinstance(statement, Collection):
        for index, source in enumerate(statement.sources):
            if source.recipient is not None:
                yield Reference(f"{at}/sources/{index}/recipient", RECIPIENTS, source.recipient)
    elif isinstance(statement, RoleStatement):
        if statement.counterpart is not None:
            yield Reference(f"{at}/counterpart/code", RECIPIENTS, statement.counterpart.code)
    elif isinstance(statement, MeasureStatement):
        yield from _of_links(f"{at}/measures", "measures", statement.measures)
    elif isinstance(statement, Transfer):
        if statement.recipient is not None:
            yield Reference(f"{at}/recipient/code", RECIPIENTS, statement.recipient.code)
        yield from _of_mechanisms(f"{at}/mechanisms", statement.mechanisms)
    elif isinstance(statement, Retention):
        yield from _of_retention(at, statement)


def _of_retention(at: str, statement: Retention) -> Iterator[Reference]:
    yield from _of_set(f"{at}/purposes", "purposes", statement.purposes)
    for index, step in enumerate(statement.steps):
        yield from _of_links(f"{at}/steps/{index}/start_events", "retention_events", step.start_events)
        yield from _of_links(f"{at}/steps/{index}/renewed_by", "retention_events", step.renewed_by)
        yield from _of_links(f"{at}/steps/{index}/action", "disposal_methods", step.action)


def _of_data(at: str, data: DataSet) -> Iterator[Reference]:
    for index, member in enumerate(data.members):
        if member.category is not None:
            yield Reference(f"{at}/members/{index}/category", "data_categories", member.category)
        if member.item is not None:
            yield Reference(f"{at}/members/{index}/item", "data_items", member.item)


def _of_set(at: str, vocabulary: str, terms: TermSet | BasisSet) -> Iterator[Reference]:
    yield from _of_links(f"{at}/members", vocabulary, terms.members)


def _of_links(at: str, vocabulary: str, links: list[Link]) -> Iterator[Reference]:
    for index, link in enumerate(links):
        yield Reference(f"{at}/{index}/code", vocabulary, link.code)
        if link.document is not None:
            yield Reference(f"{at}/{index}/document", DOCUMENTS, link.document)


def _of_mechanisms(at: str, mechanisms: list[MechanismRecord]) -> Iterator[Reference]:
    for index, mechanism in enumerate(mechanisms):
        yield Reference(f"{at}/{index}/code", "transfer_mechanisms", mechanism.code)
        if mechanism.document is not None:
            yield Reference(f"{at}/{index}/document", DOCUMENTS, mechanism.document)
        if mechanism.contract_type is not None:
            yield Reference(f"{at}/{index}/contract_type", "standard_contract_types", mechanism.contract_type)
