"""Activities: whole processing activities and their statements."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import Field
from starlette.convertors import StringConvertor, register_url_convertor

from app.activities import queries, service
from app.activities.rendering import shown
from app.activities.schemas import (
    KINDS,
    STATEMENTS,
    ActivityQuery,
    ActivityRead,
    ActivityWrite,
    Kind,
    Statement,
)
from app.activities.speaking import spoken
from app.activities.tables import ACTIVITIES
from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.audit.reading import travel
from app.history.following import answer, list_resources
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import (
    RESTORES,
    History,
    diff_revisions,
    get_revision,
    list_revisions,
    restore_revision,
)
from app.platform.database import ReadSession
from app.platform.http import created, merge_patch, one, problems, validated
from app.platform.listing import SingleQuery
from app.platform.revisions import State, require_match
from app.platform.schemas import Day


class KindConvertor(StringConvertor):
    """Leaves the addresses of revisions alone, so that a wrong method is told the right ones there."""

    regex = "(?!revisions/)[^/]+"


register_url_convertor("kind", KindConvertor())

router = Router(prefix="/activities", tags=["activities"])
FIELDS = list(ActivityRead.model_fields)
WRITES = problems(400, 404, 409, 412, 422, 428)


class ActivitySingle(SingleQuery):
    """Parameters of reading one activity."""

    on: Annotated[Day | None, Field(description="Day whose law decides `in_force`; today if left out")] = None


def single(session: ReadSession, state: State, on: date | None = None) -> dict[str, Any]:
    """Return one activity as answers show it."""
    return shown(session, [state], on or today(), KINDS)[0]


def today() -> date:
    """Return the day in UTC."""
    return datetime.now(UTC).date()


HISTORY = History(
    ACTIVITIES,
    show=single,
    speak=spoken,
    restore=service.restore_activity,
    kinds=KINDS,
)


@router.get("", response_model=FollowedPage[ActivityRead], responses=problems(422))
def list_activities(request: Request, session: ReadDep, query: Annotated[ActivityQuery, Query()]) -> Response:
    """List whole activities with all their statements; `fields=code,name` makes it short."""
    travel(session, query.as_of)
    page = list_resources(session, ACTIVITIES, query, queries.conditions(session, query))
    items = shown(session, page.states, query.on or today(), KINDS)
    return answer(request, query, page, items, FIELDS)


@router.post("", status_code=201, response_model=ActivityRead, responses=problems(400, 409, 422))
def create_activity(request: Request, session: ChangeDep, content: ActivityWrite) -> Response:
    """Add a whole activity in one request; bare codes will do wherever there is no more to say."""
    state = service.create_activity(session, content)
    return created(request, single(session, state), state.number)


@router.get("/{activity}", response_model=ActivityRead, responses=problems(404, 422))
def get_activity(
    request: Request, session: ReadDep, activity: str, query: Annotated[ActivitySingle, Query()]
) -> Response:
    """Read one whole activity, by code (`controller:code`) or id."""
    travel(session, query.as_of)
    state = queries.find_activity(session, activity)
    return one(request, single(session, state, query.on), state.number, query)


@router.put("/{activity}", response_model=ActivityRead, responses=WRITES)
def replace_activity(
    request: Request, session: ChangeDep, activity: str, content: ActivityWrite, if_match: IfMatch = None
) -> Response:
    """Replace a whole activity; statements that stay the same keep their history."""
    state = queries.find_activity(session, activity)
    require_match(state, if_match)
    state = service.replace_activity(session, state, content)
    return one(request, single(session, state), state.number)


@router.patch("/{activity}", response_model=ActivityRead, responses=WRITES)
def patch_activity(
    request: Request, session: ChangeDep, activity: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of an activity (JSON Merge Patch, RFC 7396; a list is replaced whole)."""
    state = queries.find_activity(session, activity)
    require_match(state, if_match)
    content = validated(ActivityWrite, merge_patch(state.document, patch))
    state = service.replace_activity(session, state, content)
    return one(request, single(session, state), state.number)


@router.delete("/{activity}", status_code=204, responses=problems(404, 412, 428))
def delete_activity(session: ChangeDep, activity: str, if_match: IfMatch = None) -> Response:
    """End an activity with all its statements; its history stays readable."""
    state = queries.find_activity(session, activity)
    require_match(state, if_match)
    service.remove_activity(session, state)
    return Response(status_code=204)


@router.get("/{activity}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_activity_revisions(
    request: Request, session: ReadDep, activity: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of an activity, newest first, ends included: who, when, why, what."""
    return list_revisions(request, session, HISTORY, activity, query)


@router.get("/{activity}/revisions/{number}", response_model=ActivityRead, responses=problems(404, 422))
def get_activity_revision(
    request: Request, session: ReadDep, activity: str, number: Number, query: Annotated[ActivitySingle, Query()]
) -> Response:
    """Read an activity as it read in one revision, with the labels of that time; ended ones too."""
    return get_revision(request, session, HISTORY, activity, number, query)


@router.get("/{activity}/diff", response_model=Diff, responses=problems(404, 422))
def diff_activity(request: Request, session: ReadDep, activity: str, query: Annotated[DiffQuery, Query()]) -> Response:
    """Compare two revisions of an activity: by field, and by kind and key of statement, as data and in words."""
    return diff_revisions(request, session, HISTORY, activity, query)


@router.post("/{activity}/revisions/{number}/restore", response_model=ActivityRead, responses=RESTORES)
def restore_activity(
    request: Request, session: ChangeDep, activity: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of an activity with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return restore_revision(request, session, HISTORY, activity, number, if_match)


@router.put("/{activity}/{kind:kind}/{key}", response_model=ActivityRead, responses=WRITES)
def put_statement(
    request: Request,
    session: ChangeDep,
    activity: str,
    kind: Kind,
    key: str,
    content: dict[str, Any],
    if_match: IfMatch = None,
) -> Response:
    """Add or replace one statement of an activity, as a new revision; the body is as in the activity's list."""
    state = queries.find_activity(session, activity)
    require_match(state, if_match)
    statement: Statement = validated(STATEMENTS[kind], {**content, "key": content.get("key", key)})
    state = service.put_statement(session, state, kind, key, statement)
    return one(request, single(session, state), state.number)


@router.delete("/{activity}/{kind:kind}/{key}", response_model=ActivityRead, responses=WRITES)
def delete_statement(
    request: Request, session: ChangeDep, activity: str, kind: Kind, key: str, if_match: IfMatch = None
) -> Response:
    """End one statement of an activity, as a new revision; answers with the activity."""
    state = queries.find_activity(session, activity)
    require_match(state, if_match)
    state = service.remove_statement(session, state, kind, key)
    return one(request, single(session, state), state.number)
