"""Whatever an address does not know is refused with a problem document that names it and what is allowed."""

import re
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.platform.problems import Problem
from tests.contract.test_openapi import DOCUMENT, METHODS, OPERATIONS

READS: Final = [name.removeprefix("GET ") for name in OPERATIONS if name.startswith("GET ")]
FIXED: Final = [path for path in DOCUMENT["paths"] if "{" not in path]


def filled(path: str) -> str:
    """Return an address of this shape."""
    known = {"kind": "uses", "number": "1"}
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], "some"), path)


def problem_of(answer: Any, status: int) -> dict[str, Any]:  # noqa: ANN401 - a response of the test client
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status
    assert document["instance"] == answer.request.url.path
    assert document["type"].startswith("/problems/")
    assert document["title"]
    assert document["detail"]
    return document


@pytest.fixture
def lenient(client: TestClient) -> TestClient:
    """A caller that is answered, whatever happens inside."""
    return TestClient(client.app, raise_server_exceptions=False)


def test_every_read_refuses_an_unknown_parameter_and_lists_the_known_ones(client: TestClient) -> None:
    for path in READS:
        document = problem_of(client.get(filled(path), params={"legal_bassis": "x"}), 422)
        (item,) = document["errors"]
        names = {each["name"] for each in OPERATIONS[f"GET {path}"].get("parameters", []) if each["in"] == "query"}
        assert (item["parameter"], item["code"]) == ("legal_bassis", "unknown_parameter"), path
        assert item["allowed"] == sorted(names), path


def test_every_write_refuses_an_unknown_parameter(client: TestClient) -> None:
    for name in OPERATIONS:
        method, path = name.split()
        if method != "GET":
            answer = client.request(method, filled(path), params={"dryrun": "1"}, json={})
            assert problem_of(answer, 422)["errors"][0]["parameter"] == "dryrun", name


def test_every_read_of_one_thing_answers_404_where_there_is_none(client: TestClient) -> None:
    for path in READS:
        if "{" in path:
            item = problem_of(client.get(filled(path)), 404)["errors"][0]
            assert item["code"] == "not_found", path
            assert "“some”" in item["message"], path


@pytest.mark.parametrize("path", ["/v1/nothing", "/v2/activities", "/", "/v1", "/v1/activities/a/b/c/d"])
def test_an_unknown_address_is_a_problem(client: TestClient, path: str) -> None:
    assert problem_of(client.get(path), 404)["errors"][0]["code"] == "no_such_path"


def test_a_wrong_method_is_answered_with_all_right_ones(client: TestClient) -> None:
    for path, methods in DOCUMENT["paths"].items():
        known = {method.upper() for method in METHODS if method in methods}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            answer = client.request(method, filled(path), json={})
            problem_of(answer, 405)
            assert set(answer.headers["allow"].split(", ")) - {"HEAD"} == known, (method, path)


def test_a_body_that_is_no_json_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/activities", content=b"{no", headers={"Content-Type": "application/json"})
    assert problem_of(answer, 400)["errors"][0]["code"] == "json_invalid"


def test_a_body_of_another_media_type_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/activities", content=b"{}", headers={"Content-Type": "text/plain"})
    assert problem_of(answer, 415)["errors"][0]["code"] == "media_type"


@pytest.mark.parametrize("address", ["/v1/activities", "/v1/import"])
def test_a_body_that_is_too_large_is_refused(client: TestClient, address: str) -> None:
    answer = client.post(address, content=b" " * 8_000_001, headers={"Content-Type": "application/json"})
    assert problem_of(answer, 413)["errors"][0]["code"] == "too_large"


@pytest.mark.parametrize("text", ["%00", "%F0%9F%98%80", "%2e%2e", "a" * 5000, "%FF", "'%20OR%201=1--", "%25"])
def test_hostile_text_in_addresses_and_filters_never_fails_inside(lenient: TestClient, text: str) -> None:
    for path in ("/v1/controllers", "/v1/activities", "/v1/purposes", "/v1/documents", "/v1/recipients"):
        for address in (f"{path}/{text}", f"{path}?controller={text}", f"{path}?q={text}", f"{path}?sort={text}"):
            answer = lenient.get(address)
            assert answer.status_code < 500, address
            assert answer.status_code == 200 or answer.headers["content-type"] == "application/problem+json"


def test_every_kind_of_problem_is_answered_in_both_languages(client: TestClient) -> None:
    turkish = client.get("/v1/nothing", headers={"Accept-Language": "tr-TR,tr;q=0.9,en;q=0.8"})
    english = client.get("/v1/nothing", headers={"Accept-Language": "de"})
    assert (turkish.json()["title"], turkish.headers["content-language"]) == ("Bulunamadı", "tr")
    assert (english.json()["title"], english.headers["content-language"]) == ("Not found", "en")


def test_the_tree_of_problems_has_a_status_and_a_code_of_its_own_for_each() -> None:
    def below(kind: type[Problem]) -> list[type[Problem]]:
        return [kind, *(inner for child in kind.__subclasses__() for inner in below(child))]

    codes = [kind.code for kind in below(Problem)]
    assert len(codes) == len(set(codes))
    assert all(400 <= kind.status < 600 for kind in below(Problem))
