"""A server that is told to end finishes what it began and begins nothing; its log tells all of it in one form."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from tests.conftest import Server
from tests.controllers.factories import controller
from tests.durability.serving import serving
from tests.platform.test_waiting import held

SECRET: Final = "s3cret"  # noqa: S105 - of nobody


def refused(address: str) -> bool:
    """Tell whether nobody accepts a new connection."""
    try:
        httpx2.get(f"{address}/healthz")
    except httpx2.ConnectError:
        return True
    return False


def wait_until_refused(address: str) -> None:
    end = time.monotonic() + 30
    while not refused(address):
        assert time.monotonic() < end
        time.sleep(0.05)


def post(address: str) -> httpx2.Response:
    return httpx2.post(f"{address}/v1/controllers", json=controller("last"), timeout=60)


def wait_for_writer(address: str) -> None:
    end = time.monotonic() + 30
    while "envanter_writers_waiting 1.0" not in httpx2.get(f"{address}/metrics").text:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_server_that_is_told_to_end_finishes_a_running_request_and_takes_no_new_one(
    server: Server, settings: Settings, tmp_path: Path
) -> None:
    with serving(settings.database_url, tmp_path / "log") as (process, address), ThreadPoolExecutor(1) as pool:
        with held(server, settings):
            write = pool.submit(post, address)
            wait_for_writer(address)
            process.send_signal(signal.SIGTERM)
            wait_until_refused(address)
            assert not write.done()
        assert write.result().status_code == 201
        assert process.wait(30) == 0
    with TestClient(create_app(settings)) as client:
        assert client.get("/v1/controllers/last").status_code == 200
    log = (tmp_path / "log").read_text()
    assert " request method=POST operation=create_controller status=201 ms=" in log
    assert "Traceback" not in log


def test_what_does_not_finish_in_time_is_given_up(server: Server, settings: Settings, tmp_path: Path) -> None:
    shown = {"shutdown_timeout": "1", "lock_timeout": "5"}
    with serving(settings.database_url, tmp_path / "log", **shown) as (process, address), ThreadPoolExecutor(1) as pool:
        with held(server, settings):
            write = pool.submit(post, address)
            wait_for_writer(address)
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        with pytest.raises((httpx2.TransportError, AssertionError)):
            assert write.result().status_code == 201


def test_everything_is_logged_as_json_without_secrets(sqlite_server: Server, tmp_path: Path) -> None:
    log = tmp_path / "log"
    secret, headers = {"Authorization": f"Bearer {SECRET}"}, {"Cookie": SECRET, "X-Request-ID": "abc"}
    with serving(sqlite_server.copy("vocabularies"), log, log_format="json") as (process, address):
        answer = httpx2.get(f"{address}/v1/controllers/{SECRET}", headers=secret, params={"fields": SECRET})
        assert "server" not in answer.headers
        httpx2.post(f"{address}/v1/controllers", headers=headers, json=controller(note=SECRET))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert SECRET not in log.read_text()
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    made = next(line for line in lines if line.get("operation") == "create_controller")
    assert (made["status"], made["caller"], made["request_id"], made["level"]) == (201, "local", "abc", "info")
    assert made["ms"] > 0
    assert {"event", "timestamp"} <= set(made)
