"""Which data goes abroad under explicit consent, asked of the seeded policy."""

from typing import Any, Final

from tests.register.making import Json, Register

QUESTION: Final = "/questions/abroad-under-explicit-consent"
STORAGE: Final = "depolama-constant"
MARKETING: Final = "pazarlama-ucuncu-taraflar"
PROVIDERS: Final = "altyapi-ve-bilisim-saglayicilari"


def rows(intense: Register, **parameters: Any) -> dict[str, Json]:  # noqa: ANN401 - any JSON
    """Return the rows of the answer by key."""
    return {row["key"]: row for row in intense.ask(QUESTION, **parameters)["items"]}


def test_the_answer_names_recipient_country_standing_and_evidence(intense: Register) -> None:
    row = rows(intense, on="2026-11-22")[STORAGE]
    assert row["recipient"]["name"] == "The Constant Company, LLC"
    assert (row["location"], row["abroad"], row["countries"]) == ("abroad", "yes", ["US"])
    assert (row["standing"], row["certainty"], row["dated"]) == ("lapsed_continuing", "inferred", True)
    assert row["citation"] == {
        "document": "intense:politika-2024-05-27",
        "locator": "4, tablo, son satır",
        "form": "table",
    }


def test_every_data_category_of_a_transfer_that_names_none_is_inferred(intense: Register) -> None:
    row = rows(intense, on="2026-11-22")[STORAGE]
    assert row["data_reach"] == row["data_subject_reach"] == "not_stated"
    assert row["data_categories"]
    marks = {category["certainty"] for category in row["data_categories"]}
    marks |= {item["certainty"] for category in row["data_categories"] for item in category["items"]}
    marks |= {subject["certainty"] for subject in row["data_subject_categories"]}
    assert marks == {"inferred"}


def test_the_ground_is_stated_and_the_mechanism_inferred(intense: Register) -> None:
    row = rows(intense, on="2026-11-22")[STORAGE]
    (basis,) = row["legal_bases"]
    assert (basis["code"], basis["certainty"], basis["law_ref"], basis["in_force"]) == (
        "explicit_consent",
        "stated",
        "KVKK m.5/1",
        True,
    )
    (mechanism,) = row["mechanisms"]
    assert (mechanism["code"], mechanism["certainty"], mechanism["in_force"], mechanism["standing"]) == (
        "old_explicit_consent",
        "inferred",
        False,
        "lapsed_continuing",
    )


def test_on_the_day_of_the_policy_the_consent_was_valid(intense: Register) -> None:
    assert {row["standing"] for row in rows(intense, on="2024-05-27").values()} == {"valid_before_repeal"}


def test_before_the_policy_nothing_is_answered(intense: Register) -> None:
    assert rows(intense, on="2024-05-26") == {}


def test_recipients_at_home_or_abroad_are_possible_and_a_fallback_shows_its_condition(intense: Register) -> None:
    found = rows(intense, on="2026-11-22")
    assert {key: row["abroad"] for key, row in found.items()} == {
        STORAGE: "yes",
        MARKETING: "possible",
        PROVIDERS: "possible",
    }
    assert {key: row["condition"] is not None for key, row in found.items()} == {
        STORAGE: False,
        MARKETING: False,
        PROVIDERS: True,
    }
    assert found[PROVIDERS]["bases_relate"] == "fallback"


def test_the_answer_says_what_was_asked_and_how_it_was_reached(intense: Register) -> None:
    answer = intense.ask(QUESTION, on="2026-11-22", controller="intense", count="true")
    assert answer["question"] == "abroad-under-explicit-consent"
    assert (answer["on"], answer["total"], answer["next"]) == ("2026-11-22", 3, None)
    assert answer["parameters"] == {"on": ["2026-11-22"], "controller": ["intense"], "count": ["true"]}
    assert answer["as_of"].endswith("Z")
    for text in ("title", "explanation"):
        assert answer[text].keys() == {"tr", "en"}


def test_the_question_takes_every_parameter_of_the_facts_that_it_rests_on(intense: Register) -> None:
    assert list(rows(intense, on="2026-11-22", country="US")) == [STORAGE]
    assert list(rows(intense, on="2026-11-22", abroad="yes", data_item="bank_card_data")) == [STORAGE]
    assert rows(intense, on="2026-11-22", country="DE") == {}
    groups = intense.ask(QUESTION, on="2026-11-22", group_by="abroad")["items"]
    assert {group["abroad"]["code"]: group["statements"] for group in groups} == {"yes": 1, "possible": 2}


def test_groups_by_country_count_distinct_recipients(intense: Register) -> None:
    answer = intense.ask("/facts/transfers", controller="intense", group_by="country", count_of="recipient")
    assert answer["items"] == [
        {
            "country": {"code": "US"},
            "statements": 1,
            "stated": 1,
            "inferred": 0,
            "unknown": 0,
            "distinct": {"recipient": 1},
        }
    ]
    assert answer["next"] is None


def test_the_library_lists_the_question_with_its_article(intense: Register) -> None:
    (card,) = [one for one in intense.ask("/questions")["items"] if one["slug"] == "abroad-under-explicit-consent"]
    assert card["facts"] == "transfers"
    assert "m.9" in card["article"]


def test_a_question_that_there_is_not_is_refused_with_those_that_there_are(intense: Register) -> None:
    answer = intense.client.get("/v1/questions/abroad-under-explicit-consnt")
    assert answer.status_code == 404
    assert "abroad-under-explicit-consent" in answer.json()["errors"][0]["allowed"]
