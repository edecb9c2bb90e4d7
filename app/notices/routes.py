"""The notice of a controller: as structure with evidence, as a page, as Markdown."""

from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

import orjson
from fastapi import Query, Request, Response

from app.audit import ReadDep
from app.audit.opening import Router
from app.audit.reading import last_change_of, travel
from app.controllers.queries import find_controller
from app.notices.composing import compose
from app.notices.content import Gap, Notice
from app.notices.gathering import gather
from app.notices.kept import KeptNotices, Written
from app.notices.rendering import POLICY, to_html, to_markdown
from app.notices.requirements import load_requirements
from app.notices.schemas import Format, NoticeQuery, NoticeRead
from app.platform.database import ReadSession
from app.platform.http import JSON_TYPE, accepted, problems, whole
from app.platform.listing import instant
from app.platform.problems import Item, NoticeIncomplete
from app.platform.revisions import State

HTML: Final = "text/html"
MARKDOWN: Final = "text/markdown"
TYPES: Final[dict[Format, str]] = {"json": JSON_TYPE, "html": HTML, "md": MARKDOWN}
ANSWERS: Final[dict[int | str, dict[str, Any]]] = problems(404, 409, 422) | {
    200: {"content": {HTML: {"schema": {"type": "string"}}, MARKDOWN: {"schema": {"type": "string"}}}},
    304: {"description": "The caller has this notice already (If-None-Match)"},
}
ANSWERS[409] |= {"description": "With `strict=true`: the notice lacks something; the errors are its gaps"}

router = Router(prefix="/controllers", tags=["notices"])


@router.get("/{controller}/notice", response_model=NoticeRead, responses=ANSWERS)
def get_notice(request: Request, session: ReadDep, controller: str, query: Annotated[NoticeQuery, Query()]) -> Response:
    """Write the privacy notice (aydınlatma metni, KVKK m.10) of a controller from the register.

    The texts print what is stated and nothing else; the JSON also carries what is inferred, marked as such, and the
    evidence of everything. `gaps` lists each required element for which there is nothing to print, with its article
    and where it would be entered; while there are any, the texts are marked as draft.
    """
    travel(session, query.as_of)
    owner = find_controller(session, controller)
    chosen = query.format if "format" in query.model_fields_set else _accepted(request)
    written = _written(request, session, owner, query, chosen)
    headers = {"Content-Language": query.lang, "Vary": "Accept"}
    if chosen == "html":
        headers["Content-Security-Policy"] = POLICY
    charset = "" if chosen == "json" else "; charset=utf-8"
    return whole(request, written.content, written.number, TYPES[chosen] + charset, headers)


def _written(request: Request, session: ReadSession, owner: State, query: NoticeQuery, chosen: Format) -> Written:
    """Return a notice that is kept, or write it; what was asked of the past, or strictly, is always written anew."""
    if session.at is not None or query.strict:
        return _write(request, session, owner, query, chosen, 0)
    kept: KeptNotices = request.app.state.notices
    change = last_change_of(session, owner.id)
    given = query.model_dump(mode="json", exclude_unset=True, exclude={"format"})
    key = (owner.id, query.day, chosen, *sorted(given.items()))
    written = kept.get(key, change)
    if written is None:
        written = _write(request, session, owner, query, chosen, change)
        kept.keep(key, written)
    return written


def _write(
    request: Request, session: ReadSession, owner: State, query: NoticeQuery, chosen: Format, change: int
) -> Written:
    notice = compose(gather(session, owner, query), load_requirements(request.app.state.settings.seed_directory))
    if query.strict and notice.gaps:
        raise NoticeIncomplete(*(_item(gap) for gap in notice.gaps))
    return Written(change, owner.number, _content(notice, query, chosen))


def _accepted(request: Request) -> Format:
    best = accepted(request, list(TYPES.values()))
    return next(name for name, kind in TYPES.items() if kind == best)


def _content(notice: Notice, query: NoticeQuery, chosen: Format) -> bytes:
    if chosen == "html":
        return to_html(notice, query.lang).encode()
    if chosen == "md":
        return to_markdown(notice, query.lang).encode()
    beside = {
        "lang": query.lang,
        "as_of": None if query.as_of is None else instant(query.as_of),
        "links": _links(notice, query),
    }
    return orjson.dumps({**notice.model_dump(mode="json"), **beside})


def _links(notice: Notice, query: NoticeQuery) -> dict[str, str]:
    own = f"/v1/controllers/{quote(notice.controller.code)}"
    given = query.model_dump(mode="json", exclude_unset=True, exclude={"format", "strict"})
    address = f"{own}/notice?{urlencode(given)}{'&' if given else ''}format="
    return {"html": f"{address}html", "md": f"{address}md", "controller": own}


def _item(gap: Gap) -> Item:
    """Show a gap as an error: what is missing, by which article, and where it would be entered."""
    place = f"{gap.enter_at.path} ({gap.enter_at.field})"
    about = {"tr": f" [{gap.about.tr}]", "en": f" [{gap.about.en}]"} if gap.about else {"tr": "", "en": ""}
    return Item(
        gap.code,
        text={
            "tr": f"{gap.law_ref}: {gap.missing.tr}{about['tr']} Girileceği yer: {place}",
            "en": f"{gap.law_ref}: {gap.missing.en}{about['en']} To be entered at: {place}",
        },
    )
