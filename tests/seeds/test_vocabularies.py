"""The vocabularies of the product are complete, and nothing in them points nowhere."""

from collections import Counter
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.exchange.in_yaml import read_yaml
from app.platform.settings import ROOT
from app.platform.text import CODE_PATTERN
from app.vocabularies.schemas import SeedTerm

DIRECTORY: Final = ROOT / "seed" / "vocabularies"
NAMES: Final = sorted(path.stem for path in DIRECTORY.glob("*.yaml"))
OFFICIAL: Final = {
    "data_categories": 26,
    "purposes": 53,
    "data_subject_categories": 14,
    "recipient_groups": 9,
    "measures": 41,
    "legal_bases": 19,
    "transfer_mechanisms": 17,
    "standard_contract_types": 4,
    "data_subject_rights": 9,
}


def terms(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_yaml((DIRECTORY / f"{name}.yaml").read_bytes()).data["terms"]
    return found


def codes(name: str) -> set[str]:
    return {term["code"] for term in terms(name)}


@pytest.mark.parametrize("name", OFFICIAL)
def test_every_official_list_is_complete(name: str) -> None:
    assert Counter(term["kind"] for term in terms(name))["official"] == OFFICIAL[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_term_is_well_formed(name: str) -> None:
    for term in terms(name):
        content = SeedTerm.model_validate(term)
        assert content.label.tr != content.code != content.label.en


@pytest.mark.parametrize("name", NAMES)
def test_codes_and_places_are_unique_and_official_terms_come_first(name: str) -> None:
    entries = terms(name)
    assert len(codes(name)) == len(entries)
    assert [term["order"] for term in entries] == list(range(1, len(entries) + 1))
    kinds = [term["kind"] for term in entries]
    assert name in {"legal_bases", "transfer_mechanisms"} or kinds == sorted(kinds, reverse=True)


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_english_and_belong_to_no_controller(name: str) -> None:
    assert all(code.isascii() and ":" not in code for code in codes(name)), CODE_PATTERN


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_resolves(name: str) -> None:
    known, categories = codes(name), codes("data_categories")
    for term in terms(name):
        assert set(term.get("under", [])) <= known - {term["code"]}, term["code"]
        assert set(replaced(term)) <= known, term["code"]
        named = [*term.get("categories", []), *term.get("only_categories", []), *term.get("excludes_categories", [])]
        assert set(named) <= categories | {"special"}, term["code"]


def replaced(term: dict[str, Any]) -> list[str]:
    """Return what stands in `replaced_by`, one code or several."""
    found = term.get("replaced_by") or []
    return [found] if isinstance(found, str) else found


def test_every_official_example_of_a_category_is_an_item_of_it() -> None:
    items = {(home, term["label"]["tr"]) for term in terms("data_items") for home in term["categories"]}
    examples = {
        (category["code"], example["tr"]) for category in terms("data_categories") for example in category["examples"]
    }
    assert examples <= items
    marked = {
        (home, term["label"]["tr"])
        for term in terms("data_items")
        if term.get("official_example")
        for home in term["categories"]
    }
    assert {label for _, label in marked} == {label for _, label in examples}


def test_every_item_has_a_home() -> None:
    assert all(term["categories"] for term in terms("data_items"))


def test_special_categories_are_those_of_the_law() -> None:
    special = {term["code"] for term in terms("data_categories") if term["special"]}
    ordinary = codes("data_categories") - special
    assert len(special) == 12
    assert {"health", "biometric", "genetic"} <= special
    assert {"identity", "finance", "location"} <= ordinary


def test_consent_is_marked_in_both_vocabularies_and_means_different_things() -> None:
    grounds = {term["code"] for term in terms("legal_bases") if term.get("is_consent")}
    mechanisms = {term["code"] for term in terms("transfer_mechanisms") if term.get("is_consent")}
    assert "explicit_consent" in grounds
    assert {"old_explicit_consent", "derogation_explicit_consent"} <= mechanisms
    assert not grounds & mechanisms


def test_what_is_not_confirmed_says_so() -> None:
    doubtful = [term["code"] for name in NAMES for term in terms(name) if term.get("confirmed") is False]
    assert "other_purpose" in doubtful
    assert all(
        read_yaml((DIRECTORY / f"{name}.yaml").read_bytes()).data.get("unconfirmed")
        for name in ("measures", "purposes")
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_register_serves_what_the_file_says(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/{name.replace('_', '-')}", params={"limit": 500, "count": "true"}).json()
    written = {term["code"]: (term["label"], term["order"], term["kind"]) for term in terms(name)}
    assert answer["total"] == len(written)
    assert {item["code"]: (item["label"], item["order"], item["kind"]) for item in answer["items"]} == written
