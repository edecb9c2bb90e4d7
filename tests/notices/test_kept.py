"""A notice that a process keeps is the notice that would be written now, whoever changed what."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.notices.kept import KeptNotices, Written
from app.platform.settings import Settings
from tests.history.editing import Editor
from tests.platform.calling import change, done

EDITS: Final = 30
ASKED: Final = tuple(
    f"/v1/controllers/{controller}/notice?{query}"
    for controller in ("kivi", "intense")
    for query in ("", "lang=en&format=html", "format=md&audience=customer", "on=2024-05-27")
)


@pytest.fixture
def workers(seeded_settings: Settings) -> Iterator[list[TestClient]]:
    """Two processes' applications on one seeded register."""
    with ExitStack() as stack:
        yield [stack.enter_context(TestClient(create_app(seeded_settings))) for _ in range(2)]


def forget(client: TestClient) -> None:
    """Let an application keep nothing of what it has written so far."""
    cast("FastAPI", client.app).state.notices = KeptNotices()


def test_after_any_change_by_another_process_a_kept_notice_is_as_one_written_anew(workers: list[TestClient]) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - a failure can be repeated
    editor = Editor(workers[0], random.Random(seed))  # noqa: S311 - a test
    for turn in range(3):
        told = [workers[1].get(address).content for address in ASKED]
        editor.edit(EDITS)
        done(change(workers[0], "PATCH", "/v1/controllers/kivi", {"phone": f"+90 212 000 00 0{turn}"}))
        kept = [workers[1].get(address) for address in ASKED]
        assert [answer.status_code for answer in kept] == [workers[0].get(address).status_code for address in ASKED]
        forget(workers[1])
        assert [answer.content for answer in kept] == [workers[1].get(address).content for address in ASKED]
        assert kept[0].content != told[0]


def test_a_change_of_another_controller_leaves_a_notice_as_it_is_kept(workers: list[TestClient]) -> None:
    (address, *_) = ASKED
    before = workers[1].get(address)
    notices: KeptNotices = cast("FastAPI", workers[1].app).state.notices
    kept = dict(notices._notices)  # noqa: SLF001 - what is kept shows in no answer
    done(change(workers[0], "PATCH", "/v1/controllers/ornek", {"phone": "+90 212 000 00 00"}))
    assert workers[1].get(address).content == before.content
    assert dict(notices._notices) == kept  # noqa: SLF001


def test_what_is_asked_least_is_given_up_first_and_an_older_one_never_takes_the_place_of_a_newer() -> None:
    kept = KeptNotices(most_bytes=10)
    kept.keep(("a",), Written(1, 1, b"1234"))
    kept.keep(("b",), Written(1, 1, b"1234"))
    assert kept.get(("a",), 1)
    kept.keep(("c",), Written(1, 1, b"1234"))
    assert (kept.get(("b",), 1), kept.get(("c",), 2)) == (None, None)
    kept.keep(("c",), Written(3, 1, b"neu"))
    kept.keep(("c",), Written(2, 1, b"alt"))
    assert kept.get(("c",), 3) == Written(3, 1, b"neu")
    kept.keep(("d",), Written(1, 1, b"12345678901"))
    assert kept.get(("d",), 1) is None
