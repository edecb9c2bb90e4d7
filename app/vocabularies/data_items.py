"""Data items: single pieces of personal data, each filed under its home category."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import select

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import RESTORES
from app.platform.http import problems
from app.platform.listing import AsOfQuery, SingleQuery
from app.platform.revisions import alive
from app.platform.schemas import TermRef
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.queries import find_term_ids, narrower
from app.vocabularies.schemas import ItemWrite, TermQuery, TermRead, TermUsage
from app.vocabularies.tables import ItemCategory, Term

router = Router(prefix="/data-items", tags=["what"])


class DataItemRead(TermRead):
    """A data item."""

    categories: list[TermRef] = Field(default=[], description="Home data categories")
    official_example: bool = Field(default=False, description="One of the official list's own examples")


class DataItemQuery(TermQuery):
    """Filters of data items."""

    category: Annotated[list[str], Field(description="Home data category (code)")] = []


VOCABULARY = Vocabulary("data_items", DataItemRead, ItemWrite)


@router.get("", response_model=FollowedPage[DataItemRead], responses=problems(422))
def list_data_items(request: Request, session: ReadDep, query: Annotated[DataItemQuery, Query()]) -> Response:
    """List data items: single pieces of personal data, each filed under its home category."""
    conditions = []
    if query.category:
        wanted = narrower(session, find_term_ids(session, "data_categories", query.category, "category"))
        filed = select(ItemCategory.item_id).where(
            ItemCategory.category_id.in_(wanted), alive(ItemCategory, session.at)
        )
        conditions.append(Term.id.in_(filed))
    return entries.list_terms(request, session, VOCABULARY, query, *conditions)


@router.post("", status_code=201, response_model=DataItemRead, responses=problems(400, 409, 422))
def create_data_item(request: Request, session: ChangeDep, content: ItemWrite) -> Response:
    """Add a controller's own data item, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=DataItemRead, responses=problems(404, 422))
def get_data_item(request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]) -> Response:
    """Read one data item, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=DataItemRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_data_item(
    request: Request, session: ChangeDep, code: str, content: ItemWrite, if_match: IfMatch = None
) -> Response:
    """Replace a data item whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=DataItemRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_data_item(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a data item (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_data_item(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a data item that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404, 422))
def get_data_item_usage(
    request: Request, session: ReadDep, code: str, query: Annotated[AsOfQuery, Query()]
) -> TermUsage:
    """Say where a data item is used."""
    return entries.term_usage(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_data_item_revisions(
    request: Request, session: ReadDep, code: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a data item, newest first, ends included: who, when, why, what."""
    return entries.list_revisions(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions/{number}", response_model=DataItemRead, responses=problems(404, 422))
def get_data_item_revision(
    request: Request, session: ReadDep, code: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a data item as it read in one revision, with the labels of that time; ended ones too."""
    return entries.get_revision(request, session, VOCABULARY, code, number, query)


@router.get("/{code}/diff", response_model=Diff, responses=problems(404, 422))
def diff_data_item(request: Request, session: ReadDep, code: str, query: Annotated[DiffQuery, Query()]) -> Response:
    """Compare two revisions of a data item: field by field, as data and in words."""
    return entries.diff_term(request, session, VOCABULARY, code, query)


@router.post("/{code}/revisions/{number}/restore", response_model=DataItemRead, responses=RESTORES)
def restore_data_item(
    request: Request, session: ChangeDep, code: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a data item with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return entries.restore_term(request, session, VOCABULARY, code, number, if_match)
