"""A POST with a key is carried out once, however often and from wherever it comes."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any, Final

import httpx2
import pytest
from fastapi import Request, Response
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from app.activities.tables import Activity
from app.audit import ChangeDep, Ledger
from app.audit.tables import Change
from app.controllers.schemas import ControllerWrite
from app.controllers.service import create_controller
from app.main import create_app
from app.platform.answers import MOST_CLEARED, KeptAnswer
from app.platform.http import note_answer
from app.platform.settings import Settings
from tests.activities.factories import activity
from tests.auth.factories import caller
from tests.contract.test_examples import CALLS, pressed
from tests.controllers.factories import add_controller, controller
from tests.platform.calling import problem, refusal
from tests.register.test_costs import counted

KEY: Final = "Idempotency-Key"
POSTS: Final = [name for name, call in CALLS.items() if call[0] == "post" and call[1] != "/v1/keys"]
BUNDLE: Final = b"format: envanter/1\ncontrollers:\n- {code: acme, legal_name: Acme}\n"


def keyed(key: str | None = None, **headers: str) -> dict[str, str]:
    """Return headers with a key."""
    return {KEY: key or str(uuid.uuid4()), **headers}


def ledger_of(client: TestClient) -> Ledger:
    ledger: Ledger = client.app.state.ledger  # type: ignore[attr-defined]
    return ledger


def count(client: TestClient, table: Any) -> int:  # noqa: ANN401 - any table
    """Return how many rows a table has."""
    with ledger_of(client).reading() as session:
        return int(session.value(select(func.count()).select_from(table)))


def age(client: TestClient, hours: float) -> None:
    """Make every kept answer older."""
    with ledger_of(client).changing("test") as session:
        for row in session.all(select(KeptAnswer.key, KeptAnswer.at)):
            older = row.at - timedelta(hours=hours)
            session.execute(update(KeptAnswer).where(KeptAnswer.key == row.key).values(at=older))


def same_again(first: httpx2.Response, again: httpx2.Response) -> bool:
    """Tell whether an answer is the first one, given again."""
    told = {"content-type", "etag", "location"}
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    return (first.status_code, first.content, [first.headers.get(name) for name in told]) == (
        again.status_code, again.content, [again.headers.get(name) for name in told],
    )  # fmt: skip


@pytest.mark.parametrize("name", POSTS)
def test_every_post_is_answered_again_without_a_second_effect(seeded: TestClient, name: str) -> None:
    headers = keyed()
    first = pressed(seeded, name, **headers)
    assert first.is_success, first.text
    changes = count(seeded, Change)
    assert same_again(first, pressed(seeded, name, **headers))
    assert count(seeded, Change) == changes


def test_the_same_answer_comes_after_the_thing_itself_has_changed(client: TestClient) -> None:
    headers = keyed()
    first = client.post("/v1/controllers", json=controller(), headers=headers)
    match = {"If-Match": first.headers["etag"]}
    assert client.patch("/v1/controllers/acme", json={"note": "sonra"}, headers=match).status_code == 200
    assert same_again(first, client.post("/v1/controllers", json=controller(), headers=headers))


def test_a_key_that_comes_with_another_request_is_refused(client: TestClient) -> None:
    headers = keyed()
    client.post("/v1/controllers", json=controller(), headers=headers)
    others: list[Callable[[], httpx2.Response]] = [
        lambda: client.post("/v1/controllers", json=controller("other"), headers=headers),
        lambda: client.post("/v1/recipients", json={"code": "r", "name": "R", "kind": "class"}, headers=headers),
        lambda: client.post("/v1/import", content=BUNDLE, headers={**headers, "Content-Type": "application/yaml"}),
    ]
    for other in others:
        answer = other()
        assert problem(answer, 422)["type"] == "/problems/idempotency-key-reused"
        assert refusal(answer, 422)["parameter"] == "idempotency-key"
    assert client.get("/v1/controllers/other").status_code == 404


def test_what_was_refused_may_be_corrected_and_sent_again_with_its_key(client: TestClient) -> None:
    headers = keyed()
    for _ in range(2):
        assert refusal(client.post("/v1/controllers", json={"code": "A"}, headers=headers), 422)
    assert client.post("/v1/controllers", json=controller(), headers=headers).status_code == 201
    assert client.post("/v1/controllers", json=controller(), headers=keyed()).status_code == 409
    assert count(client, KeptAnswer) == 1


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_an_import_is_done_once_and_a_trial_says_the_same_again(client: TestClient, dry_run: str) -> None:
    headers = keyed(**{"Content-Type": "application/yaml"})
    address = f"/v1/import?dry_run={dry_run}"
    first = client.post(address, content=BUNDLE, headers=headers)
    assert (first.json()["controllers"]["created"], first.json()["dry_run"]) == (1, dry_run == "true")
    assert same_again(first, client.post(address, content=BUNDLE, headers=headers))
    assert client.get("/v1/controllers/acme").status_code == (404 if dry_run == "true" else 200)
    if dry_run == "true":  # The trial and the deed are two requests.
        answer = client.post("/v1/import?dry_run=false", content=BUNDLE, headers=headers)
        assert problem(answer, 422)["type"] == "/problems/idempotency-key-reused"


@pytest.mark.parametrize("key", ["a b", "", "x" * 256, "çay", "a\tb"])
def test_a_key_is_visible_ascii(client: TestClient, key: str) -> None:
    headers = [(KEY.encode(), key.encode())]
    assert refusal(client.post("/v1/controllers", json=controller(), headers=headers), 422)["parameter"] == KEY.lower()
    assert client.get("/v1/controllers/acme").status_code == 404


def test_two_keys_are_none(client: TestClient) -> None:
    answer = client.post("/v1/controllers", json=controller(), headers=[(KEY, "a"), (KEY, "b")])
    assert refusal(answer, 422)["code"] == "bad_idempotency_key"


def test_an_answer_is_kept_for_a_day_and_then_cleared_away(client: TestClient) -> None:
    headers = keyed()
    client.post("/v1/controllers", json=controller(), headers=headers)
    age(client, 23.9)
    assert client.post("/v1/controllers", json=controller(), headers=headers).headers["idempotency-replayed"] == "true"
    age(client, 0.2)
    assert client.post("/v1/controllers", json=controller(), headers=headers).status_code == 409
    client.post("/v1/controllers", json=controller("other"), headers=keyed())
    assert count(client, KeptAnswer) == 1


def test_a_key_whose_day_is_over_is_a_new_one(client: TestClient) -> None:
    headers = keyed()
    client.post("/v1/controllers", json=controller(), headers=headers)
    age(client, 25)
    assert client.post("/v1/controllers", json=controller("other"), headers=headers).status_code == 201
    assert count(client, KeptAnswer) == 1


def test_one_write_clears_away_a_bounded_number(client: TestClient) -> None:
    with ledger_of(client).changing("test") as session:
        for number in range(MOST_CLEARED + 10):
            create_controller(session, ControllerWrite(code=f"c{number}"))
    for number in range(MOST_CLEARED + 10):
        answer = client.post("/v1/import", content=BUNDLE, headers=keyed(**{"Content-Type": "application/yaml"}))
        assert answer.status_code == 200, number
    age(client, 25)
    client.post("/v1/controllers", json=controller("one"), headers=keyed())
    assert count(client, KeptAnswer) == 11
    client.post("/v1/controllers", json=controller("two"), headers=keyed())
    assert count(client, KeptAnswer) == 2


def test_keys_of_different_callers_are_different_keys(client: TestClient) -> None:
    headers = keyed("k")
    client.post("/v1/controllers", json=controller(), headers=headers)
    with ledger_of(client).changing("test") as session:
        session.execute(update(KeptAnswer).values(caller="somebody else"))
    assert client.post("/v1/controllers", json=controller(), headers=headers).status_code == 409
    assert client.post("/v1/controllers", json=controller("mine"), headers=headers).status_code == 201


def test_an_answer_that_must_not_be_stored_is_not_kept_and_its_request_not_repeated(settings: Settings) -> None:
    app = create_app(settings)

    @app.post("/secrets")
    def give_secret(request: Request, session: ChangeDep) -> Response:
        create_controller(session, ControllerWrite(code="acme"))
        return note_answer(request, Response(b"s3cret", 201, {"Cache-Control": "no-store"}))

    headers = keyed()
    with TestClient(app) as client:
        assert client.post("/secrets", headers=headers).content == b"s3cret"
        assert refusal(client.post("/secrets", headers=headers), 409)["code"] == "answer_not_kept"
        with ledger_of(client).reading() as session:
            assert session.value(select(KeptAnswer.body)) is None


def test_a_key_for_callers_is_made_once_and_shown_once(client: TestClient) -> None:
    admin, headers, body = caller(client), keyed(), {"name": "a", "role": "reader", "controllers": "all"}
    made = admin.post("/v1/keys", json=body, headers=headers)
    assert made.json()["key"].startswith("env_")
    assert refusal(admin.post("/v1/keys", json=body, headers=headers), 409)["code"] == "answer_not_kept"
    assert refusal(admin.post("/v1/keys", json={**body, "name": "b"}, headers=headers), 422)
    assert len(admin.get("/v1/keys").json()["items"]) == 2


def test_a_post_that_forgets_to_note_its_answer_changes_nothing(settings: Settings) -> None:
    app = create_app(settings)

    @app.post("/forgetful")
    def forget(session: ChangeDep) -> dict[str, str]:
        create_controller(session, ControllerWrite(code="acme"))
        return {}

    with TestClient(app) as client:
        assert client.post("/forgetful").status_code == 500
        assert client.get("/v1/controllers/acme").status_code == 404


def test_a_hundred_at_once_with_one_key_have_one_effect(settings: Settings) -> None:
    with TestClient(create_app(settings)) as one, TestClient(create_app(settings)) as other:
        add_controller(one)
        barrier, headers, before = Barrier(100), keyed(), count(one, Change)

        def post(number: int) -> httpx2.Response:
            barrier.wait()
            return (one, other)[number % 2].post("/v1/activities", json=activity(), headers=headers)

        with ThreadPoolExecutor(100) as pool:
            answers = list(pool.map(post, range(100)))
        assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
        assert sum("idempotency-replayed" in answer.headers for answer in answers) == 99
        assert (count(one, Activity), count(one, Change)) == (1, before + 1)


def test_a_key_costs_three_statements_and_an_answer_given_again_one(client: TestClient) -> None:
    def statements(code: str, headers: dict[str, str]) -> int:
        with counted() as sent:
            assert client.post("/v1/controllers", json=controller(code), headers=headers).status_code == 201
        return len(sent)

    statements("first", {})  # which finds out who may call, too
    plain = statements("a", {})
    assert statements("b", keyed("k")) == plain + 3
    assert statements("b", keyed("k")) <= 2
