"""An internal tool follows a list by `changed_since`: it misses nothing, repeats nothing, and learns of ends."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from tests.contract.resources import LISTS
from tests.controllers.factories import add_controller
from tests.platform.calling import Json, change, done, read, refusal
from tests.recipients.factories import add_recipient
from tests.vocabularies.factories import add_term

CONTROLLERS = "/v1/controllers"
RECIPIENTS = "/v1/recipients"


def end(client: TestClient, path: str) -> None:
    assert change(client, "DELETE", path).status_code == 204


def pages(client: TestClient, path: str, since: int | str, **params: Any) -> Iterator[Json]:  # noqa: ANN401
    """Follow a list to its end."""
    cursor: Json = {}
    while True:
        page = read(client, path, changed_since=since, **params, **cursor)
        yield page
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def followed(client: TestClient, path: str, since: int | str, **params: Any) -> tuple[list[Json], int]:  # noqa: ANN401
    """Return everything that changed, and the change to go on from."""
    found = list(pages(client, path, since, **params))
    return [item for page in found for item in page["items"]], found[-1]["until"]


@pytest.mark.parametrize("path", LISTS)
def test_following_from_nothing_gives_what_there_is_in_the_order_of_its_changes(seeded: TestClient, path: str) -> None:
    items, until = followed(seeded, path, 0, limit=100)
    there = read(seeded, path, limit=500, count=True)
    assert len(items) == there["total"]
    assert {item["id"] for item in items} >= {item["id"] for item in there["items"]}
    assert until == read(seeded, "/readyz")["change"]
    assert followed(seeded, path, until) == ([], until)
    assert read(seeded, path, limit=1).get("until") is None


def test_only_what_changed_comes_oldest_change_first_ends_included(client: TestClient) -> None:
    for code in "abcd":
        add_controller(client, code)
    _, until = followed(client, CONTROLLERS, 0)
    done(change(client, "PATCH", f"{CONTROLLERS}/c", {"note": "x"}))
    ended = read(client, f"{CONTROLLERS}/b")
    end(client, f"{CONTROLLERS}/b")
    done(change(client, "PATCH", f"{CONTROLLERS}/a", {"note": "x"}))
    items, later = followed(client, CONTROLLERS, until)
    assert [item["code"] for item in items] == ["c", "b", "a"]
    assert items[0] == read(client, f"{CONTROLLERS}/c")
    assert {**items[1], "deleted_at": None} == {
        **{name: ended[name] for name in ("id", "code", "revision")},
        "deleted": True,
        "deleted_at": None,
    }
    assert items[1]["deleted_at"] == read(client, f"{CONTROLLERS}/b/revisions")["items"][0]["at"]
    assert later == until + 3
    assert read(client, CONTROLLERS, changed_since=until, fields="note")["items"][1] == items[1]
    assert read(client, CONTROLLERS, changed_since=until, count=True)["total"] == 3


def test_what_came_back_is_there_and_what_came_and_went_is_named(client: TestClient) -> None:
    add_controller(client, "a")
    _, until = followed(client, CONTROLLERS, 0)
    end(client, f"{CONTROLLERS}/a")
    add_controller(client, "a")
    add_controller(client, "b")
    end(client, f"{CONTROLLERS}/b")
    items, _ = followed(client, CONTROLLERS, until)
    assert [(item["code"], item.get("deleted", False)) for item in items] == [("a", False), ("b", True)]


def test_an_instant_will_do_in_place_of_a_change(client: TestClient) -> None:
    add_controller(client, "a")
    now = datetime.now(UTC).isoformat()
    add_controller(client, "b")
    assert [item["code"] for item in followed(client, CONTROLLERS, now)[0]] == ["b"]
    assert [item["code"] for item in followed(client, CONTROLLERS, "2020-01-01T00:00:00Z")[0]] == ["a", "b"]


def test_with_as_of_the_list_stands_still(client: TestClient) -> None:
    add_controller(client, "a")
    _, since = followed(client, CONTROLLERS, 0)
    add_controller(client, "b")
    end(client, f"{CONTROLLERS}/a")
    now = datetime.now(UTC).isoformat()
    then = client.get(CONTROLLERS, params={"changed_since": since, "as_of": now}).content
    first = followed(client, CONTROLLERS, since, limit=1)
    add_controller(client, "a")
    done(change(client, "PATCH", f"{CONTROLLERS}/b", {"note": "x"}))
    assert client.get(CONTROLLERS, params={"changed_since": since, "as_of": now}).content == then
    assert followed(client, CONTROLLERS, since, limit=1, as_of=now) == first
    later = followed(client, CONTROLLERS, 0)[1]
    assert followed(client, CONTROLLERS, later, as_of=now) == ([], later)


def test_what_no_longer_matches_a_filter_is_named_so_that_no_follower_keeps_it(client: TestClient) -> None:
    add_recipient(client, "a", seat="US")
    add_recipient(client, "b", seat="US")
    items, until = followed(client, RECIPIENTS, 0, seat="US")
    assert [item["code"] for item in items] == ["a", "b"]
    moved = done(change(client, "PATCH", f"{RECIPIENTS}/a", {"seat": "TR"}))
    done(change(client, "PATCH", f"{RECIPIENTS}/b", {"note": "x"}))
    items, _ = followed(client, RECIPIENTS, until, seat="US")
    assert items[0] == {"id": moved["id"], "code": "a", "revision": 2, "matches": False}
    assert items[1] == read(client, f"{RECIPIENTS}/b")
    [named, _] = followed(client, RECIPIENTS, until, q="B")[0]
    assert (named["code"], named["matches"]) == ("a", False)


def test_filters_on_what_never_changes_narrow_what_is_named_too(client: TestClient) -> None:
    for owner in ("acme", "other"):
        add_controller(client, owner)
        add_term(client, "purposes", "t", owner)
    until = read(client, "/readyz")["change"]
    for owner in ("acme", "other"):
        end(client, f"/v1/purposes/{owner}:t")
        add_term(client, "measures", "t", owner)
    items, _ = followed(client, "/v1/purposes", until, controller="acme")
    assert [(item["code"], item["deleted"]) for item in items] == [("acme:t", True)]


@pytest.mark.parametrize(
    ("params", "parameter", "code"),
    [
        ({"changed_since": "yesterday"}, "changed_since", "changed_since"),
        ({"changed_since": "-1"}, "changed_since", "changed_since"),
        ({"changed_since": "1.5"}, "changed_since", "changed_since"),
        ({"changed_since": "9" * 40}, "changed_since", "changed_since"),
        ({"changed_since": "2026-11-24T09:00:00"}, "changed_since", "changed_since"),
        ({"changed_since": "999999999"}, "changed_since", "changed_since_ahead"),
        ({"changed_since": "2124-01-01T00:00:00Z"}, "changed_since", "changed_since_ahead"),
        ({"changed_since": "0", "sort": "code"}, "sort", "sorted_by_change"),
        ({"changed_since": "0", "cursor": "x"}, "cursor", "bad_cursor"),
    ],
)
def test_a_wrong_start_is_refused_by_name(client: TestClient, params: Json, parameter: str, code: str) -> None:
    for path in LISTS:
        error = refusal(client.get(path, params=params), 422)
        assert (error["parameter"], error["code"]) == (parameter, code), path


def test_a_cursor_of_a_walk_is_not_one_of_a_sorted_list(client: TestClient) -> None:
    for code in "ab":
        add_controller(client, code)
    cursor = read(client, CONTROLLERS, changed_since=0, limit=1)["next"]
    assert refusal(client.get(CONTROLLERS, params={"cursor": cursor}), 422)["code"] == "bad_cursor"


CODES: Final = tuple(f"c{number}" for number in range(8))


def write(caller: TestClient, chance: random.Random) -> None:
    """Add, change and end a few things over and over; of two who write at once, one may be refused."""
    for step in range(40):
        path = f"{CONTROLLERS}/{chance.choice(CODES)}"
        etag = caller.get(path).headers.get("etag")
        if etag is None:
            caller.post(CONTROLLERS, json={"code": path.rsplit("/", 1)[1], "note": f"{step}"})
        elif chance.random() < 0.3:
            caller.delete(path, headers={"If-Match": etag})
        else:
            caller.patch(path, json={"note": f"{step}"}, headers={"If-Match": etag})


def take(copy: dict[str, Json], caller: TestClient, since: int) -> int:
    """Bring a copy up to date by pages of two."""
    untils = [since]
    for page in pages(caller, CONTROLLERS, since, limit=2):
        untils.append(page["until"])
        for item in page["items"]:
            copy.pop(item["code"], None)
            if not item.get("deleted"):
                copy[item["code"]] = item
    assert untils == sorted(untils)
    return untils[-1]


def test_the_copy_of_a_follower_is_the_register_whatever_others_wrote_while_it_walked(settings: Settings) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - a failure can be repeated
    with TestClient(create_app(settings)) as one, TestClient(create_app(settings)) as other:
        copy: dict[str, Json] = {}
        until = take(copy, one, 0)
        read(other, CONTROLLERS)
        with ThreadPoolExecutor(2) as pool:
            writers = [
                pool.submit(write, caller, random.Random(seed + number))  # noqa: S311 - a test
                for number, caller in enumerate((one, other))
            ]
            while not all(writer.done() for writer in writers):
                until = take(copy, one, until)
            for writer in writers:
                writer.result()
        take(copy, one, until)
        assert copy == {item["code"]: item for item in read(one, CONTROLLERS, limit=500)["items"]}
