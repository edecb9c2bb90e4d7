"""Writes events whole, in parts as they are read, so that a long trail takes no more memory than a page of it."""

from collections.abc import Iterator
from typing import Any, Final

import orjson

from app.audit import Ledger
from app.audit.reading import travel
from app.auth import Caller
from app.platform.database import ReadSession
from app.platform.tabular import csv_parts, ndjson_parts, xlsx_parts
from app.trail.queries import list_events
from app.trail.schemas import AuditEventQuery

AT_ONCE: Final = 200
OF_EVENT: Final = ("change", "at", "author", "request_id", "reason")
OF_RESOURCE: Final = ("resource", "vocabulary", "code", "id", "controller", "action")
SIDES: Final = ("before", "after")
COLUMNS: Final = (
    *OF_EVENT,
    *OF_RESOURCE,
    *(f"{name}_{side}" for side in SIDES for name in ("revision", "digest")),
    "hash",
    "previous",
)
WITH_DOCUMENTS: Final = (*COLUMNS, "differs", *(f"document_{side}" for side in SIDES))


def export_events(ledger: Ledger, caller: Caller, query: AuditEventQuery, kind: str, language: str) -> Iterator[bytes]:
    """Yield the parts of a file with every event that is asked for."""
    with ledger.reading() as session:
        travel(session, query.as_of)
        events = _events(session, caller, query)
        if kind == "ndjson":
            yield from ndjson_parts(events)
            return
        columns = WITH_DOCUMENTS if query.documents else COLUMNS
        write = csv_parts if kind == "csv" else xlsx_parts
        yield from write((row for event in events for row in _rows(event)), columns, language)


def _events(session: ReadSession, caller: Caller, query: AuditEventQuery) -> Iterator[dict[str, Any]]:
    """Yield events page by page; `limit`, where it is given, bounds the whole."""
    left = query.limit if "limit" in query.model_fields_set else None
    part = query.model_copy(update={"limit": AT_ONCE, "count": False})
    while True:
        page = list_events(session, caller, part, shown=None)
        yield from page.rows if left is None else page.rows[:left]
        left = None if left is None else left - len(page.rows)
        if page.next is None or (left is not None and left <= 0):
            return
        part = part.model_copy(update={"cursor": page.next})


def _rows(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row for each resource that an event touched; one without resource where it touched none."""
    for touched in event["what"] or [{}]:
        row = {**event, **{name: touched.get(name) for name in (*OF_RESOURCE, "differs")}}
        for side in SIDES:
            state = touched.get(side) or {}
            row |= {f"{name}_{side}": state.get(name) for name in ("revision", "digest")}
            document = state.get("document")
            row[f"document_{side}"] = None if document is None else orjson.dumps(document).decode()
        yield row
