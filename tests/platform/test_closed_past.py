"""The past is closed: an answer `as_of` an instant never changes, even if it was asked for while others wrote."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from fastapi.testclient import TestClient

from app.audit import Ledger
from app.controllers.schemas import ControllerWrite
from app.controllers.service import create_controller
from app.ledger import create_ledger
from app.main import create_app
from app.platform.settings import Settings
from tests.controllers.factories import add_controller
from tests.platform.calling import done, read, refusal

PATH = "/v1/controllers"
MOMENTS = 0.3


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """Another process, as good as: it shares nothing with the service but the database."""
    found = create_ledger(settings)
    yield found
    found.database.close()


def test_an_instant_at_which_a_change_was_under_way_is_answered_after_it(client: TestClient, ledger: Ledger) -> None:
    """The change has its instant and is not committed; who asks for a later instant waits, and is told of it."""
    read(client, PATH)
    with ThreadPoolExecutor(1) as pool:
        with ledger.changing("other") as session:
            create_controller(session, ControllerWrite(code="yeni"))
            after = (session.moment + timedelta(microseconds=1)).isoformat()
            asked = pool.submit(read, client, PATH, as_of=after, fields="code")
            with pytest.raises(TimeoutError):
                asked.result(timeout=MOMENTS)
        answer = asked.result()
    assert [item["code"] for item in answer["items"]] == ["yeni"]
    assert read(client, PATH, as_of=after, fields="code") == answer


def test_who_asks_for_now_or_for_the_closed_past_waits_for_nobody(client: TestClient, ledger: Ledger) -> None:
    add_controller(client, "eski")
    with ledger.changing("other") as session:
        past = (session.moment - timedelta(microseconds=1)).isoformat()
        create_controller(session, ControllerWrite(code="yeni"))
    with ledger.changing("other") as session:
        create_controller(session, ControllerWrite(code="daha_yeni"))
        assert [item["code"] for item in read(client, PATH, as_of=past)["items"]] == ["eski"]
        assert [item["code"] for item in read(client, PATH)["items"]] == ["eski", "yeni"]


def test_a_question_names_the_instant_at_which_it_gives_the_same_answer(client: TestClient, ledger: Ledger) -> None:
    add_controller(client, "eski")
    address = "/v1/questions/uses-without-legal-basis"
    with ledger.changing("other") as session:
        create_controller(session, ControllerWrite(code="yeni"))
        answer = read(client, address, on="2026-11-22")
        assert answer["as_of"] < session.moment.isoformat().replace("+00:00", "Z")
    again = read(client, address, on="2026-11-22", as_of=answer["as_of"])
    assert {**again, "parameters": {}} == {**answer, "parameters": {}}


def test_an_instant_just_ahead_is_waited_for_and_one_far_ahead_is_refused(client: TestClient) -> None:
    ahead = datetime.now(UTC) + timedelta(milliseconds=200)
    done(client.get(PATH, params={"as_of": ahead.isoformat()}))
    assert datetime.now(UTC) > ahead
    far = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert refusal(client.get(PATH, params={"as_of": far}), 422)["code"] == "as_of_future"


def test_every_answer_as_of_its_own_moment_is_given_again_after_a_storm_of_writes(settings: Settings) -> None:
    """Two writers and two readers on two services; each reader keeps what it was told, and asks again at the end."""
    ended = Event()

    def write(caller: TestClient, name: str) -> None:
        for number in range(25):
            add_controller(caller, f"{name}{number}")

    def ask(caller: TestClient) -> dict[str, bytes]:
        told: dict[str, bytes] = {}
        while not ended.is_set():
            now = datetime.now(UTC).isoformat()
            told[now] = caller.get(PATH, params={"as_of": now, "fields": "code", "limit": 500}).content
        return told

    with TestClient(create_app(settings)) as one, TestClient(create_app(settings)) as other:
        for caller in (one, other):
            read(caller, PATH)
        with ThreadPoolExecutor(4) as pool:
            readers: list[Future[dict[str, bytes]]] = [pool.submit(ask, caller) for caller in (one, other)]
            writers = [pool.submit(write, one, "a"), pool.submit(write, other, "b")]
            for writer in writers:
                writer.result()
            ended.set()
            told = {moment: answer for reader in readers for moment, answer in reader.result().items()}
        assert len(set(told.values())) > 5
        for moment, answer in told.items():
            again = one.get(PATH, params={"as_of": moment, "fields": "code", "limit": 500})
            assert again.content == answer, moment
