"""The floor: bare Starlette and the raw driver over the plain tables, JSON built in the database."""

import base64
import gc
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import anyio.to_thread
import orjson
import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.speed.consent_sql import GROUPS
from bench.speed.json_sql import Writer

PAGE: Final = 50
JSON: Final = "application/json"


class Plain:
    """The plain tables through the bare driver: a connection for each thread, committed by itself."""

    def __init__(self, backend: str, address: str) -> None:
        self.writer = Writer(backend)
        self._address = address
        self._mine = threading.local()
        document = self.writer.activity() + ("" if self.writer.is_sqlite else "::text")
        mark = self.writer.mark
        owner = "JOIN controller o ON o.id = a.controller_id"
        self.one = f"SELECT {document} FROM activity a {owner} WHERE a.code = {mark}"
        chosen = f"SELECT {document} AS document, a.sort, a.id FROM activity a {owner}"
        after = f"(a.sort, a.id) > ({mark}, {mark})"
        self.page = f"{chosen} WHERE {after} ORDER BY a.sort, a.id LIMIT {PAGE}"
        own = f"o.code = {mark} AND a.scope = {mark} AND {after}"
        self.own_page = f"{chosen} WHERE {own} ORDER BY a.sort, a.id LIMIT {PAGE}"

    def rows(self, statement: str, parameters: tuple[Any, ...]) -> list[Any]:
        """Run one statement."""
        connection = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = self._connect()
        return connection.execute(statement, parameters).fetchall()  # type: ignore[no-any-return]

    def _connect(self) -> Any:  # noqa: ANN401 - of either driver
        if not self.writer.is_sqlite:
            return psycopg.connect(self._address, autocommit=True)
        connection = sqlite3.connect(self._address, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection


def get_activity(plain: Plain, request: Request) -> Response:
    """Read one activity."""
    ((document,),) = plain.rows(plain.one, (request.path_params["code"],))
    return Response(document, media_type=JSON)


def list_activities(plain: Plain, request: Request) -> Response:
    """Read a page of whole activities in the order of their names."""
    asked = request.query_params
    after = _read_cursor(asked.get("cursor"))
    controller = asked.get("controller")
    if controller is None:
        found = plain.rows(plain.page, after)
    else:
        found = plain.rows(plain.own_page, (controller, asked["scope"], *after))
    following = orjson.dumps(_cursor(found[-1][1:]) if len(found) == PAGE else None).decode()
    items = ",".join([row[0] for row in found])
    return Response(f'{{"items":[{items}],"next":{following},"total":null}}', media_type=JSON)


def list_consent_groups(plain: Plain, _: Request) -> Response:
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
        for row in plain.rows(GROUPS, ())
    ]
    return Response(orjson.dumps({"items": items}), media_type=JSON)


def _cursor(place: Any) -> str:  # noqa: ANN401 - sort key and id
    return base64.urlsafe_b64encode(orjson.dumps(["name", *place])).decode().rstrip("=")


def _read_cursor(text: str | None) -> tuple[str, int]:
    if text is None:
        return "", 0
    _, value, key = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return value, key


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

    routes = {
        "/consent/groups": list_consent_groups,
        "/activities": list_activities,
        "/activities/{code}": get_activity,
    }
    # A partial of a plain function runs on a thread, as Envanter's handlers do.
    wired = [Route(path, _bound(handler, plain)) for path, handler in routes.items()]
    return Starlette(routes=wired, lifespan=lifespan)


def _bound(handler: Any, plain: Plain) -> Any:  # noqa: ANN401 - Starlette takes what it can call
    return partial(handler, plain)


def serve(backend: str, address: str, port: int, threads: int) -> None:
    """Serve until SIGTERM."""
    uvicorn.run(
        create_app(backend, address, threads),
        port=port,
        http="httptools",
        ws="none",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
