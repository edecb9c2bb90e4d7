"""Simple things stay simple: short forms are taken, answers come in the long form."""

import itertools
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from tests.activities.factories import activity, add_activity, payroll
from tests.platform.calling import Json, make, read, refusal

_numbers: Final = itertools.count(1)


def statement(client: TestClient, kind_name: str, /, **fields: Any) -> Json:  # noqa: ANN401
    """Add an activity with one statement and return that statement as it is answered."""
    whole = add_activity(client, f"kisa-{next(_numbers)}", **{kind_name: [fields]})
    assert len(whole[kind_name]) == 1
    found: Json = whole[kind_name][0]
    return found


def codes(links: list[Json]) -> list[str]:
    """Return the codes of links."""
    return [link["code"] for link in links]


def test_a_first_activity_of_ten_lines_comes_back_in_the_long_form(office: TestClient) -> None:
    made = make(office, "/v1/activities", payroll())
    assert (made["code"], made["controller"]) == ("acme:bordro", {"code": "acme", "name": "Acme A.Ş."})
    assert (made["scope"], made["roles"], made["measures"]) == ("process", [], [])
    members = made["collections"][0]["data"]["members"]
    assert [(one["category"], one["item"]) for one in members] == [
        ("identity", None),
        ("finance", None),
        (None, "iban"),
    ]
    assert members[0]["category_label"] == {"tr": "Kimlik", "en": "Identity"}
    assert members[2]["item_label"]["tr"] == "IBAN"
    assert read(office, "/v1/activities/acme:bordro") == made


def test_its_use_is_long(office: TestClient) -> None:
    use = make(office, "/v1/activities", payroll())["uses"][0]
    basis = use["legal_bases"]["members"][0]
    assert (use["key"], use["polarity"], use["citations"], use["joined"]) == ("use-1", "does", [], False)
    assert (use["purposes"]["reach"], use["data"]["reach"]) == ("listed", "not_stated")
    assert use["legal_bases"]["relate"] == "not_stated"
    assert basis["label"]["tr"] == "Veri sorumlusunun hukuki yükümlülüğünü yerine getirebilmesi için zorunlu olması"
    assert (basis["certainty"], basis["as_stated"], basis["in_force"]) == ("stated", None, True)


def test_its_transfer_and_retention_are_long(office: TestClient) -> None:
    made = make(office, "/v1/activities", payroll())
    transfer, retention = made["transfers"][0], made["retentions"][0]
    assert transfer["recipient"] == {
        "code": "sgk",
        "name": "SGK",
        "as_stated": None,
        "certainty": "stated",
        "inferred_from": None,
    }
    assert (transfer["location"], transfer["recipient_role"], transfer["mechanisms"]) == ("domestic", "not_stated", [])
    step = retention["steps"][0]
    assert (retention["kind"], step["value"], step["unit"], step["bound"]) == ("period", 10, "year", "exact")
    assert codes(step["start_events"]) == ["end_of_employment"]


@pytest.mark.parametrize(
    ("short", "reach", "members"),
    [
        ([], "not_stated", []),
        ({}, "not_stated", []),
        (["employee"], "listed", ["employee"]),
        ([{"code": "employee"}], "listed", ["employee"]),
        ({"members": ["employee"]}, "listed", ["employee"]),
        ({"reach": "including", "members": ["employee", "visitor"]}, "including", ["employee", "visitor"]),
        ({"reach": "all"}, "all", []),
        ({"reach": "all_except", "members": ["visitor"]}, "all_except", ["visitor"]),
        ({"reach": "unreadable"}, "unreadable", []),
    ],
)
def test_a_list_means_listed_and_silence_not_stated(
    counter: TestClient,
    short: object,
    reach: str,
    members: list[str],
) -> None:
    long = statement(counter, "uses", data_subjects=short)["data_subjects"]
    assert (long["reach"], codes(long["members"])) == (reach, members)


def test_what_is_left_out_is_not_stated(counter: TestClient) -> None:
    use = statement(counter, "uses")
    assert [use[name]["reach"] for name in ("data", "data_subjects", "purposes")] == ["not_stated"] * 3
    assert use["legal_bases"] == {"relate": "not_stated", "members": []}
    transfer = statement(counter, "transfers")
    assert [transfer[name] for name in ("recipient", "location", "places")] == [None, None, []]
    assert statement(counter, "retentions")["kind"] == "not_stated"


@pytest.mark.parametrize(
    ("short", "pairs"),
    [
        (["identity"], [("identity", None, None, None)]),
        ([{"item": "iban"}], [(None, "iban", None, None)]),
        ([{"category": "finance", "item": "iban", "as_stated": "IBAN no"}], [("finance", "iban", "IBAN no", None)]),
        (
            [{"category": "identity", "items": ["name_surname", "date_of_birth"]}, "finance"],
            [
                ("identity", "name_surname", None, None),
                ("identity", "date_of_birth", None, None),
                ("finance",) + (None,) * 3,
            ],
        ),
        (
            [{"category": "finance", "as_stated": "Mali", "items": [{"code": "iban", "as_stated": "hesap"}]}],
            [("finance", "iban", "hesap", "Mali")],
        ),
        (
            {"reach": "including", "members": [{"category": "finance", "items": ["iban"]}]},
            [("finance", "iban", None, None)],
        ),
    ],
)
def test_data_are_pairs_of_category_and_item(counter: TestClient, short: object, pairs: list[Any]) -> None:
    members = statement(counter, "collections", data=short)["data"]["members"]
    names = ("category", "item", "as_stated", "category_as_stated")
    assert [tuple(member[name] for name in names) for member in members] == pairs


def test_bases_are_a_list_or_say_how_they_relate(counter: TestClient) -> None:
    short = statement(counter, "uses", legal_bases=["contract", "explicit_consent"])["legal_bases"]
    assert (short["relate"], codes(short["members"])) == ("not_stated", ["contract", "explicit_consent"])
    long = statement(counter, "uses", legal_bases={"relate": "fallback", "members": ["contract", "explicit_consent"]})
    assert long["legal_bases"]["relate"] == "fallback"


def test_links_keep_what_the_source_says(counter: TestClient) -> None:
    link = {
        "code": "explicit_consent",
        "as_stated": "açık rıza",
        "cited_as": "m. 5/1",
        "law_ref": "KVKK m.5/1",
        "certainty": "inferred",
        "inferred_from": "merged cell above",
        "document": "acme:politika",
    }
    found = statement(counter, "uses", legal_bases=[link])["legal_bases"]["members"][0]
    assert {name: found[name] for name in link} == link


def test_places_sources_and_mechanisms_have_a_short_form(counter: TestClient) -> None:
    transfer = statement(
        counter, "transfers", places=["US", {"as_stated": "Florida"}], mechanisms=["old_explicit_consent"]
    )
    assert [(place["country"], place["as_stated"]) for place in transfer["places"]] == [("US", None), (None, "Florida")]
    assert transfer["mechanisms"][0]["status"] == "not_stated"
    collection = statement(counter, "collections", sources=["data_subject", {"kind": "recipient", "recipient": "sgk"}])
    assert [source["kind"] for source in collection["sources"]] == ["data_subject", "recipient"]


def test_a_counterpart_and_a_recipient_are_a_code_or_more(counter: TestClient) -> None:
    assert statement(counter, "roles", role="processor", counterpart="sgk")["counterpart"]["name"] == "SGK"
    long = {"code": "sgk", "as_stated": "Sosyal Güvenlik Kurumu", "certainty": "inferred"}
    found = statement(counter, "transfers", recipient=long)["recipient"]
    assert {name: found[name] for name in long} == long


def test_measures_are_links(counter: TestClient) -> None:
    first = read(counter, "/v1/measures", limit=1)["items"][0]
    measure = statement(counter, "measures", measures=[first["code"]], only_special=True)
    assert (measure["measures"][0]["label"], measure["only_special"]) == (first["label"], True)


@pytest.mark.parametrize(
    ("short", "value", "events"),
    [
        ({"period": {"value": 6, "unit": "month"}}, 6, []),
        ({"from": "account_closure"}, None, ["account_closure"]),
        (
            {"period": {"value": 6, "unit": "month"}, "from": ["account_closure", {"code": "payment"}]},
            6,
            ["account_closure", "payment"],
        ),
    ],
)
def test_a_period_and_its_start_are_one_step(
    counter: TestClient, short: Json, value: int | None, events: list[str]
) -> None:
    retention = statement(counter, "retentions", **short)
    assert (retention["kind"], len(retention["steps"])) == ("period", 1)
    step = retention["steps"][0]
    assert (step["value"], codes(step["start_events"])) == (value, events)


def test_a_retention_of_several_steps_comes_back_whole(counter: TestClient) -> None:
    steps = [
        {"value": 2, "unit": "year", "start_events": ["end_of_contract", "payment"], "start_relation": "latest"},
        {
            "join": "then",
            "value": 8,
            "unit": "year",
            "bound": "minimum",
            "action": ["anonymisation"],
            "medium": "arşiv",
        },
        {"join": "or", "condition": "dava varsa", "renewed_by": ["last_login"], "starts_at": "end_of_calendar_year"},
    ]
    retention = statement(
        counter,
        "retentions",
        kind="criterion",
        steps=steps,
        destruction_interval={"value": 6, "unit": "month"},
        destruction_months=[6, 12],
    )
    assert [step["join"] for step in retention["steps"]] == [None, "then", "or"]
    assert codes(retention["steps"][0]["start_events"]) == ["end_of_contract", "payment"]
    assert codes(retention["steps"][2]["renewed_by"]) == ["last_login"]
    assert retention["destruction_interval"] == {"value": 6, "unit": "month"}
    assert retention["destruction_months"] == [6, 12]


@pytest.mark.parametrize(
    "period", [5, "10 years", [10, "year"], {"value": 10}, {"unit": "year"}, {"value": -1, "unit": "year"}]
)
def test_a_period_is_a_value_and_a_unit(counter: TestClient, period: Any) -> None:  # noqa: ANN401
    answer = counter.post("/v1/activities", json=activity("yok", retentions=[{"period": period}]))
    assert refusal(answer, 422)["pointer"].startswith("/retentions/0/period")


def test_a_period_is_short_or_long_but_not_both(counter: TestClient) -> None:
    body = activity("yok", retentions=[{"period": {"value": 1, "unit": "year"}, "steps": []}])
    error = refusal(counter.post("/v1/activities", json=body), 422)
    assert (error["code"], error["pointer"]) == ("unknown_field", "/retentions/0/period")
