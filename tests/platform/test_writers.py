"""Two who write at once: one wins, the other is told, and nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from tests.activities.factories import activity, add_activity
from tests.controllers.factories import add_controller
from tests.platform.calling import done, etag, read

Call = Callable[[TestClient, int], httpx2.Response]
Pair = tuple[TestClient, TestClient]


@pytest.fixture
def pair(settings: Settings) -> Iterator[Pair]:
    """Two services on one register."""
    with TestClient(create_app(settings)) as one, TestClient(create_app(settings)) as other:
        add_controller(one)
        yield one, other


def at_once(pair: Pair, call: Call) -> list[httpx2.Response]:
    """Let two threads of each service make a call at the same moment."""
    barrier = Barrier(4)

    def run(number: int) -> httpx2.Response:
        barrier.wait()
        return call(pair[number % 2], number)

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(run, range(4)), key=lambda answer: answer.status_code)


@pytest.mark.parametrize("attempt", ["first", "second", "third"])
def test_of_several_writers_with_one_etag_exactly_one_wins(pair: Pair, attempt: str) -> None:
    match = {"If-Match": etag(pair[0], "/v1/controllers/acme")}

    def patch(client: TestClient, number: int) -> httpx2.Response:
        return client.patch("/v1/controllers/acme", json={"note": f"{attempt} {number}"}, headers=match)

    answers = at_once(pair, patch)
    assert [answer.status_code for answer in answers] == [200, 412, 412, 412]
    assert read(pair[1], "/v1/controllers/acme") == answers[0].json()
    assert answers[0].json()["revision"] == 2


def test_one_of_several_statements_put_at_once_is_kept(pair: Pair) -> None:
    add_activity(pair[0])
    match = {"If-Match": etag(pair[0], "/v1/activities/acme:bordro")}

    def put(client: TestClient, number: int) -> httpx2.Response:
        address = f"/v1/activities/acme:bordro/uses/u{number}"
        return client.put(address, json={"purposes": ["finance_and_accounting"]}, headers=match)

    assert [answer.status_code for answer in at_once(pair, put)] == [200, 412, 412, 412]
    assert len(read(pair[1], "/v1/activities/acme:bordro")["uses"]) == 1


def test_a_code_is_given_once(pair: Pair) -> None:
    answers = at_once(pair, lambda client, n: client.post("/v1/activities", json=activity(description=f"{n}")))
    assert [answer.status_code for answer in answers] == [201, 409, 409, 409]
    assert done(pair[0].get("/v1/activities/acme:bordro")) == answers[0].json()


def test_what_is_ended_while_another_changes_it_is_told(pair: Pair) -> None:
    match = {"If-Match": etag(pair[0], "/v1/controllers/acme")}

    def end_or_change(client: TestClient, number: int) -> httpx2.Response:
        body = None if number % 2 else {"note": "sonra"}
        return client.request("DELETE" if number % 2 else "PATCH", "/v1/controllers/acme", json=body, headers=match)

    statuses = [answer.status_code for answer in at_once(pair, end_or_change)]
    assert statuses in ([200, 412, 412, 412], [204, 404, 404, 404])


def test_writers_of_different_things_all_succeed_and_readers_see_whole_states(pair: Pair) -> None:
    def add_and_read(client: TestClient, number: int) -> httpx2.Response:
        add_activity(client, f"a{number}", uses=[{"purposes": ["finance_and_accounting"]}] * 3)
        return client.get("/v1/activities", params={"limit": 10})

    answers = at_once(pair, add_and_read)
    assert [answer.status_code for answer in answers] == [200] * 4
    for answer in answers:
        assert all(len(item["uses"]) == 3 for item in answer.json()["items"])
    assert len(read(pair[0], "/v1/activities")["items"]) == 4
