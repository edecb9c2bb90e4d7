"""Recipients: shared by all or one controller's own, in a group, belonging to one another."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from tests.controllers.factories import add_controller
from tests.platform.calling import change, read, refusal
from tests.recipients.factories import add_recipient, recipient
from tests.vocabularies.factories import add_term


@pytest.fixture
def two(client: TestClient) -> TestClient:
    """A register with two controllers."""
    add_controller(client)
    add_controller(client, "other")
    return client


def codes(client: TestClient, **params: object) -> list[str]:
    """Return the codes of recipients in the order of their codes."""
    return [item["code"] for item in read(client, "/v1/recipients", sort="code", **params)["items"]]


def test_codes_in_a_recipient_are_shown_with_names_and_labels(client: TestClient) -> None:
    add_recipient(client, "holding", name="Holding A.Ş.")
    made = add_recipient(client, "bulut", group="suppliers", parent="holding", seat="US", name_en="Cloud")
    assert made["group"] == {"code": "suppliers", "label": {"tr": "Tedarikçiler", "en": "Suppliers"}}
    assert made["parent"] == {"code": "holding", "name": "Holding A.Ş."}
    assert (made["controller"], made["seat"], made["kind"]) == (None, "US", "named")


def test_as_of_shows_the_names_of_that_time(client: TestClient) -> None:
    add_recipient(client, "holding", name="Eski Ad")
    old = add_recipient(client, "bulut", parent="holding")
    before = datetime.now(UTC).isoformat()
    change(client, "PATCH", "/v1/recipients/holding", {"name": "Yeni Ad"})
    assert read(client, "/v1/recipients/bulut", as_of=before) == old
    now = client.get("/v1/recipients/bulut")
    assert now.json() == {**old, "parent": {"code": "holding", "name": "Yeni Ad"}}


def test_a_renamed_parent_changes_the_etag_but_not_the_revision(client: TestClient) -> None:
    add_recipient(client, "holding")
    add_recipient(client, "bulut", parent="holding")
    old = client.get("/v1/recipients/bulut").headers["etag"]
    change(client, "PATCH", "/v1/recipients/holding", {"name": "Yeni Ad"})
    new = client.get("/v1/recipients/bulut").headers["etag"]
    assert old != new
    assert old.split("-")[0] == new.split("-")[0]
    answer = client.patch("/v1/recipients/bulut", json={"note": "x"}, headers={"If-Match": old})
    assert answer.status_code == 200


@pytest.mark.parametrize(("field", "known"), [("group", "suppliers"), ("parent", "sgk")])
def test_an_unknown_code_is_named_with_what_is_allowed(client: TestClient, field: str, known: str) -> None:
    add_recipient(client)
    error = refusal(client.post("/v1/recipients", json=recipient("x", **{field: "yok"})), 422)
    assert (error["code"], error["pointer"]) == ("unknown_code", f"/{field}")
    assert known in error["allowed"]
    refusal(client.get("/v1/recipients/x"), 404)


def test_what_belongs_to_another_controller_is_out_of_reach(two: TestClient) -> None:
    add_recipient(two, "other:holding")
    add_term(two, "recipient-groups", "servis", "other")
    for field, value in (("parent", "other:holding"), ("group", "other:servis")):
        own = refusal(two.post("/v1/recipients", json=recipient("acme:x", **{field: value})), 422)
        assert (own["code"], own["pointer"]) == ("other_controller", f"/{field}")
        shared = refusal(two.post("/v1/recipients", json=recipient("x", **{field: value})), 422)
        assert (shared["code"], shared["pointer"]) == ("common_needs_no_controller", f"/{field}")
        add_recipient(two, f"other:x-{field}", **{field: value})


def test_nobody_belongs_to_itself_however_long_the_way(client: TestClient) -> None:
    add_recipient(client, "a")
    add_recipient(client, "b", parent="a")
    add_recipient(client, "c", parent="b")
    for parent in ("a", "b", "c"):
        error = refusal(change(client, "PATCH", "/v1/recipients/a", {"parent": parent}), 422)
        assert (error["code"], error["pointer"]) == ("cycle", "/parent")
    assert change(client, "PATCH", "/v1/recipients/c", {"parent": "a"}).status_code == 200


def test_filters_choose_by_group_and_what_stands_under_it(two: TestClient) -> None:
    add_term(two, "recipient-groups", "bulut", under=["suppliers"])
    add_recipient(two, "a", group="suppliers", seat="US")
    add_recipient(two, "acme:b", group="acme:bulut", parent="a")
    add_recipient(two, "c", group="shareholders", kind="class", seat="DE")
    assert codes(two, group="suppliers") == ["a", "acme:b"]
    assert codes(two, group="acme:bulut") == ["acme:b"]
    assert codes(two, controller="acme") == codes(two, parent="a") == ["acme:b"]
    assert codes(two, kind="class") == codes(two, seat="DE") == ["c"]
    assert codes(two, seat=["DE", "US"]) == ["a", "c"]
    assert codes(two, seat="US", kind="class") == []


def test_the_english_rendering_is_found_too(client: TestClient) -> None:
    add_recipient(client, "bankalar", name="Bankalar", name_en="Banks", kind="class")
    assert codes(client, q="bank") == codes(client, q="BANKS") == ["bankalar"]
