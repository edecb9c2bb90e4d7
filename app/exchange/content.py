"""What a bundle is made of: live states in order of code, and the shared things that controllers' content names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, or_, select

from app.activities.rendering import Document, names_of, recipients_of
from app.activities.schemas import KINDS
from app.activities.tables import ACTIVITIES, Activity
from app.documents.tables import DOCUMENTS
from app.documents.tables import Document as DocumentRow
from app.platform.database import ReadSession
from app.platform.revisions import Resource, State, alive, state_query, to_state
from app.recipients.tables import RECIPIENTS, Recipient
from app.vocabularies.queries import TermName
from app.vocabularies.tables import TERMS, Term

CHUNK = 200


@dataclass
class Named:
    """The terms and recipients that some content names."""

    terms: set[TermName] = field(default_factory=set)
    recipients: set[str] = field(default_factory=set)


def states(session: ReadSession, resource: Resource, conditions: Iterable[ColumnElement[bool]]) -> Iterator[State]:
    """Read live states in order of code, a part at a time."""
    identity, last = resource.identity, ""
    while True:
        query = state_query(resource, session.at).where(identity.code > last, *conditions)
        rows = session.all(query.order_by(identity.code).limit(CHUNK))
        yield from (to_state(row) for row in rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1].code


def bodies(
    session: ReadSession, resource: Resource, conditions: Iterable[ColumnElement[bool]]
) -> Iterator[list[tuple[str, str]]]:
    """Read (code, document as it is stored) of live states in order of code, in parts."""
    identity, revision, last = resource.identity, resource.revision, ""
    query = select(identity.code, revision.body).join(revision, revision.owner_id == identity.id)
    query = query.where(alive(revision, session.at), *conditions).order_by(identity.code).limit(CHUNK)
    while True:
        rows = session.all(query.where(identity.code > last))
        if rows:
            yield [(row.code, row.body) for row in rows]
        if len(rows) < CHUNK:
            return
        last = rows[-1].code


def is_of_the_register(term: Document) -> bool:
    """Tell whether a common term was made or edited here, rather than brought by the product as it is."""
    return "order" not in term or bool(term.get("is_edited"))


def named_by(session: ReadSession, controllers: list[int]) -> Named:
    """Return the shared recipients and the register's common terms that the content of controllers stands on."""
    named = Named()
    for state in states(session, ACTIVITIES, [Activity.controller_id.in_(controllers)]):
        for kind in KINDS:
            for statement in state.document[kind]:
                _of_statement(named, statement)
    for state in states(session, DOCUMENTS, [DocumentRow.controller_id.in_(controllers)]):
        _of_document(named, state.document)
    _add_recipients(session, named, controllers)
    _add_terms(session, named, controllers)
    return named


def _of_statement(named: Named, statement: Document) -> None:
    named.terms |= set(names_of(statement))
    types = [mechanism["contract_type"] for mechanism in statement.get("mechanisms", [])]
    named.terms |= {("standard_contract_types", code) for code in types if code}
    sources = [source["recipient"] for source in statement.get("sources", [])]
    named.recipients |= {code for code in sources if code}
    named.recipients |= {link["code"] for link in recipients_of(statement)}


def _of_document(named: Named, document: Document) -> None:
    rights = document["prints"]["rights"] or {"members": []}
    named.terms |= {("data_subject_categories", code) for code in document["audience"]}
    named.terms |= {(defined["vocabulary"], defined["term"]) for defined in document["defines"]}
    named.terms |= {("data_subject_rights", right["code"]) for right in rights["members"]}


def _add_recipients(session: ReadSession, named: Named, controllers: list[int]) -> None:
    """Add the controllers' own recipients, what all of them belong to, and their groups."""
    reachable = or_(Recipient.controller_id.is_(None), Recipient.controller_id.in_(controllers))
    known = {state.code: state.document for state in states(session, RECIPIENTS, [reachable])}
    waiting = [*named.recipients, *(code for code, document in known.items() if document["controller"])]
    named.recipients = set()
    while waiting:
        code = waiting.pop()
        if code in known and code not in named.recipients:
            named.recipients.add(code)
            waiting.append(known[code]["parent"])
            named.terms.add(("recipient_groups", known[code]["group"]))


def _add_terms(session: ReadSession, named: Named, controllers: list[int]) -> None:
    """Keep the register's common terms, with those that they and the controllers' own terms stand under."""
    reachable = (Term.kind != "official", or_(Term.controller_id.is_(None), Term.controller_id.in_(controllers)))
    known = {
        (state.document["vocabulary"], state.code): state.document
        for state in states(session, TERMS, reachable)
        if is_of_the_register(state.document)
    }
    waiting = [*named.terms, *(name for name, document in known.items() if document["controller"])]
    named.terms = set()
    while waiting:
        name = waiting.pop()
        if name in known and name not in named.terms:
            named.terms.add(name)
            waiting += [(name[0], code) for code in known[name]["under"]]
            waiting += [("data_categories", code) for code in known[name].get("categories", [])]
