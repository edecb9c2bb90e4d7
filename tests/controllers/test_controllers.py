"""The controller's record is the register's own view; it may lack anything but its code."""

from typing import Any

from fastapi.testclient import TestClient

from tests.controllers.factories import add_controller, controller
from tests.platform.calling import change, make, read, refusal


def test_a_code_is_enough(client: TestClient) -> None:
    made = make(client, "/v1/controllers", {"code": "acme"})
    del made["id"]
    assert {name: value for name, value in made.items() if value not in (None, [])} == {
        "code": "acme",
        "kind": "not_stated",
        "verbis_obligation": "not_stated",
        "practice": False,
        "revision": 1,
    }


def test_everything_that_is_said_comes_back(client: TestClient) -> None:
    whole = controller(
        kind="legal_person",
        country="TR",
        kep="acme@hs01.kep.tr",
        mersis="0123456789012345",
        verbis_obligation="registered",
        application_channels=[{"kind": "kep", "value": "acme@hs01.kep.tr"}, {"kind": "written", "value": None}],
        response_days=30,
        fee="Ücretsiz",
    )
    made = make(client, "/v1/controllers", whole)
    assert {name: made[name] for name in whole} == whole


def test_channels_are_replaced_whole_by_a_patch(client: TestClient) -> None:
    add_controller(client, application_channels=[{"kind": "kep"}, {"kind": "notary"}])
    patch = {"application_channels": [{"kind": "email", "value": "a@b.c"}]}
    body = change(client, "PATCH", "/v1/controllers/acme", patch).json()
    assert body["application_channels"] == patch["application_channels"]


WRONG: dict[str, dict[str, Any]] = {
    "/kind": {"kind": "company"},
    "/country": {"country": "TUR"},
    "/response_days": {"response_days": 3651},
    "/legal_name": {"legal_name": ""},
    "/short_name": {"short_name": "x" * 301},
    "/application_channels/1/kind": {"application_channels": [{"kind": "kep"}, {"kind": "pigeon"}]},
    "/application_channels/0/kind": {"application_channels": [{"value": "x"}]},
    "/application_channels/0/adress": {"application_channels": [{"kind": "kep", "adress": "x"}]},
}


def test_what_a_controller_cannot_be_is_refused_at_its_place(client: TestClient) -> None:
    for pointer, fields in WRONG.items():
        error = refusal(client.post("/v1/controllers", json=controller(**fields)), 422)
        assert error["pointer"] == pointer
    assert read(client, "/v1/controllers")["items"] == []


def test_a_country_is_written_in_capitals(client: TestClient) -> None:
    error = refusal(client.post("/v1/controllers", json=controller(country="tr")), 422)
    assert (error["pointer"], error["code"]) == ("/country", "unknown_country")
    assert refusal(client.get("/v1/controllers?country=tr"), 422)["parameter"] == "country"


def test_a_choice_is_refused_with_the_choices(client: TestClient) -> None:
    error = refusal(client.post("/v1/controllers", json=controller(kind="company")), 422)
    assert error["allowed"] == ["legal_person", "natural_person", "public_body", "not_stated"]


def test_text_is_kept_composed_and_without_space_around(client: TestClient) -> None:
    assert add_controller(client, note="  C\u0327ok satırlı\nnot\t ")["note"] == "Çok satırlı\nnot"


def test_filters_choose_by_kind_country_and_obligation(client: TestClient) -> None:
    add_controller(client, "a", kind="public_body", country="TR", verbis_obligation="exempt")
    add_controller(client, "b", kind="legal_person", country="DE", verbis_obligation="obliged")
    for name, value in (("kind", "legal_person"), ("country", "DE"), ("verbis_obligation", "obliged")):
        items = read(client, "/v1/controllers", **{name: value})["items"]
        assert [item["code"] for item in items] == ["b"]
