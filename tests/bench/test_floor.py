"""Floor and peer do the same work: what they answer is what the register answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from bench.speed.asking import Place, alike, compared, writes
from bench.speed.contenders import Call, peer
from bench.speed.databases import Store
from bench.speed.filling import fill
from bench.speed.floor import create_app
from tests.bench.conftest import FEW
from tests.conftest import Server
from tests.register.making import ledger_of


@pytest.fixture
def tables(server: Server, made: TestClient) -> str:
    """Plain tables with the content of the register: the name of their database."""
    server.made += 1
    server.copies.append(f"plain_{server.made}")
    engine = create_engine(server.create(server.copies[-1]))
    fill(ledger_of(made), engine)
    engine.dispose()
    return server.copies[-1]


@pytest.fixture
def store(server: Server) -> Store:
    """The databases of the tests, as a run has its own."""
    return Store(server.backend, server.directory, server.address.replace("+psycopg", ""))


@pytest.fixture
def floor(store: Store, tables: str) -> Iterator[TestClient]:
    """The floor, over these tables."""
    with TestClient(create_app(store.backend, store.plain(tables), 2)) as caller:
        yield caller


def sent(caller: TestClient, call: Call) -> bytes:
    answer = caller.request(call.method, call.path, content=call.body, headers=call.headers)
    assert answer.status_code < 300, answer.text
    return answer.content


def test_reads_are_the_same(made: TestClient, floor: TestClient) -> None:
    place = Place(2, "WyJuYW1lIiwiIiwwXQ", "", {"a": FEW})
    for ask in [ask for ask in compared(place) if ask.name != "notice"]:
        ours, bare = (sent(one, ask.scripts[kind]()(None)) for one, kind in ((made, "envanter"), (floor, "floor")))
        assert alike(ask, ours, bare), ask.name


def test_what_is_created_is_the_same(made: TestClient, floor: TestClient) -> None:
    place = Place(2, "", "", {"a": FEW})
    ask = writes(place)[0]
    ours, bare = (sent(one, ask.scripts[kind]()(None)) for one, kind in ((made, "envanter"), (floor, "floor")))
    assert alike(ask, ours, bare)


def test_an_export_has_a_line_for_every_activity(floor: TestClient) -> None:
    lines = floor.get("/export").text.splitlines()
    assert len({json.loads(line)["code"] for line in lines}) == len(lines) == 2 * FEW


def test_the_peer_says_the_same(made: TestClient, store: Store, tables: str, tmp_path: Path) -> None:
    place = Place(2, "WyJuYW1lIiwiIiwwXQ", "", {"a": FEW})
    with peer(store, tables, tmp_path / "peer.log") as them:
        for ask in [*compared(place), writes(place)[0]]:
            if "peer" in ask.scripts:
                theirs = them.send(ask.scripts["peer"]()(None))
                assert theirs.status < 300, theirs.body
                assert alike(ask, sent(made, ask.scripts["envanter"]()(None)), theirs.body), ask.name
        them.close()
