"""Every list behaves the same: paging, sorting, fields, count, refusals."""

import base64
from collections.abc import Iterator

import orjson
import pytest
from fastapi.testclient import TestClient

from tests.contract.resources import LISTS
from tests.platform.calling import Json, read, refusal

SORTS = ("name", "-name", "code", "-code", "revised", "-revised")


def walk(client: TestClient, path: str, **params: object) -> Iterator[Json]:
    """Follow the cursors of a list to its end."""
    page = read(client, path, **params)
    yield from page["items"]
    while page["next"] is not None:
        page = read(client, path, **params, cursor=page["next"])
        assert page["items"]
        yield from page["items"]


def cursor(*parts: object) -> str:
    """Write a cursor as somebody might who has seen one."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


@pytest.mark.parametrize("path", LISTS)
def test_a_walk_meets_every_item_once_in_every_order(policy: TestClient, path: str) -> None:
    whole = read(policy, path, limit=500, count=True, fields="id")
    ids = {item["id"] for item in whole["items"]}
    assert len(ids) == whole["total"]
    for sort in SORTS:
        walked = [item["id"] for item in walk(policy, path, limit=max(1, len(ids) // 3), sort=sort, fields="id")]
        assert (len(walked), set(walked)) == (len(ids), ids)


@pytest.mark.parametrize("sort", ["name", "code", "revised"])
def test_descending_is_ascending_backwards(listed: TestClient, sort: str) -> None:
    up = [item["code"] for item in walk(listed, "/v1/controllers", limit=4, sort=sort, fields="code")]
    down = [item["code"] for item in walk(listed, "/v1/controllers", limit=7, sort=f"-{sort}", fields="code")]
    assert down == up[::-1]
    assert len(up) == len(set(up)) == 23


def test_an_item_that_comes_between_two_pages_shifts_nothing(client: TestClient) -> None:
    for code in "bdf":
        client.post("/v1/controllers", json={"code": code})
    page = read(client, "/v1/controllers", limit=2)
    client.post("/v1/controllers", json={"code": "a"})
    rest = read(client, "/v1/controllers", limit=2, cursor=page["next"])
    assert [item["code"] for item in page["items"] + rest["items"]] == ["b", "d", "f"]


def test_vocabularies_come_in_their_official_order(policy: TestClient) -> None:
    rows = list(walk(policy, "/v1/purposes", kind="official", limit=20, fields="order"))
    assert [row["order"] for row in rows] == list(range(1, 54))
    rows = list(walk(policy, "/v1/purposes", kind="official", limit=20, sort="-order", fields="order"))
    assert [row["order"] for row in rows] == list(range(53, 0, -1))


def test_the_link_header_leads_to_the_next_page(listed: TestClient) -> None:
    answer = listed.get("/v1/controllers", params={"limit": 2, "country": ["TR", "US"], "q": "ı", "sort": "-name"})
    address = answer.links["next"]["url"]
    following = listed.get(address)
    assert answer.json()["next"] in address
    assert following.status_code == 200
    assert following.json()["items"][0] not in answer.json()["items"]
    assert "link" not in listed.get("/v1/controllers?limit=500").headers


def test_the_total_comes_only_when_asked_for(listed: TestClient) -> None:
    assert read(listed, "/v1/controllers", limit=3)["total"] is None
    assert read(listed, "/v1/controllers", limit=3, count=True)["total"] == 23
    assert read(listed, "/v1/controllers", q="inci", count=True, limit=1)["total"] == 5


def test_fields_choose_what_is_shown(listed: TestClient) -> None:
    items = read(listed, "/v1/controllers", fields="country, code", limit=1)["items"]
    assert [list(item) for item in items] == [["country", "code"]]
    assert list(read(listed, "/v1/controllers/v1", fields="revision")) == ["revision"]
    assert refusal(listed.get("/v1/controllers/v1?fields=nmae"), 422)["parameter"] == "fields"
    whole, part = listed.get("/v1/controllers/v1"), listed.get("/v1/controllers/v1?fields=code")
    assert whole.headers["etag"] != part.headers["etag"]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("limt=3", "limt", "unknown_parameter"),
        ("limit=501", "limit", "less_than_equal"),
        ("limit=0", "limit", "greater_than_equal"),
        ("limit=99999999999999999999999", "limit", "less_than_equal"),
        ("limit=3&limit=4", "limit", "repeated_parameter"),
        ("q=a&q=b", "q", "repeated_parameter"),
        ("sort=nmae", "sort", "unknown_value"),
        ("fields=code,nmae", "fields", "unknown_field"),
        ("fields=", "fields", "unknown_field"),
        ("q=%20%CC%87", "q", "nothing_to_find"),
        ("q=", "q", "nothing_to_find"),
        ("q=%00a", "q", "nul"),
        ("cursor=x", "cursor", "bad_cursor"),
        ("cursor=%C4%B1", "cursor", "bad_cursor"),
        ("as_of=2124-01-01T00:00:00Z", "as_of", "as_of_future"),
        ("as_of=2024-01-01T00:00:00", "as_of", "timezone_aware"),
        ("as_of=0001-01-01T00:00:00%2B14:00", "as_of", "instant_out_of_range"),
        ("as_of=20240527", "as_of", "datetime_parsing"),
        ("as_of=-1", "as_of", "datetime_parsing"),
        ("count=perhaps", "count", "bool_parsing"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name_on_every_list(
    policy: TestClient, query: str, parameter: str, code: str
) -> None:
    for path in LISTS:
        error = refusal(policy.get(f"{path}?{query}"), 422)
        assert (error["parameter"], error["code"]) == (parameter, code), path


@pytest.mark.parametrize("path", LISTS)
def test_a_refusal_says_what_is_allowed(policy: TestClient, path: str) -> None:
    assert "cursor" in refusal(policy.get(f"{path}?limt=3"), 422)["allowed"]
    assert "-name" in refusal(policy.get(f"{path}?sort=nmae"), 422)["allowed"]
    assert "code" in refusal(policy.get(f"{path}?fields=nmae"), 422)["allowed"]


@pytest.mark.parametrize(
    ("sort", "parts"),
    [
        ("name", ("code", "v1", 3)),
        ("name", ("-name", "v1", 3)),
        ("name", ("name", 5, 3)),
        ("name", ("name", True, 3)),
        ("name", ("name", "a\0", 3)),
        ("name", ("name", "a", 2**64 - 1)),
        ("name", ("name", "a", -1)),
        ("name", ("name", "a", True)),
        ("name", ("name", "a")),
        ("name", ()),
        ("revised", ("revised", "a", 3)),
        ("revised", ("revised", 2**63, 3)),
    ],
)
def test_a_cursor_of_another_list_or_a_made_up_one_is_refused(
    listed: TestClient, sort: str, parts: tuple[object, ...]
) -> None:
    error = refusal(listed.get("/v1/controllers", params={"sort": sort, "cursor": cursor(*parts)}), 422)
    assert error["code"] == "bad_cursor"


def test_unknown_filter_values_are_refused_and_never_widen(policy: TestClient) -> None:
    for query, parameter in (
        ("/v1/recipients?group=supliers", "group"),
        ("/v1/recipients?controller=nobody", "controller"),
        ("/v1/recipients?parent=nobody", "parent"),
        ("/v1/recipients?kind=naemd", "kind"),
        ("/v1/recipients?seat=XX", "seat"),
        ("/v1/purposes?controller=nobody", "controller"),
        ("/v1/purposes?under=nothing", "under"),
        ("/v1/documents?audience=employe", "audience"),
        ("/v1/documents?right=wrong", "right"),
        ("/v1/activities?document=nothing", "document"),
        ("/v1/activities?recipient=nobody", "recipient"),
        ("/v1/data-items?category=identiti", "category"),
    ):
        error = refusal(policy.get(query), 422)
        assert error["parameter"] == parameter
        assert error.get("allowed") or parameter == "seat"


def test_repeating_a_filter_means_or_and_different_ones_mean_and(listed: TestClient) -> None:
    both = read(listed, "/v1/controllers", country=["TR", "US"], count=True)["total"]
    assert both == 20
    some = read(listed, "/v1/controllers", country="TR", q="soyad")["items"]
    assert [item["code"] for item in some] == ["v17", "v19"]
