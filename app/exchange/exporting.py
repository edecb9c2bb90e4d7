"""Writes the current state as a register bundle: by codes, in a fixed order, short where there is no more to say."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, or_

from app.activities.rendering import recipients_of
from app.activities.schemas import KINDS, ActivityWrite
from app.activities.tables import ACTIVITIES, Activity
from app.controllers.schemas import ControllerWrite
from app.controllers.tables import CONTROLLERS, Controller
from app.documents.schemas import DocumentWrite
from app.documents.tables import DOCUMENTS, Document
from app.exchange.bundles import FORMAT, BundleTerm
from app.exchange.reading import write_yaml
from app.platform.database import ReadSession
from app.platform.revisions import Resource, State, state_query, to_state
from app.platform.schemas import pruned
from app.recipients.schemas import RecipientWrite
from app.recipients.tables import RECIPIENTS, Recipient
from app.vocabularies.queries import vocabulary_names
from app.vocabularies.tables import TERMS, Term

CHUNK = 200


def export_bundle(session: ReadSession, controllers: list[int] | None) -> Iterator[str]:
    """Write a bundle of the whole register, or of some controllers with the shared recipients that they name."""
    yield f"format: {FORMAT}\n"
    count = 0
    for name, items in (
        ("terms", _terms(session, controllers)),
        ("recipients", _recipients(session, controllers)),
        ("controllers", _plain(session, CONTROLLERS, ControllerWrite, _only(Controller.id, controllers))),
        ("documents", _plain(session, DOCUMENTS, DocumentWrite, _only(Document.controller_id, controllers))),
        ("activities", _activities(session, controllers)),
    ):
        first = True
        for item in items:
            if first:
                yield f"{name}:\n"
                first = False
            count += 1
            yield write_yaml([item])
    yield f"# end: {count} resources\n"


def _only(column: Any, keys: list[int] | None) -> list[ColumnElement[bool]]:  # noqa: ANN401 - a key column
    return [] if keys is None else [column.in_(keys)]


def _states(session: ReadSession, resource: Resource, conditions: list[ColumnElement[bool]]) -> Iterator[State]:
    """Read live states in order of code, a part at a time."""
    identity, last = resource.identity, ""
    while True:
        query = state_query(resource, session.at).where(identity.code > last, *conditions)
        rows = session.all(query.order_by(identity.code).limit(CHUNK))
        yield from (to_state(row) for row in rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1].code


def _plain(
    session: ReadSession, resource: Resource, model: type[BaseModel], conditions: list[ColumnElement[bool]]
) -> Iterator[dict[str, Any]]:
    for state in _states(session, resource, conditions):
        yield pruned(model.model_validate(state.document))


def _terms(session: ReadSession, controllers: list[int] | None) -> Iterator[dict[str, Any]]:
    """Controllers' own terms, and common ones that did not come with the product or were edited since."""
    for vocabulary in vocabulary_names(session):
        conditions = [
            Term.vocabulary == vocabulary,
            Term.kind != "official",
            *_only(Term.controller_id, controllers),
        ]
        for state in _states(session, TERMS, conditions):
            document = state.document
            if "order" in document and not document.get("is_edited"):
                continue
            known = {name: value for name, value in document.items() if name in BundleTerm.model_fields}
            yield {"vocabulary": vocabulary, **pruned(BundleTerm.model_validate(known))}


def _recipients(session: ReadSession, controllers: list[int] | None) -> Iterator[dict[str, Any]]:
    conditions: list[ColumnElement[bool]] = []
    if controllers is not None:
        named = sorted(_named_recipients(session, controllers))
        conditions = [or_(Recipient.controller_id.in_(controllers), Recipient.code.in_(named))]
    yield from _plain(session, RECIPIENTS, RecipientWrite, conditions)


def _named_recipients(session: ReadSession, controllers: list[int]) -> set[str]:
    """Return the recipients that activities name, and those that they belong to."""
    named: set[str] = set()
    for state in _states(session, ACTIVITIES, [Activity.controller_id.in_(controllers)]):
        for kind in KINDS:
            for statement in state.document[kind]:
                named |= {link["code"] for link in recipients_of(statement)}
                sources = statement.get("sources", [])
                named |= {source["recipient"] for source in sources if source["recipient"]}
    parents = {
        state.code: state.document["parent"]
        for state in _states(session, RECIPIENTS, [Recipient.controller_id.is_(None)])
    }
    waiting = list(named)
    while waiting:
        parent = parents.get(waiting.pop())
        if parent and parent not in named:
            named.add(parent)
            waiting.append(parent)
    return named


def _activities(session: ReadSession, controllers: list[int] | None) -> Iterator[dict[str, Any]]:
    for item in _plain(session, ACTIVITIES, ActivityWrite, _only(Activity.controller_id, controllers)):
        yield {name: shortened(value) if name in KINDS else value for name, value in item.items()}


def shortened(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Write a link, a datum or a place that says one thing only as that thing, and a listed set as a list."""
    if isinstance(value, list):
        return [shortened(part) for part in value]
    if not isinstance(value, dict):
        return value
    inner = {name: shortened(part) for name, part in value.items()}
    if len(inner) == 1:
        name, only = next(iter(inner.items()))
        if name in {"code", "category", "country"} or (name == "kind" and only in {"data_subject", "other"}):
            return only
        if name == "members":
            return only
    if set(inner) == {"reach", "members"} and inner["reach"] == "listed":
        return inner["members"]
    return inner
