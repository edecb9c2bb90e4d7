"""Every request has an id and one line in the log, and what fails inside tells the caller nothing but that id."""

import logging
import uuid
from typing import Final

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from app.platform.tracing import REQUEST_ID
from tests.controllers.factories import controller
from tests.platform.calling import Json

ID: Final = "X-Request-ID"
LINES: Final = "envanter.requests"


def lines(caplog: pytest.LogCaptureFixture) -> list[Json]:
    """Return what the lines about requests say."""
    names = ("method", "operation", "status", "caller")
    return [{name: vars(record)[name] for name in names} for record in caplog.records if record.name == LINES]


@pytest.mark.parametrize("given", ["7f3a", "a" * 128, "req-1_2.3~x"])
def test_an_id_that_the_caller_gives_is_answered(shared: TestClient, given: str) -> None:
    for path in ("/v1/controllers", "/v1/nothing", "/docs", "/healthz"):
        assert shared.get(path, headers={ID: given}).headers[ID] == given


@pytest.mark.parametrize("given", [None, "", "a" * 129, "a b", "çay", 'x"', "a\tb"])
def test_an_id_is_made_where_the_caller_gives_none_that_is_well_formed(shared: TestClient, given: str | None) -> None:
    headers = [] if given is None else [(ID.encode(), given.encode())]
    first, second = (shared.get("/v1/controllers", headers=headers).headers.get_list(ID) for _ in range(2))
    assert [len(first), len(second)] == [1, 1]
    assert uuid.UUID(first[0]) != uuid.UUID(second[0])


def test_the_id_is_known_where_the_work_is_done(settings: Settings) -> None:
    app = create_app(settings)

    @app.get("/inside")
    def look() -> str | None:
        return REQUEST_ID.get()

    with TestClient(app) as client:
        assert client.get("/inside", headers={ID: "abc"}).json() == "abc"
    assert REQUEST_ID.get() is None


@pytest.mark.parametrize(
    ("path", "operation", "status"),
    [
        ("/v1/controllers/acme?fields=code", "get_controller", 200),
        ("/v1/controllers/nobody", "get_controller", 404),
        ("/v1/controllers?controler=s3cret", "list_controllers", 422),
        ("/v1/s3cret", "other", 404),
        ("/healthz", "check_health", 200),
        ("/v1/controllers?key=s3cret", "other", 401),
    ],
)
def test_one_line_names_the_operation_and_nothing_that_was_sent(
    shared: TestClient, caplog: pytest.LogCaptureFixture, path: str, operation: str, status: int
) -> None:
    caplog.set_level(logging.INFO, LINES)
    headers = {"Cookie": "s3cret"} | ({"Authorization": "Bearer s3cret"} if status == 401 else {})
    shared.get(path, headers=headers)
    caller = "-" if status == 401 or operation == "check_health" else "local"
    assert lines(caplog) == [{"method": "GET", "operation": operation, "status": status, "caller": caller}]
    assert "s3cret" not in str([vars(record) for record in caplog.records if record.name == LINES])


def test_a_change_is_logged_with_its_caller_and_without_its_body(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LINES)
    client.post("/v1/controllers", json=controller(note="s3cret"))
    assert [line["caller"] for line in lines(caplog)] == ["local"]
    assert "s3cret" not in str([vars(record) for record in caplog.records])


def failing(settings: Settings) -> TestClient:
    """Return a caller of a service with a defect."""
    app = create_app(settings)

    @app.get("/defect")
    def fail() -> None:
        raise LookupError("s3cret of the inside")

    return TestClient(app)


def test_a_defect_is_answered_with_its_id_and_nothing_of_the_inside(settings: Settings) -> None:
    with failing(settings) as client:
        answer: httpx2.Response = client.get("/defect", headers={ID: "abc", "Accept-Language": "tr"})
    document = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert (document["type"], document["request_id"], answer.headers[ID]) == ("/problems/unexpected", "abc", "abc")
    assert "abc istek numarasıyla bildirin" in document["detail"]
    assert "s3cret" not in answer.text
    assert "LookupError" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_defect_is_written_once_with_its_traceback(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with failing(settings) as client:
        client.get("/defect")
        assert client.get("/v1/controllers").status_code == 200
    failures = [record for record in caplog.records if record.exc_info]
    assert [record.name for record in failures] == [LINES]
    assert "s3cret of the inside" in str(failures[0].exc_info)
