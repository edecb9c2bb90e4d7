"""What every route shares: problem answers, ETags, list answers, refused parameters."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote, urlencode

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Header
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.platform.listing import SingleQuery, pick
from app.platform.messages import TURKISH_VALIDATION
from app.platform.models import Model
from app.platform.pointers import existing_pointer, pointer_of
from app.platform.problems import (
    Invalid,
    Item,
    Malformed,
    MethodNotAllowed,
    NotFound,
    Problem,
    UnknownParameter,
)
from app.platform.schemas import known_fields

PROBLEM_TYPE: Final = "application/problem+json"
JSON_TYPE: Final = "application/json"
MERGE_PATCH_TYPE: Final = "application/merge-patch+json"
BODY_KEY: Final = "envanter.body"
ANSWER_KEY: Final = "envanter.answer"
MOST_PARAMETERS: Final = 500
MOST_VALUES: Final = 100

M = TypeVar("M", bound=BaseModel)


class ProblemItem(Model):
    """One thing wrong."""

    pointer: str | None = None
    parameter: str | None = None
    line: int | None = None
    code: str
    message: str
    allowed: list[str] | None = None


class ProblemDocument(Model):
    """An RFC 9457 problem; Turkish with `Accept-Language: tr`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemItem]
    request_id: str | None = Field(default=None, description="With 500: what the log knows the request by")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that an operation may answer, for OpenAPI."""
    shape = {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
    return {status: {"description": _DESCRIPTIONS[status], "content": {PROBLEM_TYPE: shape}} for status in statuses}


_DESCRIPTIONS: Final = {
    400: "The request cannot be read",
    401: "No key, or one that does not hold; WWW-Authenticate says which (RFC 6750)",
    403: "The caller may not do this; the errors name the role that may",
    404: "No such thing",
    409: "In use, duplicate, immutable or not restorable; the errors name what stands in the way",
    412: "If-Match names an older revision",
    413: "The body is too large",
    414: "The address with its query is too long",
    415: "Unsupported media type",
    422: "Unknown parameter, code or field, or content that breaks a rule; the errors name it",
    428: "If-Match is missing",
    429: "The caller made as many requests as it may in a while; Retry-After says when the next one is taken",
    500: "A defect of the service; report it with its request id",
    503: "The database does not answer, or a statement took too long; Retry-After says when to try again",
}


def language_of(request: Request) -> str:
    """Return `tr` where the caller prefers Turkish to English, else `en`."""
    best, choice = 0.0, "en"
    for part in request.headers.get("accept-language", "").split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        primary = name.split("-")[0].lower()
        if primary in {"tr", "en"} and quality > best:
            best, choice = quality, primary
    return choice


def problem_response(request: Request, problem: Problem) -> Response:
    """Answer with a problem document in the caller's language."""
    language = language_of(request)
    body = problem.document(language, request.url.path)
    headers = {"Content-Language": language, "Vary": "Accept-Language", **problem.headers}
    return Response(orjson.dumps(body), problem.status, headers, media_type=PROBLEM_TYPE)


def validation_items(errors: Sequence[Any], *, body: Any = None, model: Any = None) -> list[Item]:  # noqa: ANN401
    """Turn Pydantic's errors into items that point into what the caller sent; the model knows what is allowed."""
    return [_validation_item(error, body, model) for error in errors]


def _validation_item(error: Mapping[str, Any], body: Any, model: Any) -> Item:  # noqa: ANN401
    kind, context = error["type"], error.get("ctx") or {}
    where, *path = error["loc"] or ("body",)
    if kind == "extra_forbidden":
        code, text = "unknown_field", None
        values: dict[str, Any] = {"name": path[-1] if path else where}
    else:
        code, values = kind, {}
        turkish = TURKISH_VALIDATION.get(kind, error["msg"])
        text = {"en": error["msg"], "tr": turkish.format_map(_Lenient(context))}
    allowed = re.findall(r"'([^']*)'", context["expected"]) if kind == "literal_error" else None
    if kind == "extra_forbidden" and model is not None:
        allowed = known_fields(model, path[:-1])
    if where in {"query", "header", "path", "cookie"}:
        return Item(code, values, parameter=str(path[0]) if path else str(where), text=text, allowed=allowed)
    steps = path if where == "body" else [where, *path]
    if kind == "missing" and steps:
        return Item(code, values, pointer=f"{existing_pointer(body, steps[:-1])}/{steps[-1]}", text=text)
    return Item(code, values, pointer=existing_pointer(body, steps), text=text, allowed=allowed)


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _as_sent(item: Item, request: Request) -> Item:
    """Let a pointer lead into the body as the caller wrote it, short forms included."""
    if item.pointer is None or item.line is not None:
        return item
    try:
        body = orjson.loads(b"".join(request.scope.get(BODY_KEY, ())))
    except orjson.JSONDecodeError:
        return item
    steps = item.pointer.split("/")[1:]
    missing = steps[-1:] if item.code == "missing" else []
    found = existing_pointer(body, steps[: len(steps) - len(missing)]) + pointer_of(missing)
    return replace(item, pointer=found or item.pointer)


class Replay(Exception):
    """Ends a request whose answer is known already; nothing is done again."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the application with a problem document."""

    @app.exception_handler(Problem)
    def on_problem(request: Request, problem: Problem) -> Response:
        problem.items = tuple(_as_sent(item, request) for item in problem.items)
        return problem_response(request, problem)

    @app.exception_handler(Replay)
    def on_replay(_: Request, replay: Replay) -> Response:
        return replay.response

    @app.exception_handler(RequestValidationError)
    def on_validation(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            reason = str((first.get("ctx") or {}).get("error", first["msg"]))
            return problem_response(request, Malformed(Item("json_invalid", {"reason": reason})))
        field = getattr(request.scope.get("route"), "body_field", None)
        model = None if field is None else field.field_info.annotation
        items = validation_items(error.errors(), body=error.body, model=model)
        return problem_response(request, Invalid(*items))

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        problem: Problem
        if isinstance(error.__cause__, Problem):
            problem = error.__cause__
        elif error.status_code == 404:  # noqa: PLR2004
            problem = NotFound(Item("no_such_path"))
        elif error.status_code == 405:  # noqa: PLR2004
            allow = ", ".join(sorted(_methods_at(app, request)))
            problem = MethodNotAllowed(Item("method_not_allowed", {"name": request.method}), headers={"Allow": allow})
        else:
            problem = Malformed(Item("unreadable"))
        return problem_response(request, problem)


_METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def _methods_at(app: FastAPI, request: Request) -> set[str]:
    return {
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in app.routes)
    }


async def refuse_unknown_parameters(request: Request) -> None:
    """Refuse query parameters that the operation does not have, single ones that are repeated, and too many."""
    known = _parameters_of(request.scope["route"])
    if len(request.query_params.multi_items()) > MOST_PARAMETERS:
        raise Invalid(Item("too_many", {"limit": MOST_PARAMETERS}))
    items = [
        Item("unknown_parameter", {"name": name}, parameter=name, allowed=sorted(known))
        for name in dict.fromkeys(request.query_params)
        if name not in known
    ]
    if items:
        raise UnknownParameter(*items)
    for name, value in [*request.path_params.items(), *request.query_params.multi_items()]:
        if "\0" in value:
            raise Invalid(Item("nul", parameter=name))
    for name, many in known.items():
        count = len(request.query_params.getlist(name))
        if not many and count > 1:
            raise Invalid(Item("repeated_parameter", {"name": name}, parameter=name))
        if count > MOST_VALUES:
            raise Invalid(Item("too_many", {"limit": MOST_VALUES}, parameter=name))


def _parameters_of(route: Any) -> dict[str, bool]:  # noqa: ANN401 - Starlette types no route here
    """Return the query parameters of a route: name, and whether it may be repeated."""
    cached = getattr(route, "known_parameters", None)
    if cached is None:
        others = {
            param.alias
            for group in ("path_params", "header_params", "cookie_params")
            for param in getattr(route.dependant, group)
        }
        cached = {
            param.alias: "list" in str(param.field_info.annotation)
            for param in get_flat_params(route.dependant)
            if param.alias not in others and not isinstance(param.field_info, Header)
        }
        for extra in (route.openapi_extra or {}).get("parameters", []):
            if extra["in"] == "query":
                cached[extra["name"]] = extra["schema"].get("type") == "array"
        route.known_parameters = cached
    return cast("dict[str, bool]", cached)


def etag_of(number: int, content: bytes) -> str:
    """Return the ETag `"<revision>-<digest>"`; the digest covers the whole answer."""
    return f'"{number}-{hashlib.sha256(content).hexdigest()[:16]}"'


def one(
    request: Request,
    document: dict[str, Any],
    number: int,
    query: SingleQuery | None = None,
    status: int = 200,
) -> Response:
    """Answer with one thing: its ETag, the asked-for fields, 304 where the caller has it already."""
    fields = None if query is None else query.fields
    content = orjson.dumps(pick(document, fields, list(document)))
    return whole(request, content, number, JSON_TYPE, status=status)


def whole(
    request: Request,
    content: bytes,
    number: int,
    media_type: str,
    beside: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    """Answer with one content and its ETag, or 304 where the caller has it already."""
    etag = etag_of(number, content)
    headers = {"ETag": etag, "Cache-Control": "no-cache", **(beside or {})}
    if _has(request, etag):
        return Response(status_code=304, headers=headers)
    return note_answer(request, Response(content, status, {**headers, "Content-Type": media_type}))


def tagged(request: Request, response: Response) -> Response:
    """Give a page an ETag that covers all of it, or answer 304 where the caller has it already."""
    etag = f'"{hashlib.sha256(response.body).hexdigest()[:16]}"'
    if _has(request, etag):
        return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"})
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


def _has(request: Request, etag: str) -> bool:
    """Tell whether the caller has what it asks for (If-None-Match)."""
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    return request.method == "GET" and (etag in known or "*" in known)


def note_answer(request: Request, response: Response) -> Response:
    """Let the change of this request know how it will be answered, before it is committed."""
    request.scope[ANSWER_KEY] = response
    return response


def accepted(request: Request, kinds: Sequence[str]) -> str:
    """Return the media type that the caller likes best; the first where it has no preference."""
    best, choice = 0.0, kinds[0]
    for part in request.headers.get("accept", "").split(","):
        name, *parameters = [piece.strip().lower() for piece in part.split(";")]
        weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            continue
        if name in kinds and quality > best:
            best, choice = quality, name
    return choice


def created(request: Request, document: dict[str, Any], number: int) -> Response:
    """Answer 201 with the new thing and its address."""
    response = one(request, document, number, status=201)
    response.headers["Location"] = f"{request.url.path.rstrip('/')}/{quote(document['code'], safe=':')}"
    return response


def many(
    request: Request,
    items: list[dict[str, Any]],
    known: Sequence[str],
    query: SingleQuery,
    *,
    next_cursor: str | None,
    total: int | None,
    whole: Collection[int] = (),
    **beside: Any,  # noqa: ANN401
) -> Response:
    """Answer with a page: items, next, total, and a Link header; some items come whole, whatever `fields` says."""
    picked = [item if place in whole else pick(item, query.fields, known) for place, item in enumerate(items)]
    if query.fields is not None and len(whole) == len(items):
        pick({}, query.fields, known)
    content = orjson.dumps({**beside, "items": picked, "next": next_cursor, "total": total})
    response = Response(content, media_type=JSON_TYPE)
    if next_cursor is not None:
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        address = f"{request.url.path}?{urlencode([*pairs, ('cursor', next_cursor)])}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


def merge_patch(target: Any, patch: Any) -> Any:  # noqa: ANN401 - RFC 7396 is about any JSON
    """Apply a JSON Merge Patch (RFC 7396) to a document and return the result."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


def validated(model: type[M], document: Any) -> M:  # noqa: ANN401
    """Read a document that was put together here, such as a patched one; refuse it as a body would be."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        items = validation_items(
            [{**found, "loc": ("body", *found["loc"])} for found in error.errors()], body=document, model=model
        )
        raise Invalid(*items) from error
