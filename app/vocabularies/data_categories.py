"""Data categories: the official list (KVKK m.16/3-c), special categories of m.6 marked."""

from typing import Annotated, Any, ClassVar

from fastapi import Query, Request, Response
from pydantic import Field

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import RESTORES
from app.platform.http import problems
from app.platform.listing import AsOfQuery, SingleQuery
from app.platform.schemas import Label
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermWrite, only_read
from app.vocabularies.tables import TermRevision

router = Router(prefix="/data-categories", tags=["what"])


class DataCategoryRead(TermRead):
    """A data category."""

    special: bool = Field(default=False, description="Special category of personal data (KVKK m.6/1)")
    controller_must_decide: bool = Field(
        default=False, description="Whether the content is special is for the controller to say"
    )
    examples: list[Label] = Field(default=[], description="The official example items")


class DataCategoryQuery(TermQuery):
    """Filters of data categories."""

    special: Annotated[
        bool | None, Field(description="Only special categories (true), or only ordinary ones (false)")
    ] = None


class DataCategoryWrite(TermWrite):
    """A data category as it is written; what marks the product's own terms is not."""

    read_only: ClassVar[frozenset[str]] = only_read(DataCategoryRead)


VOCABULARY = Vocabulary("data_categories", DataCategoryRead, DataCategoryWrite)


@router.get("", response_model=FollowedPage[DataCategoryRead], responses=problems(422))
def list_data_categories(request: Request, session: ReadDep, query: Annotated[DataCategoryQuery, Query()]) -> Response:
    """List data categories: the official list (KVKK m.16/3-c), special categories of m.6 marked."""
    conditions = [] if query.special is None else [TermRevision.is_special == query.special]
    return entries.list_terms(request, session, VOCABULARY, query, *conditions)


@router.post("", status_code=201, response_model=DataCategoryRead, responses=problems(400, 409, 422))
def create_data_category(request: Request, session: ChangeDep, content: DataCategoryWrite) -> Response:
    """Add a controller's own data category, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=DataCategoryRead, responses=problems(404, 422))
def get_data_category(
    request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read one data category, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=DataCategoryRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_data_category(
    request: Request, session: ChangeDep, code: str, content: DataCategoryWrite, if_match: IfMatch = None
) -> Response:
    """Replace a data category whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=DataCategoryRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_data_category(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a data category (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_data_category(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a data category that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404, 422))
def get_data_category_usage(
    request: Request, session: ReadDep, code: str, query: Annotated[AsOfQuery, Query()]
) -> TermUsage:
    """Say where a data category is used."""
    return entries.term_usage(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_data_category_revisions(
    request: Request, session: ReadDep, code: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a data category, newest first, ends included: who, when, why, what."""
    return entries.list_revisions(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions/{number}", response_model=DataCategoryRead, responses=problems(404, 422))
def get_data_category_revision(
    request: Request, session: ReadDep, code: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a data category as it read in one revision, with the labels of that time; ended ones too."""
    return entries.get_revision(request, session, VOCABULARY, code, number, query)


@router.get("/{code}/diff", response_model=Diff, responses=problems(404, 422))
def diff_data_category(request: Request, session: ReadDep, code: str, query: Annotated[DiffQuery, Query()]) -> Response:
    """Compare two revisions of a data category: field by field, as data and in words."""
    return entries.diff_term(request, session, VOCABULARY, code, query)


@router.post("/{code}/revisions/{number}/restore", response_model=DataCategoryRead, responses=RESTORES)
def restore_data_category(
    request: Request, session: ChangeDep, code: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a data category with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return entries.restore_term(request, session, VOCABULARY, code, number, if_match)
