"""Where a transfer abroad on explicit consent stands, by the law of the day asked about."""

from typing import Any, Final

import pytest

from tests.register.making import Json, Register

OLD: Final = "old_explicit_consent"
NEW: Final = "derogation_explicit_consent"
CONTRACT: Final = "safeguard_standard_contract"
PROVEN: Final = {"code": NEW, "occasional": "yes", "risk_information": "yes"}
QUESTION: Final = "/questions/abroad-under-explicit-consent"


def send(acme: Register, *mechanisms: Json | str, **content: Any) -> None:  # noqa: ANN401 - any JSON
    """Record one transfer to the United States, `t`."""
    rest = {"places": ["US"], "mechanisms": list(mechanisms), **content}
    acme.activity(transfers=[{"key": "t", **rest}])


def send_each(acme: Register, mechanisms: list[list[Json | str]]) -> None:
    """Record a transfer to the United States for each set of mechanisms, `t0` and so on."""
    rows: list[Json] = [
        {"key": f"t{place}", "places": ["US"], "mechanisms": found} for place, found in enumerate(mechanisms)
    ]
    acme.activity(transfers=rows)


def row_of(acme: Register, place: int, on: str) -> Json:
    """Return one of the transfers as it is on a day."""
    return acme.transfer(f"t{place}", on=on)


def standings(acme: Register, on: str, **parameters: str) -> list[str | None]:
    """Return the standing of each mechanism of the transfer on a day, then that of the row."""
    fact = acme.transfer("t", on=on, **parameters)
    return [*(mechanism["standing"] for mechanism in fact["mechanisms"]), fact["standing"]]


STANDING: Final[tuple[tuple[Json | str, str, str | None], ...]] = (
    (OLD, "2024-05-27", "valid_before_repeal"),
    (OLD, "2024-06-01", "valid_before_repeal"),
    (OLD, "2024-08-31", "valid_before_repeal"),
    (OLD, "2024-09-01", "lapsed_continuing"),
    (OLD, "2026-11-22", "lapsed_continuing"),
    ({"code": OLD, "valid_from": "2024-07-01"}, "2024-06-30", "not_in_force"),
    ({"code": OLD, "signed_on": "2024-07-01"}, "2024-06-30", "not_in_force"),
    (PROVEN, "2024-05-31", "not_in_force"),
    (PROVEN, "2024-06-01", "occasional_valid"),
    (PROVEN, "2026-11-22", "occasional_valid"),
    ({**PROVEN, "valid_from": "2025-03-01"}, "2025-02-28", "not_in_force"),
    ({**PROVEN, "occasional": "no"}, "2026-11-22", "occasional_unproven"),
    ({**PROVEN, "occasional": "not_stated"}, "2026-11-22", "occasional_unproven"),
    ({**PROVEN, "risk_information": "no"}, "2026-11-22", "occasional_unproven"),
    ({**PROVEN, "risk_information": "not_stated"}, "2026-11-22", "occasional_unproven"),
    (CONTRACT, "2026-11-22", None),
    ("derogation_contract_with_data_subject", "2026-11-22", None),
    ("foreign_instrument", "2026-11-22", None),
)


def test_a_stated_mechanism_stands_where_the_law_of_the_day_puts_it(acme: Register) -> None:
    send_each(acme, [[mechanism] for mechanism, _, _ in STANDING])
    found = [row_of(acme, place, on) for place, (_, on, _) in enumerate(STANDING)]
    assert [row["standing"] for row in found] == [expected for _, _, expected in STANDING]
    assert [row["mechanisms"][0]["standing"] for row in found] == [expected for _, _, expected in STANDING]


def test_an_own_mechanism_stands_where_the_law_puts_the_one_it_stands_under(acme: Register) -> None:
    acme.term("transfer_mechanisms", "riza", under=[OLD])
    send(acme, "acme:riza")
    assert standings(acme, "2024-08-31") == ["valid_before_repeal"] * 2
    assert standings(acme, "2024-09-01") == ["lapsed_continuing"] * 2


REPLACED: Final[tuple[tuple[str, Json, str, str], ...]] = (
    ("in_force", {"valid_from": "2024-10-01"}, "2024-10-01", "superseded"),
    ("in_force", {"valid_from": "2024-10-01"}, "2024-09-30", "lapsed_continuing"),
    ("in_force", {"valid_from": "2024-10-01", "valid_to": "2025-01-31"}, "2025-02-01", "lapsed_continuing"),
    ("signed", {"signed_on": "2024-10-01"}, "2024-10-01", "superseded"),
    ("planned", {}, "2026-11-22", "lapsed_continuing"),
    ("ended", {}, "2026-11-22", "lapsed_continuing"),
)


def test_consent_is_superseded_while_another_mechanism_is_in_force(acme: Register) -> None:
    send_each(acme, [[OLD, {"code": CONTRACT, "status": status, **dates}] for status, dates, _, _ in REPLACED])
    for place, (_, _, on, expected) in enumerate(REPLACED):
        row = row_of(acme, place, on)
        assert [mechanism["standing"] for mechanism in row["mechanisms"]] == [expected, None]
        assert row["standing"] == expected


def test_what_is_no_mechanism_of_the_law_supersedes_nothing(acme: Register) -> None:
    send(acme, OLD, {"code": "foreign_instrument", "status": "in_force"})
    assert standings(acme, "2026-11-22") == ["lapsed_continuing", None, "lapsed_continuing"]


WORST: Final[tuple[tuple[Json | str, Json | str, str, str], ...]] = (
    (PROVEN, OLD, "2026-11-22", "lapsed_continuing"),
    (OLD, NEW, "2026-11-22", "lapsed_continuing"),
    (NEW, PROVEN, "2026-11-22", "occasional_unproven"),
    (NEW, "consent_mechanism_regime_unknown", "2026-11-22", "occasional_unproven"),
    ("consent_mechanism_regime_unknown", PROVEN, "2026-11-22", "undetermined"),
    ("consent_mechanism_regime_unknown", OLD, "2024-05-30", "undetermined"),
    ({**PROVEN, "valid_from": "2027-01-01"}, PROVEN, "2026-11-22", "not_in_force"),
    (NEW, OLD, "2024-05-30", "not_in_force"),
    (PROVEN, OLD, "2024-07-01", "occasional_valid"),
)


def test_the_row_shows_the_worst_of_its_mechanisms(acme: Register) -> None:
    acme.change("/documents/acme:politika", date=None)
    send_each(acme, [[one, other] for one, other, _, _ in WORST])
    for place, (_, _, on, worst) in enumerate(WORST):
        assert row_of(acme, place, on)["standing"] == worst
        assert f"t{place}" in acme.keys(standing=worst, on=on)


@pytest.mark.parametrize(
    ("dates", "mechanism", "standing"),
    [
        ({"date": "2024-05-27"}, OLD, "lapsed_continuing"),
        ({"date": "2024-08-31"}, OLD, "lapsed_continuing"),
        ({"date": "2024-09-01"}, NEW, "occasional_unproven"),
        ({"date": "2024-08-31", "effective_from": "2024-09-01"}, NEW, "occasional_unproven"),
        ({"date": "2024-09-01", "effective_from": "2024-08-31"}, OLD, "lapsed_continuing"),
        ({"date": None}, "consent_mechanism_regime_unknown", "undetermined"),
    ],
)
def test_consent_as_ground_without_mechanism_is_read_by_the_date_of_its_document(
    acme: Register, dates: Json, mechanism: str, standing: str
) -> None:
    acme.change("/documents/acme:politika", **dates)
    send(acme, legal_bases=["explicit_consent"])
    fact = acme.transfer("t", on="2026-11-22")
    assert [(m["code"], m["certainty"], m["standing"]) for m in fact["mechanisms"]] == [
        (mechanism, "inferred", standing)
    ]
    assert fact["dated"] is (mechanism != "consent_mechanism_regime_unknown")


def test_a_statement_that_dates_itself_needs_no_date_of_its_document(acme: Register) -> None:
    acme.change("/documents/acme:politika", date=None)
    send(acme, legal_bases=["explicit_consent"], valid_from="2023-01-01")
    assert standings(acme, "2026-11-22") == ["lapsed_continuing"] * 2


def test_consent_of_unknown_regime_is_dated_like_consent_without_mechanism(acme: Register) -> None:
    send(acme, "consent_mechanism_regime_unknown")
    assert standings(acme, "2024-08-31") == ["valid_before_repeal"] * 2
    assert standings(acme, "2026-11-22") == ["lapsed_continuing"] * 2


@pytest.mark.parametrize(
    "basis", ["special_explicit_consent", "old_special_explicit_consent", "consent_regime_unknown"]
)
def test_every_consent_of_the_law_is_consent(acme: Register, basis: str) -> None:
    send(acme, legal_bases=[basis])
    assert standings(acme, "2026-11-22") == ["lapsed_continuing"] * 2


@pytest.mark.parametrize("basis", ["contract", "any_ground_of_law", "legitimate_interest"])
def test_another_ground_makes_no_consent_mechanism(acme: Register, basis: str) -> None:
    send(acme, legal_bases=[basis])
    assert standings(acme, "2026-11-22") == [None]


def test_a_stated_mechanism_leaves_nothing_to_infer(acme: Register) -> None:
    send(acme, CONTRACT, legal_bases=["explicit_consent"])
    assert standings(acme, "2026-11-22") == [None, None]
    assert acme.ask(QUESTION, on="2026-11-22")["items"] == []


@pytest.mark.parametrize(
    ("place", "abroad"),
    [
        ({"location": "domestic", "places": []}, "no"),
        ({"places": ["TR"]}, "no"),
        ({"places": []}, "not_stated"),
        ({"polarity": "does_not"}, "yes"),
        ({"polarity": "does_not", "location": "domestic_or_abroad", "places": []}, "possible"),
    ],
)
def test_domestic_silent_and_negative_rows_have_no_standing(acme: Register, place: Json, abroad: str) -> None:
    send(acme, OLD, legal_bases=["explicit_consent"], **place)
    assert acme.transfer("t", on="2026-11-22")["abroad"] == abroad
    assert standings(acme, "2026-11-22") == [None, None]
    assert acme.ask(QUESTION, on="2026-11-22")["items"] == []


def test_a_transfer_possibly_abroad_is_judged_too(acme: Register) -> None:
    acme.recipient("parent", seat="US")
    acme.recipient("child", parent="parent")
    send(acme, legal_bases=["explicit_consent"], places=[], recipient="child")
    (row,) = acme.ask(QUESTION, on="2026-11-22")["items"]
    assert (row["location"], row["abroad"], row["standing"]) == ("not_stated", "possible", "lapsed_continuing")


def test_consent_as_mere_fallback_is_in_the_answer_with_its_condition(acme: Register) -> None:
    bases = {"relate": "fallback", "members": ["any_ground_of_law", "explicit_consent"]}
    send(acme, legal_bases=bases, condition="where no other ground exists")
    (row,) = acme.ask(QUESTION, on="2026-11-22")["items"]
    assert (row["condition"], row["bases_relate"]) == ("where no other ground exists", "fallback")
    assert row["standing"] == "lapsed_continuing"


@pytest.mark.parametrize("end", [{"valid_to": "2024-08-15"}, {}])
def test_ended_transfers_come_on_request_judged_on_their_last_day(acme: Register, end: Json) -> None:
    if not end:
        acme.change("/documents/acme:politika", effective_to="2024-08-15")
    send(acme, legal_bases=["explicit_consent"], **end)
    assert acme.transfers(on="2026-11-22") == []
    assert standings(acme, "2026-11-22", ended="include") == ["valid_before_repeal"] * 2
    assert standings(acme, "2024-08-15") == ["valid_before_repeal"] * 2


def test_an_ended_transfer_outlived_by_its_consent_lapsed_before_it_ended(acme: Register) -> None:
    send(acme, legal_bases=["explicit_consent"], valid_to="2025-01-31")
    assert standings(acme, "2026-11-22", ended="include") == ["lapsed_continuing"] * 2
    assert standings(acme, "2024-08-31", ended="include") == ["valid_before_repeal"] * 2


def test_an_ended_transfer_shows_the_data_that_were_collected_on_its_last_day(acme: Register) -> None:
    limits = {"valid_to": "2024-08-15"}
    acme.activity(
        collections=[{"data": ["identity"], "data_subjects": ["customer"], **limits}],
        transfers=[{"key": "t", "places": ["US"], "legal_bases": ["explicit_consent"], **limits}],
    )
    fact = acme.transfer("t", on="2026-11-22", ended="include", data_category="identity")
    assert [category["code"] for category in fact["data_categories"]] == ["identity"]


def test_no_recorded_end_means_that_the_transfer_continues(acme: Register) -> None:
    send(acme, legal_bases=["explicit_consent"])
    assert acme.keys(on="2026-11-22", standing="lapsed_continuing") == ["t"]
    assert acme.keys(on="2026-11-22", ended="include") == ["t"]
