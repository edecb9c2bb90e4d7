"""What is too long, too deep or too much is refused before it is worked on, and strange numbers fail nothing inside."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.platform.bounds import MOST_ADDRESS, MOST_DEPTH, is_deeper
from app.platform.http import MOST_PARAMETERS, MOST_VALUES
from tests.contract.test_examples import CALLS, bodies
from tests.platform.calling import Json, problem, refusal

JSON_HEADERS: Final = {"Content-Type": "application/json"}
STRANGE: Final = ("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "-" + "9" * 30, "9223372036854775808")
# JSON has no such numbers; each stands here for a text that is put in its place.
MARK: Final = "\ue000"
texts = st.text(alphabet='[]{}"\\ a\u00e7', max_size=8)
documents = st.recursive(texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


def depth(document: Any) -> int:  # noqa: ANN401 - any JSON
    inner = document.values() if isinstance(document, dict) else document
    return 1 + max(map(depth, inner), default=0) if isinstance(document, dict | list) else 0


@given(documents, st.integers(0, 6), st.booleans())
def test_depth_is_counted_as_json_nests(document: Any, limit: int, is_ascii: bool) -> None:  # noqa: ANN401
    body = json.dumps(document, ensure_ascii=is_ascii).encode()
    assert is_deeper(body, limit) is (depth(document) > limit)


@pytest.mark.parametrize("body", [b"[" * 10**6, b'{"a":' * 10**6, b"[]" * 10**6, b'"' + b"[" * 10**6, b"]" * 10**6])
def test_depth_is_counted_in_what_is_no_json_too(body: bytes) -> None:
    assert is_deeper(body, MOST_DEPTH) is (body[:2] in {b"[[", b'{"'})


def test_a_body_that_is_nested_too_deep_is_refused_and_says_how_deep_it_may_be(shared: TestClient) -> None:
    for method, path in (("POST", "/v1/controllers"), ("PATCH", "/v1/controllers/acme"), ("POST", "/v1/import")):
        body = b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1)
        answer = shared.request(method, path, content=body, headers=JSON_HEADERS)
        assert problem(answer, 400)["type"] == "/problems/malformed"
        assert refusal(answer, 400)["message"] == f"The body is nested deeper than {MOST_DEPTH}."


def test_an_address_that_is_too_long_is_refused(shared: TestClient) -> None:
    for address in (f"/v1/controllers?q={'a' * MOST_ADDRESS}", f"/v1/controllers/{'a' * MOST_ADDRESS}"):
        assert problem(shared.get(address), 414)["type"] == "/problems/address-too-long"


def test_a_parameter_has_so_many_values_and_a_query_so_many_parameters(shared: TestClient) -> None:
    many = ["acme"] * (MOST_VALUES + 1)
    assert refusal(shared.get("/v1/export", params={"controller": many}), 422) == {
        "parameter": "controller", "code": "too_many", "message": f"At most {MOST_VALUES} values are taken.",
    }  # fmt: skip
    assert shared.get("/v1/export", params={"controller": many[1:]}).status_code == 200
    lots = {f"p{number}": "" for number in range(MOST_PARAMETERS + 1)}
    assert refusal(shared.get("/v1/export", params=lots), 422)["code"] == "too_many"


@pytest.mark.parametrize("field", ["group_by", "count_of"])
def test_groups_are_as_wide_as_three_dimensions_and_count_members_of_three(shared: TestClient, field: str) -> None:
    asked = {"group_by": "controller", field: "controller,purpose,legal_basis,recipient"}
    item = refusal(shared.get("/v1/facts/transfers", params=asked), 422)
    assert (item["parameter"], item["code"], item["message"]) == (field, "too_many", "At most 3 values are taken.")


def strange(document: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """Yield a document again and again, each time with the mark in another place."""
    if not isinstance(document, dict | list):
        yield MARK
        return
    places = document.items() if isinstance(document, dict) else enumerate(document)
    for place, inner in list(places):
        for changed in strange(inner):
            copy: Any = dict(document) if isinstance(document, dict) else list(document)
            copy[place] = changed
            yield copy


def written(body: Json | str) -> Iterator[str]:
    """Yield an example with each strange number in each of its places."""
    if isinstance(body, dict):
        for changed in strange(body):
            for number in STRANGE:
                yield json.dumps(changed, ensure_ascii=False).replace(f'"{MARK}"', number)


WITH_BODY: Final = [
    name for name, (_, _, operation, body) in CALLS.items() if isinstance(bodies(operation)[body], dict)
]


@pytest.mark.parametrize("name", [name for name in WITH_BODY if CALLS[name][0] == "post"])
def test_numbers_that_json_does_not_know_or_nobody_counts_to_fail_nothing_inside(shared: TestClient, name: str) -> None:
    _, path, operation, body = CALLS[name]
    for text in written(bodies(operation)[body]):
        answer = shared.post(path, content=text.encode(), headers=JSON_HEADERS)
        assert answer.status_code in {201, 400, 409, 422}, text


@pytest.mark.parametrize("number", STRANGE)
def test_numbers_in_queries_and_patches_fail_nothing_inside(shared: TestClient, number: str) -> None:
    for query in ("limit", "as_of", "fields", "sort", "count"):
        assert shared.get("/v1/controllers", params={query: number}).status_code == 422
    headers = {**JSON_HEADERS, "If-Match": shared.get("/v1/controllers/acme").headers["etag"]}
    answer = shared.patch("/v1/controllers/acme", content=f'{{"response_days": {number}}}', headers=headers)
    assert answer.status_code in {400, 422}
