"""The floor: bare Starlette and the raw driver over the plain tables, JSON built in the database."""

import base64
import gc
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import anyio.to_thread
import orjson
import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bench.speed.consent_sql import GROUPS, NOTICE
from bench.speed.floor_writes import Creating
from bench.speed.json_sql import Writer

PAGE: Final = 50
JSON: Final = "application/json"
AT_ONCE: Final = 500


class Connection:
    """A connection of either driver that commits by itself, but for what is done in a transaction."""

    def __init__(self, backend: str, address: str) -> None:
        self.is_sqlite = backend == "sqlite"
        self.driver: Any
        if not self.is_sqlite:
            self.driver = psycopg.connect(address, autocommit=True)
            return
        self.driver = sqlite3.connect(address, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            self.driver.execute(f"PRAGMA {pragma}")

    def run(self, statement: str, parameters: Iterable[Any] = ()) -> list[Any]:
        """Run one statement and return its rows."""
        return self.driver.execute(statement, tuple(parameters)).fetchall()  # type: ignore[no-any-return]

    def run_many(self, statement: str, parameters: list[tuple[Any, ...]]) -> None:
        """Run one statement for many rows."""
        self.driver.cursor().executemany(statement, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit at the end, or nothing."""
        if not self.is_sqlite:
            with self.driver.transaction():
                yield
            return
        self.driver.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.driver.execute("ROLLBACK")
            raise
        self.driver.execute("COMMIT")


class Plain:
    """The plain tables, with a connection for each thread."""

    def __init__(self, backend: str, address: str) -> None:
        self.backend = backend
        self.address = address
        self._mine = threading.local()
        self._opened: list[Connection] = []
        writer = Writer(backend)
        mark = writer.mark
        self.creating = Creating(mark, is_sqlite=writer.is_sqlite)
        document = writer.activity() + ("" if writer.is_sqlite else "::text")
        owner = "JOIN controller o ON o.id = a.controller_id"
        self.one = f"SELECT {document} FROM activity a {owner} WHERE a.code = {mark}"
        chosen = f"SELECT {document} AS document, a.sort, a.id FROM activity a {owner}"
        after = f"(a.sort, a.id) > ({mark}, {mark})"
        self.page = f"{chosen} WHERE {after} ORDER BY a.sort, a.id LIMIT {PAGE}"
        own = f"o.code = {mark} AND a.scope = {mark} AND {after}"
        self.own_page = f"{chosen} WHERE {own} ORDER BY a.sort, a.id LIMIT {PAGE}"
        self.every = f"SELECT {document} FROM activity a {owner} ORDER BY a.id"
        self.notice = {name: query.replace("?", mark) for name, query in NOTICE.items()}

    def connection(self) -> Connection:
        """Return the connection of this thread."""
        found: Connection | None = getattr(self._mine, "connection", None)
        if found is None:
            found = self._mine.connection = Connection(self.backend, self.address)
            self._opened.append(found)
        return found

    def close(self) -> None:
        """Close every connection."""
        for connection in self._opened:
            connection.driver.close()

    def rows(self, statement: str, *parameters: Any) -> list[Any]:  # noqa: ANN401 - what a statement takes
        """Run one statement."""
        return self.connection().run(statement, parameters)


def get_activity(plain: Plain, request: Request, _: bytes) -> Response:
    """Read one activity."""
    ((document,),) = plain.rows(plain.one, request.path_params["code"])
    return Response(document, media_type=JSON)


def list_activities(plain: Plain, request: Request, _: bytes) -> Response:
    """Read a page of whole activities in the order of their names."""
    asked = request.query_params
    after = _read_cursor(asked.get("cursor"))
    controller = asked.get("controller")
    if controller is None:
        found = plain.rows(plain.page, *after)
    else:
        found = plain.rows(plain.own_page, controller, asked["scope"], *after)
    following = orjson.dumps(_cursor(found[-1][1:]) if len(found) == PAGE else None).decode()
    items = ",".join([row[0] for row in found])
    return Response(f'{{"items":[{items}],"next":{following},"total":null}}', media_type=JSON)


def create_activity(plain: Plain, _: Request, body: bytes) -> Response:
    """Create one activity, and answer with it."""
    document = orjson.loads(body)
    connection = plain.connection()
    with connection.transaction():
        plain.creating.create(connection, document)
        ((made,),) = plain.rows(plain.one, document["code"])
    return Response(made, 201, media_type=JSON)


def list_consent_groups(plain: Plain, _: Request, __: bytes) -> Response:
    """Count what goes abroad on explicit consent by country, data category and mechanism."""
    items = [
        {
            "country": {"code": row[0]},
            "data_category": {"code": row[1], "label": {"tr": row[2], "en": row[3]}},
            "mechanism": {"code": row[4], "label": {"tr": row[5], "en": row[6]}},
            "statements": row[7],
            "stated": row[7] - row[8],
            "inferred": row[8],
            "unknown": 0,
        }
        for row in plain.rows(GROUPS)
    ]
    return Response(orjson.dumps({"items": items}), media_type=JSON)


def get_notice(plain: Plain, request: Request, _: bytes) -> Response:
    """Read the rows that the notice of a controller is made of, as they stand."""
    found = {name: plain.rows(query, request.path_params["code"]) for name, query in plain.notice.items()}
    return Response(orjson.dumps({name: list(map(list, rows)) for name, rows in found.items()}), media_type=JSON)


def export(plain: Plain, _: Request, __: bytes) -> Response:
    """Write every activity on a line: by COPY, or by a cursor."""
    return StreamingResponse(_lines(plain), media_type="application/x-ndjson")


def _lines(plain: Plain) -> Iterator[bytes]:
    driver = plain.connection().driver
    if plain.backend != "sqlite":
        query = f"COPY ({plain.every}) TO STDOUT".encode()
        with driver.cursor() as cursor, cursor.copy(query) as copy:
            # COPY escapes the line breaks that json_agg sets between elements; the content has nothing else to escape.
            yield from (bytes(line).replace(rb"\n", b"") for line in copy)
        return
    cursor = driver.execute(plain.every)
    while rows := cursor.fetchmany(AT_ONCE):
        yield ("\n".join([row[0] for row in rows]) + "\n").encode()


def _cursor(place: Any) -> str:  # noqa: ANN401 - sort key and id
    return base64.urlsafe_b64encode(orjson.dumps(["name", *place])).decode().rstrip("=")


def _read_cursor(text: str | None) -> tuple[str, int]:
    if text is None:
        return "", 0
    _, value, key = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return value, key


Handler = Callable[[Plain, Request, bytes], Response]
ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "/activities", list_activities),
    ("POST", "/activities", create_activity),
    ("GET", "/activities/{code}", get_activity),
    ("GET", "/consent/groups", list_consent_groups),
    ("GET", "/controllers/{code}/notice", get_notice),
    ("GET", "/export", export),
)


def create_app(backend: str, address: str, threads: int) -> Starlette:
    """Wire the floor."""
    plain = Plain(backend, address)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        yield
        plain.close()

    routes = [Route(path, _on_a_thread(handler, plain), methods=[method]) for method, path, handler in ROUTES]
    return Starlette(routes=routes, lifespan=lifespan)


def _on_a_thread(handler: Handler, plain: Plain) -> Callable[[Request], Awaitable[Response]]:
    """Run a handler on a thread, as Envanter's run."""

    async def handle(request: Request) -> Response:
        body = await request.body() if request.method == "POST" else b""
        return await run_in_threadpool(handler, plain, request, body)

    return handle


def serve(backend: str, address: str, port: int, threads: int) -> None:
    """Serve until SIGTERM."""
    app = create_app(backend, address, threads)
    uvicorn.run(app, port=port, http="httptools", ws="none", log_level="warning", access_log=False)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
