"""Waiting has an end, and nobody who waits keeps others from their turn."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.audit import ChangeDep, ReadDep
from app.controllers.schemas import ControllerWrite
from app.controllers.service import create_controller
from app.main import create_app
from app.platform.database import WRITE_LOCK
from app.platform.settings import Settings
from app.platform.waiting import OneWriter
from tests.conftest import Server
from tests.controllers.factories import add_controller, controller
from tests.platform.calling import problem, read

CROWD: Final = 12
ENDLESS: Final = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


@contextmanager
def held(server: Server, settings: Settings) -> Iterator[None]:
    """Hold the turn to write, as another process would."""
    if server.backend == "sqlite":
        writer = OneWriter(settings.database_url.removeprefix("sqlite:///"))
        assert writer.take(1)
        try:
            yield
        finally:
            writer.give_back()
        return
    with psycopg.connect(settings.database_url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [WRITE_LOCK])
        yield


def until(client: TestClient, waiting: int) -> None:
    """Return when so many writers of a service wait for the lock."""
    waits = client.app.state.ledger.database.waits  # type: ignore[attr-defined]
    end = time.monotonic() + 60
    while waits.waiting != waiting:
        assert time.monotonic() < end
        time.sleep(0.01)


def post(client: TestClient, number: int) -> httpx2.Response:
    return client.post("/v1/controllers", json=controller(f"c{number}"))


def test_a_crowd_of_writers_is_served_one_by_one(client: TestClient) -> None:
    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(lambda number: post(client, number), range(CROWD)))
    assert {answer.status_code for answer in answers} == {201}
    assert len(read(client, "/v1/controllers")["items"]) == CROWD


def test_readers_are_answered_while_a_crowd_of_writers_waits_for_another_process(
    server: Server, settings: Settings
) -> None:
    with TestClient(create_app(settings)) as client, ThreadPoolExecutor(CROWD) as pool:
        add_controller(client)
        with held(server, settings):
            writes: list[Future[httpx2.Response]] = [pool.submit(post, client, number) for number in range(CROWD)]
            until(client, 2)
            assert read(client, "/v1/controllers/acme")["code"] == "acme"
            assert client.get("/healthz").status_code == 200
            assert not any(write.done() for write in writes)
        assert {write.result().status_code for write in writes} == {201}


def test_a_writer_whose_turn_does_not_come_is_told_to_come_again(server: Server, settings: Settings) -> None:
    impatient = settings.model_copy(update={"lock_timeout": 0.3})
    with TestClient(create_app(impatient)) as client:
        with held(server, settings):
            answer = post(client, 1)
            assert problem(answer, 503)["type"] == "/problems/busy"
            assert int(answer.headers["retry-after"]) > 0
            assert client.get("/v1/controllers").status_code == 200
        assert post(client, 1).status_code == 201


def test_a_request_whose_turn_does_not_come_is_told_to_come_again(server: Server, settings: Settings) -> None:
    crowded = settings.model_copy(update={"lock_timeout": 2, "statement_timeout": 0.5})
    with TestClient(create_app(crowded)) as client, ThreadPoolExecutor(CROWD) as pool, held(server, settings):
        answers = list(pool.map(lambda number: post(client, number), range(CROWD)))
    assert {answer.status_code for answer in answers} == {503}
    assert all("retry-after" in answer.headers for answer in answers)


def slow(settings: Settings, backend: str, timeout: float) -> TestClient:
    """Return a caller of a service with a statement that has no end, as a read and inside a change."""
    app = create_app(settings.model_copy(update={"statement_timeout": timeout}))

    @app.get("/slow")
    def read_slowly(session: ReadDep) -> Any:  # noqa: ANN401
        return session.value(text(ENDLESS[backend]))

    @app.put("/slow")
    def write_slowly(session: ChangeDep) -> Any:  # noqa: ANN401
        create_controller(session, ControllerWrite(code="half"))
        return session.value(text(ENDLESS[backend]))

    return TestClient(app)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_statement_that_takes_too_long_is_stopped_and_leaves_nothing(
    server: Server, settings: Settings, method: str
) -> None:
    with slow(settings, server.backend, 0.5) as client:
        for _ in range(2):
            answer = client.request(method, "/slow", headers={"Accept-Language": "tr"})
            assert problem(answer, 503)["type"] == "/problems/too-slow"
            assert "0.5 saniye verildi" in problem(answer, 503)["detail"]
            assert int(answer.headers["retry-after"]) > 0
        assert client.get("/v1/controllers/half").status_code == 404
        assert post(client, 1).status_code == 201


def test_a_directory_that_is_away_is_no_defect(tmp_path: Path) -> None:
    away = create_app(Settings(database_url=f"sqlite:///{tmp_path}/nowhere/register.db"))
    with TestClient(away) as client:
        assert problem(post(client, 1), 503)["type"] == "/problems/busy"
