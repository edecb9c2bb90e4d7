"""Retention events: from when, or until when, data are kept."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import RESTORES
from app.platform.http import problems
from app.platform.listing import AsOfQuery, SingleQuery
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermWrite

router = Router(prefix="/retention-events", tags=["how long"])


class RetentionEventRead(TermRead):
    """A retention event."""


VOCABULARY = Vocabulary("retention_events", RetentionEventRead)


@router.get("", response_model=FollowedPage[RetentionEventRead], responses=problems(422))
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


@router.get("/{code}/usage", responses=problems(404, 422))
def get_retention_event_usage(
    request: Request, session: ReadDep, code: str, query: Annotated[AsOfQuery, Query()]
) -> TermUsage:
    """Say where a retention event is used."""
    return entries.term_usage(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_retention_event_revisions(
    request: Request, session: ReadDep, code: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a retention event, newest first, ends included: who, when, why, what."""
    return entries.list_revisions(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions/{number}", response_model=RetentionEventRead, responses=problems(404, 422))
def get_retention_event_revision(
    request: Request, session: ReadDep, code: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a retention event as it read in one revision, with the labels of that time; ended ones too."""
    return entries.get_revision(request, session, VOCABULARY, code, number, query)


@router.get("/{code}/diff", response_model=Diff, responses=problems(404, 422))
def diff_retention_event(
    request: Request, session: ReadDep, code: str, query: Annotated[DiffQuery, Query()]
) -> Response:
    """Compare two revisions of a retention event: field by field, as data and in words."""
    return entries.diff_term(request, session, VOCABULARY, code, query)


@router.post("/{code}/revisions/{number}/restore", response_model=RetentionEventRead, responses=RESTORES)
def restore_retention_event(
    request: Request, session: ChangeDep, code: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a retention event with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return entries.restore_term(request, session, VOCABULARY, code, number, if_match)
