"""Documents: what identifies them, what they print, and how they refer to one another."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import BACKENDS
from tests.controllers.factories import add_controller
from tests.documents.factories import add_document, document
from tests.platform.calling import Json, change, problem, read, refusal
from tests.platform.registers import opened
from tests.vocabularies.factories import add_term


@pytest.fixture(scope="module", params=BACKENDS)
def acme(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A register with two controllers; each test adds documents of its own."""
    with opened(request) as caller:
        add_controller(caller)
        add_controller(caller, "other")
        add_document(caller, "eski")
        yield caller


PRINTS: Json = {
    "legal_name": {"value": "Acme Anonim Şirketi", "locator": "1"},
    "kep": {"state": "not_stated"},
    "phone": {"state": "unreadable", "locator": "son sayfa"},
    "response_days": {"value": 30},
    "application_channels": {"members": [{"kind": "kep", "as_stated": "KEP ile"}, {"kind": "other", "value": "x"}]},
    "rights": {
        "locator": "9",
        "members": [
            {"code": "rectification", "letter": "d", "as_stated": "düzeltme"},
            {"code": "compensation", "state": "unreadable"},
        ],
    },
}


def test_what_a_document_prints_comes_back_as_printed(acme: TestClient) -> None:
    made = add_document(acme, "basılı", prints=PRINTS)["prints"]
    assert made["legal_name"] == {"state": "stated", "value": "Acme Anonim Şirketi", "locator": "1"}
    assert (made["kep"]["state"], made["phone"]["state"], made["fax"]) == ("not_stated", "unreadable", None)
    assert made["response_days"]["value"] == 30
    assert [channel["kind"] for channel in made["application_channels"]["members"]] == ["kep", "other"]
    assert [right["state"] for right in made["rights"]["members"]] == ["stated", "unreadable"]


def test_a_whole_document_that_was_read_may_be_sent_back(acme: TestClient) -> None:
    defines = [{"vocabulary": "purposes", "term": "finance_and_accounting", "as_stated": "muhasebe"}]
    whole = {"audience": ["employee"], "version_of": "eski", "prints": PRINTS, "defines": defines, "language": "tr-TR"}
    made = add_document(acme, "bütün", **whole)
    assert change(acme, "PUT", "/v1/documents/acme:bütün", made).json() == made
    assert made["audience"] == [{"code": "employee", "label": {"tr": "Çalışan", "en": "Employee"}}]
    assert made["version_of"] == {"code": "acme:eski", "name": "Politika"}
    assert made["controller"] == {"code": "acme", "name": "Acme A.Ş."}


@pytest.mark.parametrize(
    ("printed", "pointer", "code"),
    [
        ({"kep": {"value": None}}, "/prints/kep", "print_value"),
        ({"kep": {}}, "/prints/kep", "print_value"),
        ({"kep": {"state": "not_stated", "value": "x"}}, "/prints/kep", "print_value"),
        ({"response_days": {"state": "unreadable", "value": 3}}, "/prints/response_days", "print_value"),
        ({"response_days": {"value": "otuz"}}, "/prints/response_days/value", "int_type"),
        ({"ticaret_unvani": {"value": "x"}}, "/prints/ticaret_unvani", "unknown_field"),
        ({"rights": {"members": [{"code": "yok"}]}}, "/prints/rights/members/0/code", "unknown_code"),
        (
            {"rights": {"members": [{"code": "rectification", "as_stated": "a " * 16}]}},
            "/prints/rights/members/0/as_stated",
            "label_too_long",
        ),
        (
            {"application_channels": {"members": [{"kind": "fax"}]}},
            "/prints/application_channels/members/0/kind",
            "literal_error",
        ),
    ],
)
def test_what_a_document_cannot_print_is_refused_at_its_place(
    acme: TestClient, printed: Json, pointer: str, code: str
) -> None:
    error = refusal(acme.post("/v1/documents", json=document(prints=printed)), 422)
    assert (error["pointer"], error["code"]) == (pointer, code)
    refusal(acme.get("/v1/documents/acme:politika"), 404)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"audience": ["employee", "yok"]}, "/audience/1"),
        ({"defines": [{"vocabulary": "purposes", "term": "employee"}]}, "/defines/0/term"),
        ({"version_of": "yok"}, "/version_of"),
        ({"language_version_of": "acme:yok"}, "/language_version_of"),
        ({"supplements": {"code": "yok"}}, "/supplements"),
        ({"controller": "nobody"}, "/controller"),
    ],
)
def test_an_unknown_code_is_named_with_what_is_allowed(acme: TestClient, fields: Json, pointer: str) -> None:
    error = refusal(acme.post("/v1/documents", json=document() | fields), 422)
    assert (error["code"], error["pointer"]) == ("unknown_code", pointer)
    assert set(error["allowed"]) & {"employee", "finance_and_accounting", "acme:eski", "acme"}


def test_all_unknown_codes_are_named_at_once(acme: TestClient) -> None:
    body = document(version_of="yok", audience=["yok"], prints={"rights": {"members": [{"code": "yok"}]}})
    errors = problem(acme.post("/v1/documents", json=body), 422)["errors"]
    pointers = [error["pointer"] for error in errors]
    assert pointers == ["/version_of", "/audience/0", "/prints/rights/members/0/code"]


def test_what_belongs_to_another_controller_is_out_of_reach(acme: TestClient) -> None:
    add_document(acme, "onun", "other")
    add_term(acme, "data-subject-categories", "onun", "other")
    wrongs: list[tuple[Json, str]] = [
        ({"version_of": "other:onun"}, "/version_of"),
        ({"audience": ["other:onun"]}, "/audience/0"),
        ({"code": "other:x"}, "/code"),
    ]
    for fields, pointer in wrongs:
        error = refusal(acme.post("/v1/documents", json=document() | fields), 422)
        assert (error["code"], error["pointer"]) == ("other_controller", pointer)


def test_no_document_is_a_version_of_itself_however_long_the_way(acme: TestClient) -> None:
    add_document(acme, "v1")
    add_document(acme, "v2", version_of="v1")
    add_document(acme, "v3", supplements="v2")
    for relation in ("version_of", "language_version_of", "supplements"):
        for code in ("v1", "v2", "v3"):
            error = refusal(change(acme, "PATCH", "/v1/documents/acme:v1", {relation: code}), 422)
            assert (error["code"], error["pointer"]) == ("cycle", f"/{relation}")


def test_a_document_is_not_over_before_it_is_in_effect(acme: TestClient) -> None:
    body = document(effective_from="2024-06-01", effective_to="2024-05-31")
    assert refusal(acme.post("/v1/documents", json=body), 422)["code"] == "dates_out_of_order"
    one_day = add_document(acme, "bir-gün", effective_from="2024-06-01", effective_to="2024-06-01")
    assert one_day["effective_to"] == "2024-06-01"


@pytest.mark.parametrize("language", ["Türkçe", "tr_TR", "t", "tr-"])
def test_a_language_is_a_tag(acme: TestClient, language: str) -> None:
    assert refusal(acme.post("/v1/documents", json=document(language=language)), 422)["pointer"] == "/language"


def test_a_document_lives_with_its_controller(acme: TestClient) -> None:
    error = refusal(change(acme, "PATCH", "/v1/documents/acme:eski", {"controller": "other"}), 422)
    assert error["code"] == "other_controller"
    nobody = {name: value for name, value in document().items() if name != "controller"}
    assert refusal(acme.post("/v1/documents", json=nobody), 422)["pointer"] == "/controller"


def test_filters_choose_documents(client: TestClient) -> None:
    add_controller(client)
    add_controller(client, "other")
    add_term(client, "data-subject-categories", "stajyer", "other", under=["employee"])
    rights: Any = {"rights": {"members": [{"code": "rectification"}]}}
    add_document(client, "a", status="withdrawn", audience=["employee"])
    add_document(client, "b", kind="notice", language="en", prints=rights)
    add_document(client, "c", "other", channel="website", audience=["other:stajyer"])
    for name, value, codes in (
        ("controller", "acme", ["acme:a", "acme:b"]),
        ("kind", "notice", ["acme:b"]),
        ("status", "withdrawn", ["acme:a"]),
        ("channel", "website", ["other:c"]),
        ("language", "en", ["acme:b"]),
        ("audience", "employee", ["acme:a", "other:c"]),
        ("right", "rectification", ["acme:b"]),
    ):
        items = read(client, "/v1/documents", **{name: value}, sort="code")["items"]
        assert [item["code"] for item in items] == codes, name
