"""Official terms: complete, in their order, with article and dates, and not to be changed."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.exchange.in_yaml import read_yaml
from app.platform.settings import ROOT
from tests.controllers.factories import add_controller
from tests.platform.calling import Json, change, problem, read, refusal
from tests.vocabularies.factories import VOCABULARIES, add_term, term

COUNTS = {
    "data-categories": 26,
    "purposes": 53,
    "data-subject-categories": 14,
    "recipient-groups": 9,
    "measures": 41,
    "legal-bases": 19,
    "transfer-mechanisms": 17,
    "standard-contract-types": 4,
    "data-subject-rights": 9,
}


def official(client: TestClient, vocabulary: str, **params: Any) -> dict[str, Json]:  # noqa: ANN401
    """Return the official terms of a vocabulary by code."""
    page = read(client, f"/v1/{vocabulary}", kind="official", limit=500, **params)
    return {item["code"]: item for item in page["items"]}


def test_the_official_lists_are_complete_and_in_order(client: TestClient) -> None:
    for vocabulary, count in COUNTS.items():
        page = read(client, f"/v1/{vocabulary}", kind="official", count="true", limit=500)
        assert (page["total"], len(page["items"])) == (count, count), vocabulary
        assert [item["order"] for item in page["items"]] == list(range(1, count + 1))
        assert all(item["label"]["tr"] and item["label"]["en"] for item in page["items"])


def test_our_own_vocabularies_have_common_terms_and_some_everywhere_stand_under_official_ones(
    client: TestClient,
) -> None:
    for vocabulary in ("data-items", "collection-methods", "retention-events", "disposal-methods"):
        assert read(client, f"/v1/{vocabulary}", kind="common", count=True)["total"] > 0
    under = read(client, "/v1/recipient-groups", under="natural_or_private_legal_persons", kind="common", count=True)
    assert under["total"] > 5
    assert under["items"][0]["under"][0]["label"]["tr"] == "Gerçek kişiler veya özel hukuk tüzel kişileri"


def test_what_the_files_mark_as_not_confirmed_keeps_its_mark(client: TestClient) -> None:
    for vocabulary in VOCABULARIES:
        path = ROOT / "seed" / "vocabularies" / f"{vocabulary.replace('-', '_')}.yaml"
        written = {entry["code"]: entry for entry in read_yaml(path.read_bytes()).data["terms"]}
        for shown in read(client, f"/v1/{vocabulary}", limit=500)["items"]:
            entry = written[shown["code"]]
            assert (shown["confirmed"], shown["unconfirmed"]) == (
                entry.get("confirmed", True),
                entry.get("unconfirmed"),
            )


def test_marks_of_doubt_are_there(client: TestClient) -> None:
    assert read(client, "/v1/purposes/other_purpose")["confirmed"] is False
    assert read(client, "/v1/measures/other_measure")["confirmed"] is False
    assert read(client, "/v1/legal-bases/explicit_consent")["unconfirmed"] == "valid_from"


def test_terms_name_their_article(client: TestClient) -> None:
    bases = official(client, "legal-bases")
    assert bases["explicit_consent"]["law_ref"] == "KVKK m.5/1"
    assert bases["legal_obligation"]["law_ref"] == "KVKK m.5/2-ç"
    assert all(item["law_ref"].startswith("KVKK m.") for item in bases.values())
    rights = official(client, "data-subject-rights")
    assert [item["law_ref"][-1] for item in rights.values()] == [item["letter"] for item in rights.values()]
    assert official(client, "transfer-mechanisms")["derogation_explicit_consent"]["law_ref"] == "KVKK m.9/6-a"


def test_special_categories_are_those_of_the_law(client: TestClient) -> None:
    special = official(client, "data-categories", special=True)
    assert len(special) == 12
    assert {item["law_ref"] for item in special.values()} == {"KVKK m.6/1"}
    assert "finance" not in special


@pytest.mark.parametrize(
    ("day", "old_bases", "new_bases", "old_mechanisms", "new_mechanisms"),
    [
        ("2016-04-06", 0, 0, 0, 0),
        ("2024-05-31", 3, 0, 4, 0),
        ("2024-06-01", 0, 8, 1, 13),
        ("2024-08-31", 0, 8, 1, 13),
        ("2024-09-01", 0, 8, 0, 13),
    ],
)
def test_the_law_of_a_day(
    client: TestClient, day: str, old_bases: int, new_bases: int, old_mechanisms: int, new_mechanisms: int
) -> None:
    """Law 7499 changed m.6 and m.9 on 2024-06-01; the former consent to transfers ran on until 2024-08-31."""
    bases = official(client, "legal-bases", in_force_on=day)
    assert sum(code.startswith("old_") for code in bases) == old_bases
    assert sum(code.startswith("special_") for code in bases) == new_bases
    mechanisms = official(client, "transfer-mechanisms", in_force_on=day)
    assert sum(code.startswith("old_") for code in mechanisms) == old_mechanisms
    assert sum(item["regime"] == "new" for item in mechanisms.values()) == new_mechanisms
    assert ("old_explicit_consent" in mechanisms) == (old_mechanisms > 0)


def test_official_terms_are_not_changed_through_the_api(client: TestClient) -> None:
    for vocabulary in COUNTS:
        first = next(iter(official(client, vocabulary).values()))
        path = f"/v1/{vocabulary}/{first['code']}"
        for method, body in (("PUT", first), ("PATCH", {"note": "x"}), ("DELETE", None)):
            answer = change(client, method, path, body)
            assert problem(answer, 409)["type"] == "/problems/immutable"
            assert refusal(answer, 409)["code"] == "official_term"
        assert read(client, path) == first


def test_an_official_code_is_not_taken_by_another(client: TestClient) -> None:
    answer = client.post("/v1/purposes", json=term("finance_and_accounting", None))
    assert refusal(answer, 409)["code"] == "duplicate"


def test_nobody_makes_an_official_term(client: TestClient) -> None:
    made = add_term(client, "purposes", "resmi", None, kind="official", order=1, confirmed=False)
    assert (made["kind"], made["order"], made["confirmed"]) == ("common", 0, True)


def test_a_common_term_of_the_product_is_changed_and_keeps_its_marks(client: TestClient) -> None:
    path = "/v1/legal-bases/consent_regime_unknown"
    before = read(client, path)
    same = change(client, "PUT", path, before)
    assert same.json() == before
    changed = change(client, "PATCH", path, {"note": "bizim notumuz"}).json()
    assert changed == {**before, "note": "bizim notumuz", "revision": before["revision"] + 1}


def test_filters_by_marks_of_the_law(client: TestClient) -> None:
    consent = official(client, "legal-bases", is_consent=True)
    assert set(consent) == {"explicit_consent", "special_explicit_consent", "old_special_explicit_consent"}
    old = official(client, "transfer-mechanisms", regime="old")
    assert len(old) == 4
    assert set(official(client, "transfer-mechanisms", regime="old", is_consent=True)) == {"old_explicit_consent"}


def test_a_term_out_of_force_is_still_read_and_linked(client: TestClient) -> None:
    assert read(client, "/v1/transfer-mechanisms/old_explicit_consent")["valid_to"] == "2024-08-31"
    add_controller(client)
    body = {"controller": "acme", "code": "a", "name": {"tr": "a", "en": "a"}}
    answer = client.post("/v1/activities", json={**body, "transfers": [{"mechanisms": ["old_explicit_consent"]}]})
    assert answer.status_code == 201
    for day, holds in (("2024-08-31", True), ("2024-09-01", False)):
        read_ = read(client, "/v1/activities/acme:a", on=day)
        assert read_["transfers"][0]["mechanisms"][0]["in_force"] is holds
