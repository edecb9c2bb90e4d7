"""Every request has an id, a line in the log, and an answer, whatever happens inside."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from app.platform.http import problem_response
from app.platform.problems import Item, Unexpected

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)

HEADER: Final = b"x-request-id"
TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")
CALLER_KEY: Final = "envanter.caller_name"
OTHER: Final = "other"
LOG: Final = logging.getLogger("envanter.requests")

Observe = Callable[[str, int, float], None]


def note_caller(request: Request, name: str) -> None:
    """Let the log name who calls."""
    request.scope[CALLER_KEY] = name


class Tracing:
    """Give a request its id, answer what fails inside, and write one line about it when it ends."""

    def __init__(self, app: ASGIApp, observe: Observe) -> None:
        self.app = app
        self.observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity = _identity(scope)
        token = REQUEST_ID.set(identity.decode())
        began, status, failure = time.perf_counter(), 0, None

        async def traced(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER, identity)]
            await send(message)

        try:
            await self.app(scope, receive, traced)
        except Exception as error:
            failure = error
            if status:  # Part of an answer is out: only a broken connection can say that the rest is missing.
                raise
            problem = Unexpected(Item("unexpected", {"request_id": identity.decode()}))
            await problem_response(Request(scope), problem)(scope, receive, traced)
        finally:
            seconds = time.perf_counter() - began
            self.observe(operation_of(scope), status, seconds)
            _write(scope, status, seconds, failure)
            REQUEST_ID.reset(token)


def operation_of(scope: Scope) -> str:
    """Return the operation id of a request: it names method and address, and none of the codes in it."""
    return getattr(scope.get("route"), "name", None) or OTHER


def _identity(scope: Scope) -> bytes:
    """Take the id that the caller gives, if it is one well-formed token; else make one."""
    given = [value for name, value in scope["headers"] if name == HEADER]
    if len(given) == 1 and TOKEN.fullmatch(given[0]):
        return bytes(given[0])
    return str(uuid7()).encode()


def _write(scope: Scope, status: int, seconds: float, failure: Exception | None) -> None:
    """Write what happened, and nothing of what was sent or asked; a failure is written with its traceback, once."""
    level = logging.ERROR if failure is not None else logging.INFO
    if not LOG.isEnabledFor(level):
        return
    line: dict[str, Any] = {
        "method": scope["method"],
        "operation": operation_of(scope),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "caller": scope.get(CALLER_KEY, "-"),
    }
    LOG.log(level, "request", extra=line, exc_info=failure)
