"""What a request may be at most, refused before it is worked on: address, size, kind and nesting of the body.

The body is read whole here, so that a caller that sends slowly keeps nobody from a turn.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.http import BODY_KEY, JSON_TYPE, MERGE_PATCH_TYPE, problem_response
from app.platform.problems import AddressTooLong, Item, Malformed, Problem, TooLarge, UnsupportedMediaType

MOST_ADDRESS: Final = 16_384
MOST_DEPTH: Final = 60
JSON_TYPES: Final = frozenset({JSON_TYPE, MERGE_PATCH_TYPE})
BRACKETS: Final = b"[]{}"
OTHERS: Final = bytes(set(range(256)) - set(BRACKETS))
STEP: Final = {bracket: 1 if bracket in b"[{" else -1 for bracket in BRACKETS}


class RequestBounds:
    """Refuse what is too long, too large, too deep, or JSON sent as something else."""

    def __init__(self, app: ASGIApp, body_limit: int, other_types: Mapping[str, frozenset[str]]) -> None:
        self.app = app
        self.body_limit = body_limit
        self.other_types = other_types

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the head at once, and at the body as it comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        has_body = _has_body(request)
        kind = _media_type(request) if has_body else ""
        problem = self._problem(request, kind, has_body=has_body)
        if problem is not None:
            await problem_response(request, problem)(scope, receive, send)
            return
        if has_body:
            seen: list[bytes] = []
            problem = await self._read(receive, seen, is_json=kind in JSON_TYPES)
            if problem is not None:
                await problem_response(request, problem)(scope, receive, send)
                return
            scope[BODY_KEY] = seen
            receive = _again(b"".join(seen), receive)
        await self.app(scope, receive, send)

    def _problem(self, request: Request, kind: str, *, has_body: bool) -> Problem | None:
        length = request.headers.get("content-length", "0")
        if len(request.scope.get("raw_path") or b"") + len(request.scope["query_string"]) > MOST_ADDRESS:
            return AddressTooLong(Item("address_too_long", {"limit": MOST_ADDRESS}))
        if length.isdecimal() and int(length) > self.body_limit:
            return TooLarge(Item("too_large", {"limit": self.body_limit}))
        if has_body and kind not in JSON_TYPES and kind not in self.other_types.get(request.url.path, ()):
            imported = "application/yaml or application/x-ndjson"
            expected = f"application/json (PATCH: application/merge-patch+json, import: {imported})"
            return UnsupportedMediaType(Item("media_type", {"expected": expected}))
        return None

    async def _read(self, receive: Receive, seen: list[bytes], *, is_json: bool) -> Problem | None:
        """Read the whole body, counting its bytes as they come, and look into it before anything parses it."""
        size, has_more = 0, True
        while has_more:
            message = await receive()
            if message["type"] == "http.disconnect":  # The rest will never come; nobody waits for an answer.
                return Malformed(Item("unreadable"))
            seen.append(message.get("body", b""))
            size += len(seen[-1])
            if size > self.body_limit:
                return TooLarge(Item("too_large", {"limit": self.body_limit}))
            has_more = message.get("more_body", False)
        return _problem_of_json(b"".join(seen)) if is_json else None


def _problem_of_json(body: bytes) -> Problem | None:
    if not is_utf8(body):
        return Malformed(Item("not_utf8"))
    return Malformed(Item("too_deep", {"limit": MOST_DEPTH})) if is_deeper(body, MOST_DEPTH) else None


def is_utf8(body: bytes) -> bool:
    """Tell whether JSON is UTF-8, as RFC 8259 has it; there NUL is escaped, in UTF-16 it abounds."""
    if b"\0" in body:
        return False
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read, then whatever comes after it."""
    whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return whole.pop() if whole else await receive()

    return received


def is_deeper(body: bytes, limit: int) -> bool:
    """Tell whether JSON nests deeper than a limit; counted, because what recurses could be made to fall over."""
    if body.count(b"[") + body.count(b"{") <= limit:
        return False
    outside = body.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    brackets = b"".join(outside).translate(None, OTHERS)
    return max(accumulate(map(STEP.__getitem__, brackets)), default=0) > limit


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return request.method in {"POST", "PUT", "PATCH"} and (length != "0" or "transfer-encoding" in request.headers)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()
