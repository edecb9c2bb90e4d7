"""Uses without legal basis, and how far other uses of their document complete them."""

from typing import Any

from fastapi.testclient import TestClient

from tests.register import many
from tests.register.many import Fact, enter, every, facts, keys

keeper = many.keeper

USE: Fact = {"key": "amaç", "document": "a", "purposes": ["invoicing"], "data": ["identity", "contact"]}


def without_basis(caller: TestClient, controller: str, *others: Fact, **more: Any) -> list[Fact]:  # noqa: ANN401
    enter(caller, controller, uses=[USE, *others], **more)
    return every(caller, "/v1/questions/uses-without-legal-basis", controller=controller)


def gap(caller: TestClient, controller: str) -> tuple[str, list[Fact]]:
    row = facts(caller, "uses", controller=controller, key=USE["key"])[0]
    return row["basis_gap"], row["uncovered"]


def test_a_use_is_completed_by_a_ground_for_the_same_data_that_states_no_purpose(keeper: TestClient) -> None:
    ground = {"key": "sebep", "document": "a", "legal_bases": ["contract"], "data": ["contact", "identity"]}
    assert without_basis(keeper, "tam", ground) == []
    assert gap(keeper, "tam") == ("covered", [])
    assert keys(facts(keeper, "uses", controller="tam", present="legal_basis")) == {"amaç", "sebep"}


def test_a_use_that_is_completed_in_part_comes_with_what_is_uncovered(keeper: TestClient) -> None:
    ground = {"key": "sebep", "document": "a", "legal_bases": ["contract"], "data": ["contact"]}
    found = without_basis(keeper, "kısmen", ground)
    assert keys(found) == {"amaç"}
    assert found[0]["basis_gap"] == "partly"
    assert found[0]["uncovered"] == [{"category": "identity", "item": None}]


def test_grounds_for_items_and_narrower_categories_cover_them(keeper: TestClient) -> None:
    term: Fact = {
        "vocabulary": "data_categories",
        "code": "iletişim",
        "label": {"tr": "İ", "en": "C"},
        "under": ["contact"],
    }
    grounds: list[Fact] = [
        {"key": "s1", "document": "a", "legal_bases": ["contract"], "data": [{"item": "name_surname"}]},
        {"key": "s2", "document": "a", "legal_bases": ["legal_obligation"], "data": ["dar:iletişim"]},
    ]
    assert without_basis(keeper, "dar", *grounds, terms=[term]) == []
    assert gap(keeper, "dar") == ("covered", [])


def test_a_ground_with_a_purpose_of_its_own_completes_nothing(keeper: TestClient) -> None:
    stated = {"key": "s1", "document": "a", "legal_bases": ["contract"], "purposes": ["legal_affairs"]}
    every_one = {"key": "s2", "document": "a", "legal_bases": ["contract"], "purposes": {"reach": "all"}}
    lost = {"key": "s3", "document": "a", "legal_bases": ["contract"], "purposes": {"reach": "unreadable"}}
    grounds = [{**one, "data": USE["data"]} for one in (stated, every_one, lost)]
    assert keys(without_basis(keeper, "amaçlı", *grounds)) == {"amaç"}
    assert gap(keeper, "amaçlı") == ("none", [])


def test_a_ground_of_another_document_completes_nothing(keeper: TestClient) -> None:
    ground = {"key": "sebep", "document": "b", "legal_bases": ["contract"], "data": USE["data"]}
    assert keys(without_basis(keeper, "başka", ground)) == {"amaç"}


def test_a_denied_ground_completes_nothing(keeper: TestClient) -> None:
    ground = {"key": "sebep", "document": "a", "legal_bases": ["contract"], "data": USE["data"]}
    assert keys(without_basis(keeper, "ret", {**ground, "polarity": "does_not"})) == {"amaç"}


def test_a_silent_ground_covers_what_the_document_collects(keeper: TestClient) -> None:
    collections = [{"document": "a", "data": ["identity"], "data_subjects": ["customer"]}]
    ground = {"key": "sebep", "document": "a", "legal_bases": ["contract"]}
    found = without_basis(keeper, "sessiz", ground, collections=collections)
    assert [row["uncovered"] for row in found] == [[{"category": "contact", "item": None}]]


def test_a_gap_closes_when_a_ground_is_added_and_opens_when_it_goes(keeper: TestClient) -> None:
    ground = {"key": "sebep", "document": "a", "legal_bases": ["contract"], "data": USE["data"]}
    assert keys(without_basis(keeper, "sonra")) == {"amaç"}
    assert without_basis(keeper, "sonra", ground) == []
    assert keys(without_basis(keeper, "sonra")) == {"amaç"}
