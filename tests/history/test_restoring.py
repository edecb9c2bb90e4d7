"""Restoring follows the rules of a PUT: what the old content refers to must still be there."""

import pytest
from fastapi.testclient import TestClient

from tests.activities.factories import add_activity
from tests.controllers.factories import add_controller
from tests.documents.factories import add_document
from tests.platform.calling import Json, change, done, etag, problem, read, refusal
from tests.recipients.factories import add_recipient
from tests.vocabularies.factories import add_term

ACTIVITY = "/v1/activities/acme:bordro"


@pytest.fixture
def office(client: TestClient) -> TestClient:
    """A register with a controller."""
    add_controller(client)
    return client


def restore(client: TestClient, path: str, number: int = 1, match: str | None = None) -> Json:
    """Bring back a revision that can be."""
    return done(attempt(client, path, number, match))


def attempt(client: TestClient, path: str, number: int = 1, match: str | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Try to bring back a revision."""
    return client.post(f"{path}/revisions/{number}/restore", headers={"If-Match": match or etag(client, path)})


def end(client: TestClient, path: str) -> str:
    """End a resource; return the ETag that it had."""
    known = etag(client, path)
    assert change(client, "DELETE", path).status_code == 204
    return known


@pytest.mark.parametrize(
    ("path", "where", "statement"),
    [
        ("/v1/purposes/acme:t", "purposes", {"purposes": ["acme:t"]}),
        ("/v1/documents/acme:politika", "documents", {"document": "politika"}),
    ],
)
def test_an_activity_whose_old_content_names_what_has_ended_is_not_restored(
    office: TestClient, path: str, where: str, statement: Json
) -> None:
    add_term(office, "purposes", "t")
    add_document(office)
    add_activity(office, uses=[statement])
    done(change(office, "PATCH", ACTIVITY, {"uses": []}))
    end(office, path)
    answer = attempt(office, ACTIVITY)
    document = problem(answer, 409)
    assert document["type"] == "/problems/not-restorable"
    item = refusal(answer, 409)
    code = path.rsplit("/", 1)[1]
    assert (item["code"], item["pointer"].split("/")[1]) == ("ended_since", "uses")
    assert item["message"] == f"Revision 1 names “{code}” in {where}, which has ended since then."
    assert (
        "sonlandırılmış"
        in office.post(
            f"{ACTIVITY}/revisions/1/restore", headers={"If-Match": etag(office, ACTIVITY), "Accept-Language": "tr"}
        ).json()["detail"]
    )
    assert read(office, ACTIVITY)["revision"] == 2


def test_a_recipient_under_an_ended_one_and_a_term_under_an_ended_one_are_refused(office: TestClient) -> None:
    add_recipient(office, "holding")
    add_recipient(office, parent="holding")
    sgk = end(office, "/v1/recipients/sgk")
    end(office, "/v1/recipients/holding")
    assert refusal(attempt(office, "/v1/recipients/sgk", 1, sgk), 409)["pointer"] == "/parent"
    add_term(office, "purposes", "a")
    add_term(office, "purposes", "b", under=["acme:a"])
    narrow = end(office, "/v1/purposes/acme:b")
    wide = end(office, "/v1/purposes/acme:a")
    assert refusal(attempt(office, "/v1/purposes/acme:b", 1, narrow), 409)["code"] == "ended_since"
    restore(office, "/v1/purposes/acme:a", 1, wide)
    assert restore(office, "/v1/purposes/acme:b", 1, narrow)["under"][0]["code"] == "acme:a"
    assert [one["code"] for one in read(office, "/v1/purposes", under="acme:a")["items"]] == ["acme:a", "acme:b"]


def test_what_belongs_to_an_ended_controller_is_refused_until_the_controller_lives_again(office: TestClient) -> None:
    add_controller(office, "bayi")
    add_document(office, "d", "bayi")
    document, controller = end(office, "/v1/documents/bayi:d"), end(office, "/v1/controllers/bayi")
    assert refusal(attempt(office, "/v1/documents/bayi:d", 1, document), 409)["code"] == "ended_since"
    restore(office, "/v1/controllers/bayi", 1, controller)
    assert restore(office, "/v1/documents/bayi:d", 1, document)["revision"] == 2


def test_an_official_term_is_not_restored(office: TestClient) -> None:
    document = problem(attempt(office, "/v1/purposes/finance_and_accounting"), 409)
    assert document["type"] == "/problems/immutable"


def test_a_common_term_keeps_what_only_the_product_may_say_of_it(office: TestClient) -> None:
    path = "/v1/transfer-mechanisms/consent_mechanism_regime_unknown"
    first = read(office, path)
    assert first["is_consent"]
    done(change(office, "PATCH", path, {"note": "x"}))
    known = end(office, path)
    assert restore(office, path, 1, known) == {**first, "revision": 3}
    assert restore(office, path, 2)["note"] == "x"


def test_a_cycle_that_would_come_back_is_refused(office: TestClient) -> None:
    add_term(office, "purposes", "a")
    add_term(office, "purposes", "b", under=["acme:a"])
    done(change(office, "PATCH", "/v1/purposes/acme:b", {"under": []}))
    done(change(office, "PATCH", "/v1/purposes/acme:a", {"under": ["acme:b"]}))
    assert refusal(attempt(office, "/v1/purposes/acme:b"), 409)["code"] == "cycle"


def test_a_declaration_of_the_server_stays_one_and_facts_follow_a_restored_activity(office: TestClient) -> None:
    first = add_activity(office, uses=[{"key": "u", "purposes": ["finance_and_accounting"]}])
    declared = f"/v1/documents/{first['uses'][0]['document']}"
    activity, document = end(office, ACTIVITY), end(office, declared)
    assert read(office, "/v1/facts/uses")["items"] == []
    restore(office, declared, 1, document)
    assert read(office, declared)["origin"] == "declaration"
    assert restore(office, ACTIVITY, 1, activity) == {**first, "revision": 2}
    assert [fact["key"] for fact in read(office, "/v1/facts/uses")["items"]] == ["u"]
