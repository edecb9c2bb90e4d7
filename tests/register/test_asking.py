"""How every question behaves: its example, its titles, its table, its filters, and what it refuses."""

import csv
import io

import pytest
from fastapi.testclient import TestClient

from app.register.questions import QUESTIONS
from tests.register import many
from tests.register.many import Fact, answer, ask, facts, placed, refused, rows, section, with_parameters

auditor = many.auditor

SLUGS = [question.slug for question in QUESTIONS]


def example(caller: TestClient, slug: str) -> str:
    cards = ask(caller, "/v1/questions")["items"]
    return str(next(card["example"] for card in cards if card["slug"] == slug))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_has_an_example_that_answers_with_rows_or_explains_why_not(
    auditor: TestClient, slug: str
) -> None:
    found = ask(auditor, example(auditor, slug))
    assert found["question"] == slug
    assert found["title"]["tr"] != found["title"]["en"]
    assert found["article"].startswith("KVKK m.")
    assert len(found["explanation"]["tr"]) > 40
    assert len(found["explanation"]["en"]) > 40
    shown = [row for item in found["items"] for row in item.get("rows", [item])]
    assert shown or "empty answer" in found["explanation"]["en"]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_is_answered_as_csv(auditor: TestClient, slug: str) -> None:
    whole = ask(auditor, example(auditor, slug), limit=500)["items"]
    shown = [row for item in whole for row in item.get("rows", [item])]
    got = auditor.get(with_parameters(example(auditor, slug), {"format": "csv"}))
    table = list(csv.DictReader(io.StringIO(got.text.removeprefix("\ufeff"))))
    assert got.headers["content-disposition"] == f'attachment; filename="{slug}.csv"'
    assert [row.get("key", "") for row in table] == [str(row.get("key", "")) for row in shown]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_refuses_what_it_does_not_know(auditor: TestClient, slug: str) -> None:
    error = refused(auditor, f"/v1/questions/{slug}", controler="kivi")
    assert (error["parameter"], error["code"]) == ("controler", "unknown_parameter")
    assert "controller" in error["allowed"]
    unknown = refused(auditor, example(auditor, slug), controller="yok")
    assert (unknown["parameter"], unknown["code"]) == ("controller", "unknown_code")


def test_the_library_lets_a_person_choose(auditor: TestClient) -> None:
    cards = ask(auditor, "/v1/questions")["items"]
    assert [card["slug"] for card in cards] == SLUGS
    assert len(SLUGS) == 18
    for card in cards:
        assert card["title"]["tr"].endswith("?")
        assert card["title"]["en"].endswith("?")


def test_an_unknown_question_is_answered_with_those_there_are(auditor: TestClient) -> None:
    got = auditor.get("/v1/questions/transfers-abraod")
    assert got.status_code == 404
    assert got.json()["errors"][0]["allowed"] == SLUGS


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("about-data-subjects", "data_subject_category"),
        ("recipients-of-data", "data_category, data_item, data_subject_category"),
        ("who-processes", "data_item, data_category"),
    ],
)
def test_a_question_about_something_asks_for_it(auditor: TestClient, slug: str, names: str) -> None:
    error = refused(auditor, f"/v1/questions/{slug}")
    assert error["parameter"] == names.split(", ", maxsplit=1)[0]
    assert names in error["message"]


@pytest.mark.parametrize(
    "narrower",
    [
        {"polarity": "does_not"},
        {"polarity": ["does", "does_not"]},
        {"controller": "intense"},
        {"form": "table"},
        {"certainty": "stated"},
    ],
)
def test_a_filter_beside_those_of_a_question_narrows_the_answer(auditor: TestClient, narrower: Fact) -> None:
    for question in QUESTIONS:
        if question.accepts is not None or question.slug in {"who-processes", "shared-recipients"}:
            continue
        whole = pairs_of(ask(auditor, example(auditor, question.slug), limit=500))
        part = pairs_of(ask(auditor, example(auditor, question.slug), limit=500, **narrower))
        assert part <= whole, question.slug


def pairs_of(found: Fact) -> set[tuple[str, str]]:
    return placed([row for item in found["items"] for row in item.get("rows", [item]) if "key" in row])


def test_a_filter_on_what_a_question_is_about_finds_what_both_find(auditor: TestClient) -> None:
    assert rows(auditor, "consent-based-processing", legal_basis="contract") == []
    consent = rows(auditor, "consent-based-processing", legal_basis=["contract", "explicit_consent"])
    assert placed(consent) == placed(rows(auditor, "consent-based-processing"))
    partners = rows(auditor, "third-party-sources", source=["data_subject", "intense:is_ortaklari"])
    assert placed(partners) == {("intense", "kaynak-is-ortaklari")}
    assert (
        answer(auditor, "law-no-longer-in-force", mechanism="adequacy_decision", on="2026-11-22")["items"][2]["rows"]
        == []
    )


def test_a_denial_is_never_an_answer_to_what_is_done(auditor: TestClient) -> None:
    for slug in ("transfers-abroad", "consent-based-processing", "data-without-use", "retention-not-stated"):
        assert rows(auditor, slug, polarity="does_not") == []
    assert rows(auditor, "shared-recipients", polarity="does_not") == []
    assert rows(auditor, "transfers-abroad", abroad="no") == []
    assert {row["abroad"] for row in rows(auditor, "transfers-abroad", abroad=["no", "possible"])} == {"possible"}


def test_a_section_without_a_dimension_asked_about_is_skipped_and_says_so(auditor: TestClient) -> None:
    asked = {"data_subject_category": "customer", "legal_basis": "explicit_consent"}
    found = answer(auditor, "about-data-subjects", **asked)
    lacking = {part["kind"]: part["lacks"] for part in found["items"] if part["lacks"]}
    assert lacking == {kind: ["legal_basis"] for kind in ("collections", "retentions", "roles")}
    assert all(part["rows"] == [] for part in found["items"] if part["lacks"])
    assert placed(section(found, "uses")["rows"]) == placed(facts(auditor, "uses", **asked))
    assert {row["controller"]["code"] for row in section(found, "rights")["rows"]} == {"pronet", "intense"}
