"""What an operator reads about a process, and who may read it."""

import re
from typing import Final

import pytest
from fastapi.testclient import TestClient

from app import __version__
from app.main import create_app
from app.platform.settings import Settings
from tests.controllers.factories import controller

HERE: Final = ("127.0.0.1", 50000)


def figures(client: TestClient) -> dict[str, float]:
    """Return every figure by its name and labels."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found = re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", answer.text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def test_requests_are_counted_by_operation_and_status(settings: Settings) -> None:
    with TestClient(create_app(settings), client=HERE) as client:
        client.post("/v1/controllers", json=controller())
        for path in ("/v1/controllers/acme", "/v1/controllers/s3cret", "/v1/s3cret"):
            client.get(path)
        found = figures(client)
        assert "s3cret" not in client.get("/metrics").text
    assert found['envanter_requests_total{operation="create_controller",status="201"}'] == 1
    assert found['envanter_requests_total{operation="get_controller",status="404"}'] == 1
    assert found['envanter_requests_total{operation="other",status="404"}'] == 1
    assert found['envanter_request_duration_seconds_count{operation="get_controller"}'] == 2
    assert found[f'envanter_build_info{{version="{__version__}"}}'] == 1
    assert found["process_open_fds"] > 0


def test_writers_that_wait_and_connections_in_use_are_shown(settings: Settings) -> None:
    with TestClient(create_app(settings), client=HERE) as client:
        client.post("/v1/controllers", json=controller())
        found = figures(client)
    assert (found["envanter_writers_waiting"], found["envanter_write_wait_seconds_count"]) == (0, 1)
    assert found['envanter_connections_in_use{pool="reads"}'] == 0
    assert found['envanter_connections_most{pool="writes"}'] == settings.threads


@pytest.mark.parametrize(
    ("address", "networks", "status"),
    [
        ("127.0.0.1", "", 200),
        ("::1", "", 200),
        ("192.0.2.7", "", 404),
        ("192.0.2.7", "192.0.2.0/24, fd00::/8", 200),
        ("fd00::7", "192.0.2.0/24, fd00::/8", 200),
        ("198.51.100.1", "192.0.2.0/24", 404),
        ("unknown", "0.0.0.0/0", 404),
    ],
)
def test_others_than_this_machine_read_them_only_where_the_operator_names_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str, networks: str, status: int
) -> None:
    monkeypatch.setenv("ENVANTER_METRICS_FROM", networks)
    app = create_app(Settings(database_url=settings.database_url))
    answer = TestClient(app, client=(address, 1)).get("/metrics")
    assert answer.status_code == status
    assert ("envanter" in answer.text) is (status == 200)
