"""Several processes on one database behave as one: one effect for a key, one winner for an ETag."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import httpx2
import pytest
from sqlalchemy import func, select

from app.audit.tables import Change
from app.ledger import create_ledger
from app.platform.settings import Settings
from tests.activities.factories import activity
from tests.conftest import BACKENDS, Server
from tests.controllers.factories import controller
from tests.durability.serving import serving

PROCESSES: Final = 2
AT_ONCE: Final = 100


@dataclass(frozen=True)
class Register:
    """A register with one controller, and the addresses of the servers on it."""

    url: str
    addresses: list[str]

    def address(self, number: int) -> str:
        """Return the servers' addresses in turn."""
        return self.addresses[number % PROCESSES]

    def changes(self) -> int:
        """Return how many changes the register has seen."""
        ledger = create_ledger(Settings(database_url=self.url))
        with ledger.reading() as session:
            count = int(session.value(select(func.count()).select_from(Change)))
        ledger.database.close()
        return count


@pytest.fixture(scope="module", params=BACKENDS)
def register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """Several servers on one register."""
    server: Server = request.getfixturevalue(f"{request.param}_server")
    url, logs = server.copy("vocabularies"), tmp_path_factory.mktemp("logs")
    with ExitStack() as stack:
        shown = [serving(url, logs / str(number), lock_timeout="60") for number in range(PROCESSES)]
        found = Register(url, [stack.enter_context(one)[1] for one in shown])
        assert httpx2.post(f"{found.address(0)}/v1/controllers", json=controller()).status_code == 201
        yield found


def at_once(count: int, call: Callable[[int], httpx2.Response]) -> list[httpx2.Response]:
    """Make so many calls at the same moment."""
    barrier = threading.Barrier(count)

    def run(number: int) -> httpx2.Response:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_hundred_posts_with_one_key_at_once_have_one_effect(register: Register) -> None:
    headers, before = {"Idempotency-Key": str(uuid.uuid4())}, register.changes()

    def post(number: int) -> httpx2.Response:
        address = f"{register.address(number)}/v1/activities"
        return httpx2.post(address, json=activity(), headers=headers, timeout=120)

    answers = at_once(AT_ONCE, post)
    told = [[answer.headers[name] for name in ("etag", "location", "content-type")] for answer in answers]
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert told == [told[0]] * AT_ONCE
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == AT_ONCE - 1
    assert register.changes() == before + 1


@pytest.mark.parametrize("attempt", ["first", "second", "third"])
def test_of_writers_with_one_etag_in_several_processes_exactly_one_wins(register: Register, attempt: str) -> None:
    path, before = "/v1/controllers/acme", register.changes()
    match = {"If-Match": httpx2.get(register.address(0) + path).headers["etag"]}

    def patch(number: int) -> httpx2.Response:
        body = {"note": f"{attempt} {number}"}
        return httpx2.patch(register.address(number) + path, json=body, headers=match, timeout=120)

    answers = at_once(10, patch)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert httpx2.get(register.address(1) + path).json() == winner.json()
    assert register.changes() == before + 1
