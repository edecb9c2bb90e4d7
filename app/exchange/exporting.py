"""Writes the current state as a register bundle: by codes, in a fixed order.

As YAML it is short where there is no more to say, for people to read and edit; in lines every resource stands as it is
stored, for programs, at a tenth of the cost.
"""

from collections.abc import Iterator
from typing import Any

import orjson
from pydantic import BaseModel
from sqlalchemy import ColumnElement

from app.activities.schemas import KINDS, ActivityWrite
from app.activities.tables import ACTIVITIES, Activity
from app.controllers.schemas import ControllerWrite
from app.controllers.tables import CONTROLLERS, Controller
from app.documents.schemas import DocumentWrite
from app.documents.tables import DOCUMENTS, Document
from app.exchange.bundles import FORMAT, BundleTerm
from app.exchange.content import Named, bodies, is_of_the_register, named_by, states
from app.platform.database import ReadSession
from app.platform.revisions import Resource
from app.platform.schemas import pruned
from app.recipients.schemas import RecipientWrite
from app.recipients.tables import RECIPIENTS
from app.vocabularies.queries import vocabulary_names
from app.vocabularies.tables import TERMS, Term


def export_bundle(session: ReadSession, controllers: list[int] | None) -> Iterator[str]:
    """Write a bundle of the whole register, or of some controllers with the shared things that they name."""
    from app.exchange.in_yaml import write_yaml  # noqa: PLC0415 - for those who ask for YAML (docs/decisions/0014)

    yield f"format: {FORMAT}\n"
    count = 0
    named = None if controllers is None else named_by(session, controllers)
    for name, items in (
        ("terms", _terms(session, named)),
        ("recipients", _recipients(session, named)),
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


def export_lines(session: ReadSession, controllers: list[int] | None) -> Iterator[bytes]:
    """Write the same bundle in lines: the format, one resource each under the name of its list, and the count."""
    yield orjson.dumps({"format": FORMAT}, option=orjson.OPT_APPEND_NEWLINE)
    named = None if controllers is None else named_by(session, controllers)
    count = 0
    for name, parts in (
        ("terms", ([orjson.dumps(term).decode()] for term in _terms(session, named))),
        ("recipients", _stored_recipients(session, named)),
        ("controllers", _stored(session, CONTROLLERS, _only(Controller.id, controllers))),
        ("documents", _stored(session, DOCUMENTS, _only(Document.controller_id, controllers))),
        ("activities", _stored(session, ACTIVITIES, _only(Activity.controller_id, controllers))),
    ):
        between = f'}}\n{{"{name}":'
        for texts in parts:
            if texts:
                count += len(texts)
                yield f"{between[2:]}{between.join(texts)}}}\n".encode()
    yield orjson.dumps({"end": count}, option=orjson.OPT_APPEND_NEWLINE)


def _stored(session: ReadSession, resource: Resource, conditions: list[ColumnElement[bool]]) -> Iterator[list[str]]:
    for part in bodies(session, resource, conditions):
        yield [body for _, body in part]


def _stored_recipients(session: ReadSession, named: Named | None) -> Iterator[list[str]]:
    for part in bodies(session, RECIPIENTS, []):
        yield [body for code, body in part if named is None or code in named.recipients]


def _only(column: Any, keys: list[int] | None) -> list[ColumnElement[bool]]:  # noqa: ANN401 - a key column
    return [] if keys is None else [column.in_(keys)]


def _plain(
    session: ReadSession, resource: Resource, model: type[BaseModel], conditions: list[ColumnElement[bool]]
) -> Iterator[dict[str, Any]]:
    for state in states(session, resource, conditions):
        yield pruned(model.model_validate(state.document))


def _terms(session: ReadSession, named: Named | None) -> Iterator[dict[str, Any]]:
    """Controllers' own terms, and common ones that did not come with the product or were edited since."""
    for vocabulary in vocabulary_names(session):
        for state in states(session, TERMS, [Term.vocabulary == vocabulary, Term.kind != "official"]):
            is_wanted = named is None or (vocabulary, state.code) in named.terms
            if not is_wanted or not is_of_the_register(state.document):
                continue
            known = {name: value for name, value in state.document.items() if name in BundleTerm.model_fields}
            yield {"vocabulary": vocabulary, **pruned(BundleTerm.model_validate(known))}


def _recipients(session: ReadSession, named: Named | None) -> Iterator[dict[str, Any]]:
    for state in states(session, RECIPIENTS, []):
        if named is None or state.code in named.recipients:
            yield pruned(RecipientWrite.model_validate(state.document))


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
