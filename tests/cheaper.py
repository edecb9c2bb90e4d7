"""What makes thousands of tests cheaper, and leaves what is tested as it is.

* One change of thread per request: the library's own transport takes an answer piece by piece, through seven of them,
  three milliseconds a request. Here an answer is taken whole.
* Statements are compiled once: every engine compiles them anew, a tenth of a second in a test that writes something.
* Routes are prepared once: the framework prepares those of an application anew with its first requests, up to half a
  second for two hundred operations; applications here have them from the first one.
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote

import anyio
import httpx2
from fastapi import APIRouter, FastAPI
from sqlalchemy import URL, Engine, create_engine
from starlette import testclient
from starlette.types import Message, Scope

from app.platform import database

PORTS: Final = {"http": 80, "https": 443}


def make_tests_cheaper() -> None:
    """Let every test client, application and engine of this process be this way."""
    testclient._TestClientTransport.handle_request = _handle  # type: ignore[method-assign,assignment] # noqa: SLF001
    FastAPI.include_router = _including_once()  # type: ignore[method-assign,assignment]
    vars(database)["create_engine"] = _compiling_once()


def _including_once() -> Callable[[FastAPI, APIRouter], None]:
    include, prepared = FastAPI.include_router, dict[int, Any]()

    def include_once(app: FastAPI, router: APIRouter) -> None:
        if id(router) not in prepared:
            # Not in the application itself, which would then be kept for ever.
            shelf = FastAPI(
                dependencies=app.router.dependencies,
                generate_unique_id_function=app.router.generate_unique_id_function,
            )
            include(shelf, router)
            prepared[id(router)] = shelf.router.routes[-1]
        app.router.routes.append(prepared[id(router)])

    return include_once


class Compiled:
    """Compiled statements that alike engines share; the library's own keys begin with the dialect of each."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def get(self, key: tuple[Any, ...]) -> Any:  # noqa: ANN401 - the library's own
        """Return a compiled statement, or None."""
        return self._known.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:  # noqa: ANN401
        """Keep a compiled statement."""
        self._known[key[1:]] = compiled


def _compiling_once() -> Callable[..., Engine]:
    known: dict[str, Compiled] = {}

    def create_alike(url: URL, **shape: Any) -> Engine:  # noqa: ANN401 - what the library takes
        engine = create_engine(url, **shape)
        engine._compiled_cache = known.setdefault(engine.dialect.name, Compiled())  # type: ignore[assignment] # noqa: SLF001
        return engine

    return create_alike


class Exchange:
    """One request and its answer, as an application takes and gives them."""

    def __init__(self, body: bytes) -> None:
        self.body: bytes | None = body
        self.start: Message = {}
        self.parts: list[bytes] = []
        self.is_over = anyio.Event()

    async def receive(self) -> Message:
        """Give the body, and when the answer is out, that the caller has gone."""
        if self.body is not None:
            body, self.body = self.body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.is_over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            assert not self.start
            self.start = message
            return
        assert message["type"] == "http.response.body"
        assert self.start
        assert not self.is_over.is_set()
        self.parts.append(bytes(message.get("body", b"")))
        if not message.get("more_body", False):
            self.is_over.set()


def _scope(transport: Any, request: httpx2.Request) -> Scope:  # noqa: ANN401 - the library's own
    headers = [(key.lower().encode(), value.encode()) for key, value in request.headers.multi_items()]
    if "host" not in request.headers:
        headers.insert(0, (b"host", request.url.netloc))
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(request.url.path),
        "raw_path": request.url.raw_path.split(b"?", 1)[0],
        "root_path": transport.root_path,
        "scheme": request.url.scheme,
        "query_string": request.url.query,
        "headers": headers,
        "client": transport.client,
        "server": [request.url.host, request.url.port or PORTS[request.url.scheme]],
        "extensions": {},
        "state": transport.app_state.copy(),
    }


def _handle(transport: Any, request: httpx2.Request) -> httpx2.Response:  # noqa: ANN401 - the library's own
    scope, body = _scope(transport, request), request.read()

    async def answered() -> Exchange:
        exchange = Exchange(body)
        try:
            await transport.app(scope, exchange.receive, exchange.send)
        except Exception:
            if transport.raise_server_exceptions:
                raise
        return exchange

    with transport.portal_factory() as portal:
        exchange: Exchange = portal.call(answered)
    status = exchange.start.get("status", 500)
    headers = [(key.decode(), value.decode()) for key, value in exchange.start.get("headers", [])]
    content = b"" if request.method == "HEAD" else b"".join(exchange.parts)
    return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(content), request=request)
