"""Data-subject rights: the nine rights of KVKK m.11/1."""

from typing import Annotated, Any, ClassVar

from fastapi import Query, Request, Response
from pydantic import Field

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import RESTORES
from app.platform.http import problems
from app.platform.listing import AsOfQuery, SingleQuery
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermWrite, only_read

router = Router(prefix="/data-subject-rights", tags=["notices"])


class DataSubjectRightRead(TermRead):
    """A data-subject right."""

    letter: str | None = Field(default=None, description="Letter in KVKK m.11/1")


class DataSubjectRightWrite(TermWrite):
    """A data-subject right as it is written; what marks the product's own terms is not."""

    read_only: ClassVar[frozenset[str]] = only_read(DataSubjectRightRead)


VOCABULARY = Vocabulary("data_subject_rights", DataSubjectRightRead, DataSubjectRightWrite)


@router.get("", response_model=FollowedPage[DataSubjectRightRead], responses=problems(422))
def list_data_subject_rights(request: Request, session: ReadDep, query: Annotated[TermQuery, Query()]) -> Response:
    """List data-subject rights: the nine rights of KVKK m.11/1."""
    return entries.list_terms(request, session, VOCABULARY, query)


@router.post("", status_code=201, response_model=DataSubjectRightRead, responses=problems(400, 409, 422))
def create_data_subject_right(request: Request, session: ChangeDep, content: DataSubjectRightWrite) -> Response:
    """Add a controller's own data-subject right, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=DataSubjectRightRead, responses=problems(404, 422))
def get_data_subject_right(
    request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read one data-subject right, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=DataSubjectRightRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_data_subject_right(
    request: Request, session: ChangeDep, code: str, content: DataSubjectRightWrite, if_match: IfMatch = None
) -> Response:
    """Replace a data-subject right whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=DataSubjectRightRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_data_subject_right(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a data-subject right (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_data_subject_right(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a data-subject right that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404, 422))
def get_data_subject_right_usage(
    request: Request, session: ReadDep, code: str, query: Annotated[AsOfQuery, Query()]
) -> TermUsage:
    """Say where a data-subject right is used."""
    return entries.term_usage(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_data_subject_right_revisions(
    request: Request, session: ReadDep, code: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a data-subject right, newest first, ends included: who, when, why, what."""
    return entries.list_revisions(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions/{number}", response_model=DataSubjectRightRead, responses=problems(404, 422))
def get_data_subject_right_revision(
    request: Request, session: ReadDep, code: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a data-subject right as it read in one revision, with the labels of that time; ended ones too."""
    return entries.get_revision(request, session, VOCABULARY, code, number, query)


@router.get("/{code}/diff", response_model=Diff, responses=problems(404, 422))
def diff_data_subject_right(
    request: Request, session: ReadDep, code: str, query: Annotated[DiffQuery, Query()]
) -> Response:
    """Compare two revisions of a data-subject right: field by field, as data and in words."""
    return entries.diff_term(request, session, VOCABULARY, code, query)


@router.post("/{code}/revisions/{number}/restore", response_model=DataSubjectRightRead, responses=RESTORES)
def restore_data_subject_right(
    request: Request, session: ChangeDep, code: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a data-subject right with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return entries.restore_term(request, session, VOCABULARY, code, number, if_match)
