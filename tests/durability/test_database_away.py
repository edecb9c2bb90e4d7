"""A PostgreSQL that is away costs answers, not the service: 503 until it is back, then on without a restart."""

import subprocess
import threading
import time
from collections.abc import Iterator
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
from app.ledger import create_ledger
from app.main import create_app
from app.platform.settings import ROOT, Settings
from app.seeding import seed_vocabularies
from tests.conftest import Server, migrated
from tests.controllers.factories import add_controller, controller
from tests.durability.postgres import Stoppable, stoppable
from tests.durability.serving import SERVE, environment, serving
from tests.platform.calling import problem, read

WAITING: Final = "does not answer, trying again"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Stoppable]:
    """A server with a register of vocabularies."""
    with stoppable() as server:
        settings = migrated(server.url)
        ledger = create_ledger(settings)
        seed_vocabularies(ledger, settings.seed_directory / "vocabularies")
        ledger.database.close()
        yield server


def assert_busy(answer: httpx2.Response) -> None:
    assert problem(answer, 503)["type"] == "/problems/busy"
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("how", ["immediate", "fast"])
def test_a_database_that_stops_and_starts_again_is_answered_for_and_then_used(postgres: Stoppable, how: str) -> None:
    with TestClient(create_app(Settings(database_url=postgres.url))) as client:
        add_controller(client, how)
        postgres.stop(how)
        for _ in range(3):
            assert_busy(client.get(f"/v1/controllers/{how}"))
            assert_busy(client.post("/v1/controllers", json=controller("later")))
            assert_busy(client.get("/readyz"))
            assert client.get("/healthz").status_code == 200
        postgres.start()
        assert read(client, f"/v1/controllers/{how}")["code"] == how
        assert client.get("/readyz").status_code == 200
        add_controller(client, f"{how}-later")


def cut(session: Any, url: str) -> int:  # noqa: ANN401 - a session of either kind
    """End the connection of a session from outside, as an administrator or a network would, and ask it again."""
    backend = session.value(text("SELECT pg_backend_pid()"))
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    return int(session.value(text("SELECT 1")))


def test_a_connection_that_is_cut_in_the_middle_costs_one_answer_and_leaves_nothing_half(
    postgresql_server: Server,
) -> None:
    url = postgresql_server.copy("vocabularies")
    app = create_app(Settings(database_url=url))

    @app.get("/cut")
    def cut_read(session: ReadDep) -> int:
        return cut(session, url)

    @app.put("/cut")
    def cut_write(session: ChangeDep) -> int:
        create_controller(session, ControllerWrite(code="half"))
        return cut(session, url)

    with TestClient(app) as client:
        for number in range(3):
            assert_busy(client.get("/cut"))
            assert_busy(client.put("/cut"))
            assert client.get("/v1/controllers/half").status_code == 404
            add_controller(client, f"c{number}")


def start_when_asked(postgres: Stoppable, log: Path) -> None:
    """Start the database when the log says that it is waited for."""
    until = time.monotonic() + 60
    while not log.exists() or WAITING not in log.read_text():
        if time.monotonic() > until:
            return
        time.sleep(0.1)
    postgres.start()


def test_a_start_waits_for_the_database_and_says_so(postgres: Stoppable, tmp_path: Path) -> None:
    log = tmp_path / "log"
    postgres.stop("fast")
    back = threading.Thread(target=start_when_asked, args=(postgres, log))
    back.start()
    try:
        with serving(postgres.url, log, database_wait="60") as (_, address):
            assert httpx2.get(f"{address}/readyz").status_code == 200
    finally:
        back.join()
    assert WAITING in log.read_text()


def test_a_start_gives_up_after_a_while_and_says_why(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://somebody:s3cret@/register?host={tmp_path}"
    environs = environment(url, database_wait="0.5")
    ended = subprocess.run(SERVE, cwd=ROOT, env=environs, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "does not answer: " in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr
    assert "s3cret" not in ended.stderr
