"""Retention events: from when, or until when, data are kept."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep
from app.platform.http import problems
from app.platform.listing import Page, SingleQuery
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermWrite

router = APIRouter(prefix="/retention-events", tags=["how long"])


class RetentionEventRead(TermRead):
    """A retention event."""


VOCABULARY = Vocabulary("retention_events", RetentionEventRead)


@router.get("", response_model=Page[RetentionEventRead], responses=problems(422))
def list_retention_events(request: Request, session: ReadDep, query: Annotated[TermQuery, Query()]) -> Response:
    """List retention events: from when, or until when, data are kept."""
    return entries.list_terms(request, session, VOCABULARY, query)


@router.post("", status_code=201, response_model=RetentionEventRead, responses=problems(400, 409, 422))
def create_retention_event(request: Request, session: ChangeDep, content: TermWrite) -> Response:
    """Add a controller's own retention event, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=RetentionEventRead, responses=problems(404, 422))
def get_retention_event(
    request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read one retention event, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=RetentionEventRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_retention_event(
    request: Request, session: ChangeDep, code: str, content: TermWrite, if_match: IfMatch = None
) -> Response:
    """Replace a retention event whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=RetentionEventRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_retention_event(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a retention event (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_retention_event(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a retention event that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404))
def get_retention_event_usage(request: Request, session: ReadDep, code: str) -> TermUsage:
    """Say where a retention event is used now."""
    return entries.term_usage(request, session, VOCABULARY, code)
