"""What an activity may not say is refused at its place, as the caller wrote it, and nothing is kept."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.activities.factories import activity
from tests.platform.calling import Json, problem, read, refusal

LONG = " ".join(["kelime"] * 16)

SOUND: dict[str, Json] = {"roles": {"role": "processor"}, "measures": {"measures": ["encryption"]}}

UNKNOWN: list[tuple[str, Json, str, str]] = [
    ("collections", {"data": ["identity", "yok"]}, "data/1", "identity"),
    ("collections", {"data": [{"item": "yok"}]}, "data/0/item", "iban"),
    ("collections", {"data": [{"category": "yok", "item": "iban"}]}, "data/0/category", "identity"),
    (
        "collections",
        {"data": [{"category": "identity", "items": ["iban", "yok"]}, "finance"]},
        "data/0/items/1",
        "iban",
    ),
    ("collections", {"data": [{"category": "yok", "items": ["iban", "name_surname"]}]}, "data/0/category", "identity"),
    (
        "collections",
        {"data": ["finance", {"category": "identity", "items": [{"code": "yok"}]}]},
        "data/1/items/0",
        "iban",
    ),
    ("collections", {"data": {"reach": "including", "members": ["identity", "yok"]}}, "data/members/1", "identity"),
    ("collections", {"data_subjects": ["yok"]}, "data_subjects/0", "employee"),
    ("collections", {"collection_methods": ["website", {"code": "yok"}]}, "collection_methods/1/code", "website"),
    ("collections", {"sources": [{"kind": "recipient", "recipient": "yok"}]}, "sources/0/recipient", "sgk"),
    ("roles", {"role": "processor", "counterpart": "yok"}, "counterpart", "sgk"),
    ("roles", {"role": "processor", "data_subjects": [{"code": "yok"}]}, "data_subjects/0/code", "employee"),
    ("uses", {"purposes": ["yok"]}, "purposes/0", "finance_and_accounting"),
    ("uses", {"purposes": {"reach": "listed", "members": [{"code": "yok"}]}}, "purposes/members/0/code", "payment"),
    ("uses", {"legal_bases": ["contract", "yok"]}, "legal_bases/1", "explicit_consent"),
    ("uses", {"legal_bases": {"relate": "any", "members": ["yok"]}}, "legal_bases/members/0", "explicit_consent"),
    (
        "uses",
        {"legal_bases": [{"code": "contract", "document": "acme:yok"}]},
        "legal_bases/0/document",
        "acme:politika",
    ),
    ("uses", {"document": "yok"}, "document", "acme:politika"),
    ("transfers", {"recipient": "yok"}, "recipient", "sgk"),
    ("transfers", {"recipient": {"code": "yok"}}, "recipient/code", "sgk"),
    ("transfers", {"mechanisms": ["yok"]}, "mechanisms/0", "old_explicit_consent"),
    (
        "transfers",
        {"mechanisms": [{"code": "safeguard_standard_contract", "contract_type": "ss_5"}]},
        "mechanisms/0/contract_type",
        "ss_1",
    ),
    ("retentions", {"from": "yok"}, "from", "account_closure"),
    ("retentions", {"from": ["payment", "yok"]}, "from/1", "account_closure"),
    ("retentions", {"steps": [{"start_events": ["yok"]}]}, "steps/0/start_events/0", "payment"),
    ("retentions", {"steps": [{}, {"renewed_by": ["yok"]}]}, "steps/1/renewed_by/0", "payment"),
    ("retentions", {"steps": [{"action": [{"code": "yok"}]}]}, "steps/0/action/0/code", "anonymisation"),
    ("measures", {"measures": ["encryption", "yok"]}, "measures/1", "encryption"),
]


@pytest.mark.parametrize(("kind", "statement", "place", "known"), UNKNOWN)
def test_an_unknown_code_is_named_at_its_place(
    counter: TestClient, kind: str, statement: Json, place: str, known: str
) -> None:
    body = activity("yok", **{kind: [{"key": "önce", **SOUND.get(kind, {})}, statement]})
    errors = problem(counter.post("/v1/activities", json=body), 422)["errors"]
    named = [error for error in errors if error["pointer"] == f"/{kind}/1/{place}"]
    assert len(named) == len(errors) == 1
    assert named[0]["code"] == "unknown_code"
    assert known in named[0]["allowed"] or len(named[0]["allowed"]) >= 50
    refusal(counter.get("/v1/activities/acme:yok"), 404)


@pytest.mark.parametrize(("kind", "statement", "place", "known"), UNKNOWN)
def test_a_single_statement_is_pointed_into_as_it_was_sent(
    counter: TestClient, kind: str, statement: Json, place: str, known: str
) -> None:
    del known
    counter.post("/v1/activities", json=activity("tekil"))
    match = {"If-Match": counter.get("/v1/activities/acme:tekil").headers["etag"]}
    answer = counter.put(f"/v1/activities/acme:tekil/{kind}/k", json=statement, headers=match)
    assert [error["pointer"] for error in problem(answer, 422)["errors"]] == [f"/{place}"]


def test_every_unknown_code_is_named_at_once(counter: TestClient) -> None:
    body = activity("yok", uses=[{"purposes": ["bir", "iki"]}], transfers=[{"recipient": "üç"}])
    errors = problem(counter.post("/v1/activities", json=body), 422)["errors"]
    assert [error["pointer"] for error in errors] == [
        "/uses/0/purposes/0",
        "/uses/0/purposes/1",
        "/transfers/0/recipient",
    ]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"uses": [{}, {"purposes": ["other:onun"]}]}, "/uses/1/purposes/0"),
        ({"transfers": [{"recipient": "other:onun"}]}, "/transfers/0/recipient"),
        ({"uses": [{}, {"document": "other:onun"}]}, "/uses/1/document"),
        (
            {"uses": [{"legal_bases": [{"code": "contract", "document": "other:onun"}]}]},
            "/uses/0/legal_bases/0/document",
        ),
        ({"code": "other:yok"}, "/code"),
    ],
)
def test_what_belongs_to_another_controller_is_out_of_reach(counter: TestClient, fields: Json, pointer: str) -> None:
    error = refusal(counter.post("/v1/activities", json=activity("yok") | fields), 422)
    assert (error["code"], error["pointer"]) == ("other_controller", pointer)


def test_an_unknown_controller_is_named(counter: TestClient) -> None:
    error = refusal(counter.post("/v1/activities", json=activity("yok", "nobody")), 422)
    assert (error["code"], error["pointer"], error["allowed"]) == ("unknown_code", "/controller", ["acme", "other"])


@pytest.mark.parametrize(
    ("kind", "statement", "place", "code"),
    [
        (
            "uses",
            {"purposes": [{"code": "finance_and_accounting", "as_stated": LONG}]},
            "purposes/0/as_stated",
            "label_too_long",
        ),
        ("uses", {"purposes": {"reach": "all", "as_stated": LONG}}, "purposes/as_stated", "label_too_long"),
        (
            "collections",
            {"data": [{"category": "identity", "as_stated": LONG, "items": ["iban", "email_address"]}]},
            "data/0",
            "label_too_long",
        ),
        (
            "collections",
            {"data": [{"category": "identity", "items": [{"code": "iban", "as_stated": LONG}]}]},
            "data/0/items/0/as_stated",
            "label_too_long",
        ),
        ("transfers", {"recipient": {"code": "sgk", "as_stated": LONG}}, "recipient/as_stated", "label_too_long"),
        ("transfers", {"places": [{"as_stated": LONG}]}, "places/0/as_stated", "label_too_long"),
        ("uses", {"data": {"reach": "all_except"}}, "data", "no_members"),
        ("uses", {"purposes": {"reach": "listed", "members": []}}, "purposes", "no_members"),
        ("uses", {"data_subjects": {"reach": "all", "members": ["employee"]}}, "data_subjects", "no_members_allowed"),
        ("uses", {"data": {"reach": "most"}}, "data/reach", "literal_error"),
        ("collections", {"data": [{}]}, "data/0", "nothing_named"),
        ("transfers", {"places": [{}]}, "places/0", "nothing_named"),
        ("transfers", {"places": ["XX"]}, "places/0", "unknown_country"),
        ("transfers", {"places": [{"country": "us"}]}, "places/0/country", "unknown_country"),
        ("transfers", {"recipient": {}}, "recipient/code", "missing"),
        ("uses", {"legal_bases": [{"as_stated": "rıza"}]}, "legal_bases/0/code", "missing"),
        ("roles", {}, "role", "missing"),
        ("measures", {}, "measures", "missing"),
        ("measures", {"measures": []}, "measures", "too_short"),
        ("collections", {"sources": [{"kind": "recipient"}]}, "sources/0", "source_recipient"),
        ("collections", {"sources": [{"kind": "other", "recipient": "sgk"}]}, "sources/0", "source_recipient"),
        ("retentions", {"steps": [{"value": 3}]}, "steps/0", "value_and_unit"),
        ("retentions", {"destruction_months": [0]}, "destruction_months/0", "greater_than_equal"),
        ("retentions", {"destruction_interval": {"value": 1}}, "destruction_interval/unit", "missing"),
        ("uses", {"valid_from": "2024-06-01", "valid_to": "2024-05-31"}, "", "dates_out_of_order"),
        (
            "transfers",
            {"mechanisms": [{"code": "old_explicit_consent", "valid_from": "2024-06-01", "valid_to": "2024-05-31"}]},
            "mechanisms/0",
            "dates_out_of_order",
        ),
        ("uses", {"key": "Büyük Harf"}, "key", "string_pattern_mismatch"),
        ("uses", {"key": "a:b"}, "key", "string_pattern_mismatch"),
        ("uses", {"citations": [{"form": "table"}]}, "citations/0/locator", "missing"),
        ("uses", {"polarity": "maybe"}, "polarity", "literal_error"),
        ("uses", {"recipient": "sgk"}, "recipient", "unknown_field"),
        ("uses", {"purposes": {"reach": "all", "member": []}}, "purposes/member", "unknown_field"),
        (
            "collections",
            {"data": [{"category": "identity", "items": ["iban", {"code": "iban", "nmae": 1}]}]},
            "data/0/items/1/nmae",
            "unknown_field",
        ),
    ],
)
def test_what_a_statement_cannot_be_is_refused_at_its_place(
    counter: TestClient, kind: str, statement: Json, place: str, code: str
) -> None:
    body = activity("yok", **{kind: [statement]})
    errors = problem(counter.post("/v1/activities", json=body), 422)["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [(f"/{kind}/0/{place}".rstrip("/"), code)]
    refusal(counter.get("/v1/activities/acme:yok"), 404)


def test_a_label_of_fifteen_words_is_a_label(counter: TestClient) -> None:
    label = " ".join(["kelime"] * 15)
    purpose = {"code": "finance_and_accounting", "as_stated": label}
    answer = counter.post("/v1/activities", json=activity("etiket", uses=[{"purposes": [purpose]}]))
    assert answer.json()["uses"][0]["purposes"]["members"][0]["as_stated"] == label
    assert [item["code"] for item in read(counter, "/v1/activities", q="KELIME kelime")["items"]] == ["acme:etiket"]


def test_two_statements_of_a_kind_do_not_share_a_key(counter: TestClient) -> None:
    body = activity("yok", uses=[{"key": "a"}, {"key": "b"}, {"key": "b"}])
    error = refusal(counter.post("/v1/activities", json=body), 422)
    assert (error["code"], error["pointer"]) == ("ambiguous_code", "/uses/2/key")
    assert (
        counter.post(
            "/v1/activities", json=activity("iki", uses=[{"key": "a"}], roles=[{"key": "a", "role": "processor"}])
        ).status_code
        == 201
    )


@pytest.mark.parametrize(
    "fields", [{"name": None}, {"name": {"tr": "a"}}, {"scope": "all"}, {"uses": {}}, {"uses": [7]}, {"users": []}]
)
def test_an_activity_of_the_wrong_shape_is_refused(counter: TestClient, fields: Any) -> None:  # noqa: ANN401
    error = refusal(counter.post("/v1/activities", json=activity("yok") | fields), 422)
    assert error["pointer"].startswith(f"/{next(iter(fields))}")
