"""Whatever stands in a path, a query or a header is found as it was meant, or refused by name."""

import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from tests.contract.test_openapi import OPERATIONS
from tests.contract.test_refusals import filled as address_of
from tests.platform.calling import change, done, problem, read, refusal
from tests.platform.registers import opened

CODE: Final = "çığ.şü-ğ"
TYPED: Final = unicodedata.normalize("NFD", CODE)
READS: Final = [name for name in OPERATIONS if name.startswith("GET ")]
NO_CODES: Final = (
    *("Acme", "İ", "I", "a b", "a/b", "a:b:c", ":a", "a:", "-a", "a.", "", "a\0", "a\u0307", "a\u202eb", "ａ", "😀"),
    "a" * 121,
)
IN_PATHS: Final = (
    "%00",
    "%E2%80%AE",
    "%F0%9F%98%80",
    "a%0Ab",
    "..%2F..",
    "9" * 400,
    "a" * 242,
)
IN_QUERIES: Final = ("\0", "\u202e", "I\u0307", "9" * 400, "-1", "NaN", "1e999", "[]", "{}", "%", "'", "a" * 5000, "")
NO_UTF8: Final = ("%FF", "%ED%A0%80", "a%C3")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A register with a controller and an activity whose codes are Turkish; what fails inside is answered."""
    with opened(request) as client:
        done(client.post("/v1/controllers", json={"code": CODE, "short_name": "Çığ"}), 201)
        body = {"controller": TYPED, "code": TYPED, "name": {"tr": TYPED, "en": "a"}}
        done(client.post("/v1/activities", json=body), 201)
        yield TestClient(client.app, raise_server_exceptions=False)


def test_a_code_is_found_however_its_letters_are_typed(house: TestClient) -> None:
    """Composed or not, in a path, in a filter and in a word to look for, percent-encoded as every address is."""
    for code in (CODE, TYPED):
        assert read(house, f"/v1/controllers/{quote(code)}")["code"] == CODE
        assert read(house, f"/v1/activities/{quote(f'{code}:{code}')}")["name"]["tr"] == CODE
        assert len(read(house, "/v1/activities", controller=code)["items"]) == 1
        assert len(read(house, "/v1/activities", q=code)["items"]) == 1
        assert read(house, "/v1/audit-events", code=code)["items"]
        assert house.get("/v1/export", params={"controller": code}).status_code == 200
    assert TYPED != CODE


def test_a_letter_and_a_mark_in_two_values_stay_two_values(house: TestClient) -> None:
    item = refusal(house.get(f"/v1/activities?controller=c&controller={quote(chr(0x327) + 'a')}"), 422)
    assert "“c”" in item["message"]


@pytest.mark.parametrize("bytes_", NO_UTF8)
def test_an_address_that_is_no_utf8_is_refused_by_every_operation(house: TestClient, bytes_: str) -> None:
    for name in OPERATIONS:
        method, path = name.split()
        addresses = [f"{address_of(path)}?q={bytes_}"]
        addresses += [address_of(path).replace("some", bytes_)] if "{" in path else []
        for address in addresses:
            assert refusal(house.request(method, address), 400)["code"] == "bad_address", address


@pytest.mark.parametrize("text", IN_PATHS)
def test_a_path_that_names_nothing_is_refused_by_every_operation(house: TestClient, text: str) -> None:
    for name in OPERATIONS:
        method, path = name.split()
        if "{" in path:
            answer = house.request(method, address_of(path).replace("some", text), json={}, headers={"If-Match": '"1"'})
            assert answer.status_code in {400, 404, 405, 422}, (name, answer.text)
            assert problem(answer, answer.status_code)["errors"]


def parameters() -> dict[str, str]:
    """Return every query parameter of reads that need none, once, with an address that takes it."""
    return {
        parameter["name"]: path
        for path, operation in ((name.removeprefix("GET "), OPERATIONS[name]) for name in READS)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and "{" not in path and path != "/v1/compare"
    }


@pytest.mark.parametrize("value", IN_QUERIES)
def test_every_parameter_is_answered_or_refused_by_name(house: TestClient, value: str) -> None:
    found = parameters()
    assert len(found) > 60
    for name, path in found.items():
        answer = house.get(path, params={name: value})
        if answer.status_code != 200:
            errors = problem(answer, 422)["errors"]
            assert {error["parameter"] for error in errors} == {name}, (name, answer.text)


@pytest.mark.parametrize("code", NO_CODES)
def test_what_is_no_code_is_refused_wherever_a_code_is_taken(house: TestClient, code: str) -> None:
    label = {"tr": "a", "en": "a"}
    for path, body in (
        ("/v1/controllers", {"code": code}),
        ("/v1/recipients", {"code": code, "name": "a", "kind": "class"}),
        ("/v1/documents", {"code": code, "controller": CODE, "kind": "policy", "title": "a"}),
        ("/v1/purposes", {"code": code, "label": label}),
        ("/v1/activities", {"code": code, "controller": CODE, "name": label}),
    ):
        assert refusal(house.post(path, json=body), 422)["pointer"] == "/code", path
    statement = {"code": "a", "controller": CODE, "name": label, "measures": [{"measures": [code]}]}
    assert refusal(house.post("/v1/activities", json=statement), 422)["pointer"] == "/measures/0/measures/0"


def test_codes_have_a_hundred_and_twenty_letters_bare_or_with_an_owner(house: TestClient) -> None:
    longest = "ş" * 120
    label = {"tr": "a", "en": "a"}
    done(house.post("/v1/controllers", json={"code": longest}), 201)
    made = done(house.post("/v1/purposes", json={"code": longest, "controller": longest, "label": label}), 201)
    assert made["code"] == f"{longest}:{longest}"
    assert read(house, f"/v1/purposes/{quote(made['code'])}") == made
    for code in (f"{longest}ş", f"{longest}:{longest}ş", f"{longest}ş:{longest}"):
        item = refusal(house.post("/v1/purposes", json={"code": code, "label": label}), 422)
        assert (item["pointer"], item["code"]) == ("/code", "string_too_long")


def test_the_key_of_a_statement_in_a_path_is_bound_like_every_code(house: TestClient) -> None:
    path = f"/v1/activities/{quote(f'{CODE}:{CODE}')}"
    etag = house.get(path).headers["etag"]
    body = {"measures": ["key_management"]}
    answer = house.put(f"{path}/measures/{'a' * 121}", json=body, headers={"If-Match": etag})
    assert refusal(answer, 422)["pointer"] == "/key"
    done(house.put(f"{path}/measures/{quote(TYPED)}", json=body, headers={"If-Match": etag}))
    assert read(house, path)["measures"][0]["key"] == CODE


@pytest.mark.parametrize("reason", ["a\x00b", "a\x1bb", "a\x7fb"])
def test_a_reason_is_text_like_every_other(house: TestClient, reason: str) -> None:
    headers = {"Envanter-Reason": reason}
    item = refusal(house.post("/v1/controllers", json={"code": "neden"}, headers=headers), 422)
    assert (item["parameter"], item["code"]) == ("envanter-reason", "control_character")


def test_a_reason_is_composed_like_every_text(house: TestClient) -> None:
    headers = [(b"Envanter-Reason", f" {TYPED} ".encode())]
    code = done(house.post("/v1/controllers", json={"code": "nedenli"}, headers=headers), 201)["code"]
    assert read(house, f"/v1/controllers/{code}/revisions")["items"][0]["reason"] == CODE
    assert change(house, "DELETE", f"/v1/controllers/{code}").status_code == 204
