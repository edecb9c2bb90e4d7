"""A controller's own terms: attached to broader ones, and never another's."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.conftest import BACKENDS
from tests.controllers.factories import add_controller
from tests.platform.calling import change, problem, read, refusal
from tests.platform.registers import opened
from tests.vocabularies.factories import add_term, term


@pytest.fixture(scope="module", params=BACKENDS)
def two(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A register with two controllers; each test adds terms of its own."""
    with opened(request) as caller:
        add_controller(caller)
        add_controller(caller, "other")
        yield caller


def codes(client: TestClient, path: str, **params: object) -> list[str]:
    """Return the codes of a list."""
    return [item["code"] for item in read(client, path, **params)["items"]]


def test_a_bare_code_beside_its_controller_is_the_whole_code(two: TestClient) -> None:
    made = add_term(two, "purposes", "depolama")
    assert (made["code"], made["kind"], made["controller"]) == ("acme:depolama", "controller", "acme")
    again = two.post("/v1/purposes", json=term("acme:depolama", None))
    assert refusal(again, 409)["code"] == "duplicate"
    assert add_term(two, "purposes", "other:depolama", None)["controller"] == "other"
    assert add_term(two, "measures", "depolama")["id"] != made["id"]


def test_a_code_of_another_controller_is_refused(two: TestClient) -> None:
    error = refusal(two.post("/v1/purposes", json=term("other:x", "acme")), 422)
    assert (error["code"], error["pointer"]) == ("other_controller", "/code")
    error = refusal(two.post("/v1/purposes", json=term("x", "nobody")), 422)
    assert (error["code"], error["pointer"], error["allowed"]) == ("unknown_code", "/controller", ["acme", "other"])


def test_a_body_names_a_controller_by_its_code_alone(two: TestClient) -> None:
    uid = read(two, "/v1/controllers/acme")["id"]
    error = refusal(two.post("/v1/purposes", json=term("x", uid)), 422)
    assert (error["code"], error["pointer"]) == ("unknown_code", "/controller")


def test_broader_terms_must_be_known_and_in_reach(two: TestClient) -> None:
    add_term(two, "purposes", "onun", "other")
    answer = two.post("/v1/purposes", json=term("x", under=["finance_and_accounting", "yok", "health"]))
    errors = problem(answer, 422)["errors"]
    assert [error["pointer"] for error in errors] == ["/under/1", "/under/2"]
    assert "finance_and_accounting" in errors[0]["allowed"]
    error = refusal(two.post("/v1/purposes", json=term("x", under=["other:onun"])), 422)
    assert (error["code"], error["pointer"]) == ("other_controller", "/under/0")
    error = refusal(two.post("/v1/purposes", json=term("ortak", None, under=["other:onun"])), 422)
    assert (error["code"], error["pointer"]) == ("other_controller", "/under/0")


def test_a_home_category_must_be_known(two: TestClient) -> None:
    error = refusal(two.post("/v1/data-items", json=term("x", categories=["identity", "yok"])), 422)
    assert (error["code"], error["pointer"]) == ("unknown_code", "/categories/1")
    assert "identity" in error["allowed"]
    error = refusal(two.post("/v1/purposes", json=term("x", categories=["identity"])), 422)
    assert (error["code"], error["pointer"]) == ("unknown_field", "/categories")


def test_a_filter_by_a_broader_term_finds_narrower_ones_of_all_levels(two: TestClient) -> None:
    before = codes(two, "/v1/purposes", under="finance_and_accounting", sort="code")
    add_term(two, "purposes", "a", under=["finance_and_accounting"])
    add_term(two, "purposes", "b", under=["acme:a"])
    now = codes(two, "/v1/purposes", under="finance_and_accounting", sort="code")
    assert now == ["acme:a", "acme:b", *before]
    change(two, "PATCH", "/v1/purposes/acme:a", {"under": []})
    assert codes(two, "/v1/purposes", under="finance_and_accounting", sort="code") == before
    assert codes(two, "/v1/purposes", under="acme:a", sort="code") == ["acme:a", "acme:b"]


def test_a_term_stands_under_two_and_is_found_under_both(two: TestClient) -> None:
    add_term(two, "purposes", "iki", under=["finance_and_accounting", "informing_authorised_bodies"])
    for broader in ("finance_and_accounting", "informing_authorised_bodies"):
        assert "acme:iki" in codes(two, "/v1/purposes", under=broader)


def test_no_term_stands_under_itself(two: TestClient) -> None:
    add_term(two, "purposes", "üst")
    add_term(two, "purposes", "orta", under=["acme:üst"])
    add_term(two, "purposes", "alt", under=["acme:orta"])
    for under in ("acme:üst", "acme:alt"):
        error = refusal(change(two, "PATCH", "/v1/purposes/acme:üst", {"under": [under]}), 422)
        assert (error["code"], error["pointer"]) == ("cycle", "/under")
    assert codes(two, "/v1/purposes", under="acme:alt") == ["acme:alt"]


def test_an_item_is_found_by_its_home_category_and_moves_with_it(two: TestClient) -> None:
    add_term(two, "data-categories", "kart", under=["finance"])
    add_term(two, "data-items", "numara", categories=["acme:kart"])
    assert "acme:numara" in codes(two, "/v1/data-items", category="finance", limit=500)
    change(two, "PATCH", "/v1/data-items/acme:numara", {"categories": ["identity"]})
    assert "acme:numara" not in codes(two, "/v1/data-items", category="finance", limit=500)
    assert "acme:numara" in codes(two, "/v1/data-items", category="identity", limit=500)


def test_filters_by_kind_and_owner(two: TestClient) -> None:
    add_term(two, "retention-events", "a")
    add_term(two, "retention-events", "b", "other")
    assert codes(two, "/v1/retention-events", controller="acme") == ["acme:a"]
    assert codes(two, "/v1/retention-events", kind="controller", sort="code") == ["acme:a", "other:b"]


def test_a_term_is_not_out_of_force_before_it_is_in_force(two: TestClient) -> None:
    body = term("x", valid_from="2024-06-01", valid_to="2024-05-31")
    assert refusal(two.post("/v1/purposes", json=body), 422)["code"] == "dates_out_of_order"
    one_day = add_term(two, "purposes", "bir-gün", valid_from="2024-06-01", valid_to="2024-06-01")
    assert one_day["valid_to"] == "2024-06-01"
    patch = change(two, "PATCH", "/v1/purposes/acme:bir-gün", {"valid_to": "2024-05-31"})
    assert refusal(patch, 422)["code"] == "dates_out_of_order"


@pytest.mark.parametrize("day", [1717200000, "20240601", "2024-6-1", "2024-06-01T00:00:00", "2024-02-30", True])
def test_a_day_is_written_as_a_day(two: TestClient, day: object) -> None:
    assert refusal(two.post("/v1/purposes", json=term("x", valid_from=day)), 422)["pointer"] == "/valid_from"


def test_a_label_needs_both_languages(two: TestClient) -> None:
    add_term(two, "purposes", "adlı")
    error = refusal(change(two, "PATCH", "/v1/purposes/acme:adlı", {"label": {"en": None}}), 422)
    assert (error["code"], error["pointer"]) == ("missing", "/label/en")
    error = refusal(change(two, "PATCH", "/v1/purposes/acme:adlı", {"label": {"tr": "  "}}), 422)
    assert error["pointer"] == "/label/tr"
    renamed = change(two, "PATCH", "/v1/purposes/acme:adlı", {"label": {"tr": " Yeni "}}).json()
    assert renamed["label"] == {"tr": "Yeni", "en": "adlı"}
