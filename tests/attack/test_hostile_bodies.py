"""What no text is, is refused in every place that takes one, by name; what is text is stored as it was sent (NFC)."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import httpx2
import pytest
from fastapi.testclient import TestClient

from tests.attack.bodies import WRITES, filled, places, schema_of, with_text
from tests.contract.resources import RESOURCES, Made, Resource, open_house
from tests.contract.test_refusals import filled as address_of
from tests.platform.calling import Json, problem, refusal
from tests.platform.registers import opened

JSON_TYPE: Final = {"Content-Type": "application/json"}
NO_TEXT: Final = {
    "NUL": "a\0b",
    "escape": "a\x1b[2Jb",
    "C1": "a\x85b",
    "lone surrogate": "a\ud800b",
    "no letter": " \t\n",
    "too long": "g" * 4001,
}
TEXTS: Final = (
    "I\u0307stanbul ıi İI",
    "c\u0327ig\u0306 ko\u0308fte",
    "\u202ekvkk\u202c \u200fعقد",
    "😀 \u00e9\u0301 \ufeff",
)
ANSWERED_ONLY: Final = ("/counterpart/name", "/recipient/name")  # which is not kept, whatever is sent
CREATES: Final = [name for name in WRITES if name.startswith("POST ")]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A register with one controller; what fails inside is answered."""
    with opened(request) as caller:
        open_house(caller)
        yield TestClient(caller.app, raise_server_exceptions=False)


def sent(document: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(document).encode()


def pointers(answer: httpx2.Response) -> set[str]:
    return {error["pointer"] for error in problem(answer, 422)["errors"] if "pointer" in error}


@pytest.mark.parametrize("kind", NO_TEXT)
def test_what_is_no_text_is_refused_in_every_place_that_takes_one(house: TestClient, kind: str) -> None:
    """Also in codes and labels, in lists and in statements: every place is named, and in words that can be written."""
    for name in CREATES:
        (body,) = filled(schema_of(WRITES[name]), NO_TEXT[kind])
        expected = {place for place in places(body, NO_TEXT[kind]) if not place.endswith(ANSWERED_ONLY)}
        answer = house.post(name.removeprefix("POST "), content=sent(body), headers=JSON_TYPE)
        assert len(expected) > 1
        assert expected <= pointers(answer), (name, expected - pointers(answer))


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_what_is_no_text_is_refused_in_patches_too(house: TestClient, resource: Resource) -> None:
    made: Made = resource.add(house)
    schema = schema_of(WRITES[f"POST {resource.path}"])
    for text in NO_TEXT.values():
        (body,) = filled(schema, text)
        headers = {**JSON_TYPE, "If-Match": made.get().headers["etag"]}
        answer = house.patch(made.path, content=sent(body), headers=headers)
        expected = {place for place in places(body, text) if not place.endswith(ANSWERED_ONLY)}
        assert expected <= pointers(answer)
    assert made.get().json() == made.first


def composed(document: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a document as it is stored."""
    return json.loads(unicodedata.normalize("NFC", json.dumps(document, ensure_ascii=False)))


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
@pytest.mark.parametrize("text", TEXTS, ids=["dotted", "combining", "right to left", "beyond"])
def test_text_of_every_script_is_stored_as_it_was_sent_or_refused_where_it_is_no_code(
    house: TestClient,
    resource: Resource,
    text: str,
) -> None:
    kept = composed(text).strip()
    for number, body in enumerate(with_text(resource.example("x"), text)):
        taken = "code" in body and body["code"] == "x"
        body["code"] = f"{resource.name}-{TEXTS.index(text)}-{number}" if taken else body["code"]
        answer = house.post(resource.path, content=sent(body), headers=JSON_TYPE)
        if answer.status_code == 201:
            assert kept in answer.json().values() or kept in json.dumps(answer.json(), ensure_ascii=False)
            assert house.get(answer.headers["location"]).json() == answer.json()
        else:
            assert pointers(answer) <= set(places(body, text))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_json_that_is_no_utf8_is_refused_by_every_operation(house: TestClient, encoding: str) -> None:
    for name in WRITES:
        method, path = name.split()
        body = json.dumps({"code": "ğ" if encoding != "latin-1" else "ö"}, ensure_ascii=False).encode(encoding)
        answer = house.request(method, address_of(path), content=body, headers={**JSON_TYPE, "If-Match": '"1"'})
        assert refusal(answer, 400)["code"] == "not_utf8", name


def test_utf8_may_begin_with_a_mark(house: TestClient) -> None:
    body = b"\xef\xbb\xbf" + sent({"code": "isaretli"})
    assert house.post("/v1/controllers", content=body, headers=JSON_TYPE).status_code == 201


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b'"a"', b"{", b"\xff", b"[" * 10**6])
def test_a_body_that_is_no_object_is_refused_by_every_operation(house: TestClient, body: bytes) -> None:
    for name in WRITES:
        method, path = name.split()
        answer = house.request(method, address_of(path), content=body, headers={**JSON_TYPE, "If-Match": '"1"'})
        assert answer.status_code in {400, 404, 422}, name
        assert problem(answer, answer.status_code)["errors"]


def test_ten_megabytes_are_refused_by_every_operation_before_they_are_read(house: TestClient) -> None:
    body = sent({"code": "a", "note": "ğ" * 5_000_000})
    for name in WRITES:
        method, path = name.split()
        assert refusal(house.request(method, address_of(path), content=body, headers=JSON_TYPE), 413)


LENIENT: Final[dict[str, list[Any]]] = {
    "response_days": ["30", True, 30.5, [30], "x", 10**30],
    "practice": ["true", 1, 0, "yes", []],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in LENIENT for value in LENIENT[field]])
def test_numbers_and_truths_are_taken_as_such_only(house: TestClient, field: str, value: object) -> None:
    body: Json = {"code": "sayi", field: value}
    assert refusal(house.post("/v1/controllers", json=body), 422)["pointer"] == f"/{field}"


@pytest.mark.parametrize("value", [0, 1732438800, 0.5, True, "1732438801", "20261124", "2026-11-24"])
def test_an_instant_is_written_with_date_time_and_zone(house: TestClient, value: object) -> None:
    body = {"name": "a", "role": "admin", "controllers": "all", "expires_at": value}
    assert refusal(house.post("/v1/keys", json=body), 422)["pointer"] == "/expires_at"


def test_ten_written_as_a_fraction_is_ten(house: TestClient) -> None:
    body = b'{"code": "kesir", "response_days": 3.0e1}'
    assert house.post("/v1/controllers", content=body, headers=JSON_TYPE).json()["response_days"] == 30
