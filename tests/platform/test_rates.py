"""A caller makes so many requests in a while, each process counts for itself, and this machine is not counted."""

import time
from typing import Final

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.rates import MOST_CALLERS, Moments
from app.platform.settings import Settings
from tests.conftest import Server
from tests.platform.calling import problem, refusal

FAR: Final = ("192.0.2.7", 50000)
NEAR: Final = ("127.0.0.1", 50000)
PATH: Final = "/healthz"


@pytest.fixture(scope="module")
def url(sqlite_server: Server) -> str:
    """A register; no database counts requests."""
    return sqlite_server.copy("vocabularies")


def caller(url: str, rate: str | None, client: tuple[str, int] = FAR) -> TestClient:
    """Return a caller of a service with a rate."""
    return TestClient(create_app(Settings(database_url=url, rate_limit=rate)), client=client)


def test_a_caller_is_refused_when_its_rate_is_used_up_and_told_when_to_come_again(url: str) -> None:
    client = caller(url, "3/minute")
    for left in (2, 1, 0):
        answer = client.get(PATH)
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"default";q=3;w=60'
        assert answer.headers["ratelimit"].startswith(f'"default";r={left};t=')
    refused = client.get(PATH)
    assert problem(refused, 429)["type"] == "/problems/too-many-requests"
    assert refusal(refused, 429)["message"].startswith("At most 3 requests in 60 seconds; the next one in ")
    assert 50 < int(refused.headers["retry-after"]) <= 60
    assert {"ratelimit", "x-request-id", "x-content-type-options"} <= set(refused.headers)


def test_a_refused_request_does_not_count_and_the_window_moves(url: str) -> None:
    client = caller(url, "2/second")
    statuses: list[int] = []
    until = time.monotonic() + 20
    while statuses.count(200) < 6 and time.monotonic() < until:
        statuses.append(client.get(PATH).status_code)
    assert statuses.count(200) == 6
    assert statuses[:2] == [200, 200]


def test_keys_are_counted_apart_and_addresses_too(url: str) -> None:
    app = create_app(Settings(database_url=url, rate_limit="1/minute"))
    one, other = TestClient(app, client=FAR), TestClient(app, client=("192.0.2.8", 1))
    assert [one.get(PATH).status_code, other.get(PATH).status_code, one.get(PATH).status_code] == [200, 200, 429]
    for key in ("a", "b"):
        headers = {"Authorization": f"Bearer {key}"}
        assert [client.get(PATH, headers=headers).status_code for client in (one, other)] == [200, 429]


@pytest.mark.parametrize(
    ("rate", "client", "is_counted"),
    [
        (None, NEAR, False),
        (None, ("::1", 1), False),
        (None, FAR, True),
        (None, ("unknown", 1), True),
        ("9/minute", NEAR, True),
        ("off", FAR, False),
    ],
)
def test_this_machine_is_counted_only_where_the_operator_sets_a_rate(
    url: str, rate: str | None, client: tuple[str, int], is_counted: bool
) -> None:
    assert ("ratelimit" in caller(url, rate, client).get(PATH).headers) is is_counted


def test_of_more_callers_than_can_be_held_the_most_silent_is_forgotten() -> None:
    moments = Moments()
    for number in range(MOST_CALLERS + 5):
        assert moments.acquire_entry(str(number), 1, 60)
    assert not moments.acquire_entry(str(MOST_CALLERS), 1, 60)
    assert moments.get("0") == 0
    assert moments.reset() == MOST_CALLERS


def test_what_is_no_rate_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="rate_limit"):
        Settings(rate_limit="many")
