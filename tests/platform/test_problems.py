"""Everything that is refused is refused by a problem document, in English or Turkish."""

import ast
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.platform.messages import MESSAGES, TITLES, TURKISH_VALIDATION
from app.platform.problems import Problem
from app.platform.settings import ROOT
from tests.controllers.factories import add_controller, controller
from tests.platform.calling import problem, read, refusal

TURKISH = {"Accept-Language": "tr-TR, en;q=0.5"}
JSON = {"Content-Type": "application/json"}


def kinds(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Return every kind of problem."""
    yield root
    for child in root.__subclasses__():
        yield from kinds(child)


def own_validations() -> Iterator[str]:
    """Return the code of every rule of content that the application states itself."""
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PydanticCustomError":
                yield ast.literal_eval(node.args[0])


def test_every_text_exists_in_both_languages() -> None:
    for code, texts in {**MESSAGES, **TITLES}.items():
        assert set(texts) == {"en", "tr"}, code
        assert texts["en"] != texts["tr"] or code == "error"
    assert {kind.code for kind in kinds()} <= set(TITLES)
    assert set(own_validations()) <= set(TURKISH_VALIDATION)


@pytest.mark.parametrize(
    ("body", "pointer", "message"),
    [
        ({}, "/code", "Bu alan gerekli."),
        ({"code": "a", "noot": 1}, "/noot", "“noot” bilinen bir alan değil."),
        ({"code": "a", "country": "XX"}, "/country", "ISO 3166-1 alpha-2 ülke kodu olmalı, örneğin TR ya da US."),
        ({"code": "a", "response_days": -1}, "/response_days", "0 ya da daha büyük olmalı."),
        ({"code": "a", "note": 7}, "/note", "Metin olmalı."),
        ({"code": "a", "note": "a\u0007"}, "/note", "Denetim karakterleri ve eşi olmayan vekil kodlar metin değildir."),
    ],
)
def test_a_turkish_caller_is_answered_in_turkish(
    shared: TestClient, body: dict[str, object], pointer: str, message: str
) -> None:
    answer = shared.post("/v1/controllers", json=body, headers=TURKISH)
    assert problem(answer, 422)["title"] == "Geçersiz içerik"
    assert answer.headers["content-language"] == "tr"
    assert refusal(answer, 422) | {"allowed": []} == {
        "pointer": pointer, "code": refusal(answer, 422)["code"], "message": message, "allowed": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("tr", "tr"),
        ("TR-tr", "tr"),
        ("en, tr", "en"),
        ("en;q=0.3, tr;q=0.8", "tr"),
        ("tr;q=0", "en"),
        ("de, tr;q=0.1", "tr"),
        ("tr;q=x", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_the_one_that_the_caller_prefers(shared: TestClient, header: str, language: str) -> None:
    answer = shared.get("/v1/controllers/nobody", headers={"Accept-Language": header})
    assert answer.headers["content-language"] == language
    assert problem(answer, 404)["title"] == {"en": "Not found", "tr": "Bulunamadı"}[language]


def test_an_address_that_does_not_exist_is_a_404_problem(shared: TestClient) -> None:
    for path in ("/v1/nothing", "/", "/v1/controllers/a/b", "/v1/purposes/a/revision"):
        assert refusal(shared.get(path), 404)["code"] == "no_such_path"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/controllers", "GET, POST"),
        ("PUT", "/v1/purposes", "GET, POST"),
        ("OPTIONS", "/v1/activities", "GET, POST"),
        ("POST", "/v1/documents/a:b", "DELETE, GET, PATCH, PUT"),
        ("GET", "/v1/activities/a:b/uses/c", "DELETE, PUT"),
        ("POST", "/v1/measures/encryption/usage", "GET"),
        ("POST", "/healthz", "GET"),
    ],
)
def test_a_405_names_every_method_of_the_address(shared: TestClient, method: str, path: str, allow: str) -> None:
    answer = shared.request(method, path)
    assert refusal(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["allow"] == allow


def test_a_body_over_the_limit_is_refused_whether_or_not_it_says_its_length(shared: TestClient) -> None:
    whole = b'{"code": "a"}' + b" " * 8_000_000
    for content in (whole, iter([whole[:4_000_000], whole[4_000_000:]])):
        answer = shared.post("/v1/controllers", content=content, headers=JSON)
        assert refusal(answer, 413)["code"] == "too_large"
    assert read(shared, "/v1/controllers", q="a", fields="code")["items"] == [{"code": "acme"}]


@pytest.mark.parametrize("kind", ["text/plain", "application/yaml", "multipart/form-data", None])
def test_a_body_that_is_not_json_is_refused(shared: TestClient, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    assert (
        refusal(shared.post("/v1/controllers", content=b'{"code": "a"}', headers=headers), 415)["code"] == "media_type"
    )
    refusal(shared.get("/v1/controllers/a"), 404)


def test_a_body_may_name_its_character_set(shared: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert shared.post("/v1/controllers", content='{"code": "çok-iyi"}'.encode(), headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"code": "x",}', 400),
        (b'{"code": "\xff"}', 400),
        (b'{"code": "x", "response_days": ' + b"9" * 5000 + b"}", 400),
        (b'{"code": "x", "note": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"x"', 422),
        (b"NaN", 422),
        (b'{"code": "x", "response_days": NaN}', 422),
        (b'{"code": "x", "response_days": 1e999}', 422),
        (b'{"code": "x", "response_days": ' + b"9" * 400 + b"}", 422),
        (b'{"code": "x", "note": ' + b"[" * 60 + b"]" * 60 + b"}", 400),
        (b'{"code": "x", "note": ' + b"[" * 59 + b"]" * 59 + b"}", 422),
        (rb'{"code": "x", "note": "\ud800"}', 422),
        (rb'{"code": "x", "note": "\u0000"}', 422),
        (rb'{"code": "\u0000"}', 422),
        (rb'{"code": "x", "\ud800": 1}', 422),
        (rb'{"code": "x", "kind": "\udfff"}', 422),
    ],
)
def test_a_body_that_no_register_can_hold_is_refused(shared: TestClient, body: bytes, status: int) -> None:
    document = problem(shared.post("/v1/controllers", content=body, headers=JSON), status)
    assert document["type"] == ("/problems/malformed" if status == 400 else "/problems/invalid")
    refusal(shared.get("/v1/controllers/x"), 404)


@pytest.mark.parametrize(
    "patch",
    [
        b"[]",
        b"7",
        b"{",
        b'{"note": ' * 900 + b"1" + b"}" * 900,
        b'{"note": ' * 5000 + b"1" + b"}" * 5000,
        rb'{"\ud800": {"\udc00": 1}}',
        rb'{"note": {"\ud800": 1}}',
        b'{"response_days": NaN}',
        b'{"code": null}',
    ],
)
def test_a_patch_that_makes_no_sense_changes_nothing(shared: TestClient, patch: bytes) -> None:
    before = shared.get("/v1/controllers/acme")
    headers = {**JSON, "If-Match": before.headers["etag"]}
    answer = shared.patch("/v1/controllers/acme", content=patch, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert shared.get("/v1/controllers/acme").content == before.content


def test_a_merge_patch_may_say_so(shared: TestClient) -> None:
    headers = {
        "Content-Type": "application/merge-patch+json",
        "If-Match": shared.get("/v1/controllers/acme").headers["etag"],
    }
    assert shared.patch("/v1/controllers/acme", content=b'{"fee": "yok"}', headers=headers).json()["fee"] == "yok"


def test_a_path_that_names_nothing_is_refused_calmly(shared: TestClient) -> None:
    for name in ("%00", "%FF", "a%2Fb", "ş", "0" * 3000, "00000000-0000-0000-0000-000000000000", "'; --"):
        answer = shared.get(f"/v1/controllers/{name}")
        assert answer.status_code in {400, 404, 422}
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_code_that_looks_like_an_id_is_a_code(client: TestClient) -> None:
    code = "0123456789abcdef0123456789abcdef"
    add_controller(client, code)
    assert read(client, f"/v1/controllers/{code}")["code"] == code


def test_a_code_in_turkish_letters_has_an_address(client: TestClient) -> None:
    answer = client.post("/v1/controllers", json=controller("ığdır-şubesi"))
    assert answer.status_code == 201
    assert answer.headers["location"].isascii()
    assert client.get(answer.headers["location"]).json()["code"] == "ığdır-şubesi"


def test_a_code_of_composed_and_decomposed_letters_is_one_code(client: TestClient) -> None:
    add_controller(client, "çınar")
    answer = client.post("/v1/controllers", json=controller("c\u0327ınar"))
    assert refusal(answer, 409)["code"] == "duplicate"


def test_the_frameworks_own_error_is_known_only_where_it_becomes_a_problem() -> None:
    users = [path for path in (ROOT / "app").rglob("*.py") if "HTTPException" in path.read_text()]
    assert [path.name for path in users] == ["http.py"]
