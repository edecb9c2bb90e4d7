"""Routes whose session is opened, used and closed in the one thread of their handler.

As a dependency, a session is opened in one thread, used in a second and closed in a third, and each change of thread
costs as much as reading one thing. So a handler says that it takes a session (`ReadDep`, `ChangeDep`), and its route
opens it around the handler: what is asked of a session stays the same, committed before the answer leaves
(docs/decisions/0014).
"""

import inspect
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, get_args

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from app.audit import open_change, open_reading

OPENERS: Final = frozenset({open_reading, open_change})


class Route(APIRoute):
    """A route that opens the session of its handler."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401
        super().__init__(path, _in_one_thread(endpoint), **options)


def _in_one_thread(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that opens the session which an endpoint takes; as it is where it takes none."""
    signature = inspect.signature(endpoint, eval_str=True)
    taken = signature.parameters
    found = [(name, opener) for name, parameter in taken.items() if (opener := _opener_of(parameter)) is not None]
    if not found:
        return endpoint
    ((name, opener),) = found
    needed = inspect.signature(opener, eval_str=True).parameters
    session_of = contextmanager(opener)

    @wraps(endpoint)
    def handle(**given: Any) -> Any:  # noqa: ANN401 - whatever the endpoint answers
        own = {one: given[one] if one in taken else given.pop(one) for one in needed}
        with session_of(**own) as session:
            return endpoint(**given, **{name: session})

    def is_optional(parameter: inspect.Parameter) -> bool:
        return parameter.default is not inspect.Parameter.empty

    asked = {one: parameter for one, parameter in (taken | needed).items() if one != name}
    ordered = sorted(asked.values(), key=is_optional)
    handle.__signature__ = signature.replace(parameters=ordered)  # type: ignore[attr-defined]
    return handle


def _opener_of(parameter: inspect.Parameter) -> Callable[..., Any] | None:
    """Return what opens a session, where a parameter is one."""
    openers = (getattr(one, "dependency", None) for one in get_args(parameter.annotation)[1:])
    return next((opener for opener in openers if opener in OPENERS), None)


class Router(APIRouter):
    """A router whose handlers may take a session, and which is asked only for addresses that have its prefix.

    For every request FastAPI looks through the routes of all routers, three times over.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as FastAPI takes them
        super().__init__(route_class=Route, **options)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Look for a route, unless the address has not what all of them begin with."""
        if self.prefix not in scope["path"]:
            return Match.NONE, {}
        return super().matches(scope)
