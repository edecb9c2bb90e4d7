"""The audit trail: who changed what, when and why, and the proof that nothing of it was changed since."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from app.audit import ReadDep, ledger_of
from app.audit.opening import Router
from app.audit.reading import travel
from app.auth import Caller, CallerDep
from app.platform.http import accepted, language_of, many, one, problems
from app.platform.listing import Page, SingleQuery
from app.platform.problems import Forbidden, Item
from app.platform.tabular import CSV, NDJSON, XLSX
from app.trail.exporting import export_events
from app.trail.queries import get_event, list_events
from app.trail.schemas import AuditEventQuery, AuditEventRead, AuditHead, DocumentsQuery, Verification, VerifyQuery
from app.trail.verifying import Head, current_head, parse_head, verify

router = Router(prefix="/audit-events", tags=["audit"])
FIELDS = list(AuditEventRead.model_fields)
KINDS = {"application/json": "json", CSV: "csv", XLSX: "xlsx", NDJSON: "ndjson"}
TYPES = {name: media_type for media_type, name in KINDS.items()}
FILES: dict[int | str, Any] = {200: {"content": {kind: {} for kind in (CSV, XLSX, NDJSON)}}}


class OneEventQuery(DocumentsQuery, SingleQuery):
    """Parameters of reading one event."""


@router.get("", response_model=Page[AuditEventRead], responses=problems(422) | FILES)
def list_audit_events(
    request: Request, session: ReadDep, caller: CallerDep, query: Annotated[AuditEventQuery, Query()]
) -> Response:
    """List events, newest first: every change with who, when, request, what, before and after, reason and hash."""
    travel(session, query.as_of)
    given = "format" in query.model_fields_set
    kind = query.format if given else KINDS[accepted(request, list(KINDS))]
    if kind == "json":
        page = list_events(session, caller, query)
        return many(request, list(page.rows), FIELDS, query, next_cursor=page.next, total=page.total)
    list_events(session, caller, query.model_copy(update={"limit": 1, "documents": False}))  # refuses before it streams
    language = language_of(request)
    parts = export_events(ledger_of(request), caller, query, kind, language)
    headers = {"Content-Disposition": f'attachment; filename="audit-events.{kind}"', "Content-Language": language}
    return StreamingResponse(parts, headers=headers, media_type=TYPES[kind])


def head_shown(head: Head) -> dict[str, Any]:
    """Return a head as answers show it."""
    return {"change": head.change, "hash": head.hash, "head": str(head)}


def needs_all_controllers(caller: Caller) -> None:
    """Refuse who may see only some controllers: the chain is over all of them."""
    if caller.controllers is not None:
        raise Forbidden(Item("needs_whole_register"))


@router.get("/head", response_model=AuditHead, responses=problems(403))
def get_audit_head(session: ReadDep, caller: CallerDep) -> dict[str, Any]:
    """Read the end of the chain: kept elsewhere, it shows whether the chain was rewritten since."""
    needs_all_controllers(caller)
    return head_shown(current_head(session))


@router.get("/verify", response_model=Verification, responses=problems(403, 422))
def verify_audit_events(
    request: Request, session: ReadDep, caller: CallerDep, query: Annotated[VerifyQuery, Query()]
) -> dict[str, Any]:
    """Check the chain of events and every row under it, and name the first that is not as it was sealed."""
    needs_all_controllers(caller)
    kept = None if query.head is None else parse_head(query.head)
    session.to_primary()  # what is proven is the register itself, up to its end
    report = verify(session, since=query.since, limit=query.limit, kept=kept)
    return {
        "whole": report.is_whole,
        "since": report.since,
        "until": report.until,
        "next": report.next,
        "changes": report.changes,
        "rows": report.rows,
        "head": head_shown(report.head),
        "broken": [
            {
                "change": found.change,
                "code": found.code,
                "table": found.table or None,
                "row": found.row or None,
                "message": found.item().message(language_of(request)),
            }
            for found in report.breaks
        ],
        "missing_guards": report.missing_guards,
    }


@router.get("/{change}", response_model=AuditEventRead, responses=problems(404, 422))
def get_audit_event(
    request: Request,
    session: ReadDep,
    caller: CallerDep,
    change: str,
    query: Annotated[OneEventQuery, Query()],
) -> Response:
    """Read one event with everything it touched, by the number of its change."""
    travel(session, query.as_of)
    event = get_event(session, caller, change, documents=query.documents)
    return one(request, event, event["change"], query)
