"""Whoever looks at a register after a kill sees what is missing, half, twice or other than before."""

import pytest
from fastapi.testclient import TestClient

from app.platform.settings import Settings
from bench.durability import writers
from bench.durability.__main__ import report
from bench.durability.bodies import SHARED, activity, bundle
from bench.durability.figures import FAULTS, Figures
from bench.durability.judging import Judge
from bench.durability.memory import Memory
from bench.durability.writers import WRITERS
from bench.durability.writes import Write
from tests.controllers.factories import add_controller
from tests.platform.calling import change, make


@pytest.fixture
def judge(client: TestClient, settings: Settings) -> Judge:
    """A judge who has seen the register as the writers find it."""
    add_controller(client, "bench")
    make(client, "/v1/activities", activity(SHARED.partition(":")[2], "shared"))
    found = Judge(settings, Figures(settings.database_url), activities=1)
    found.look()
    return found


@pytest.fixture
def imported(client: TestClient) -> Write:
    """An import that is about to be sent."""
    return next(writers.importing(client, "x"))


def found(judge: Judge, client: TestClient, *writes: Write) -> set[str]:
    """Look, judge and account as after a kill; return what was not as it must be."""
    judge.look()
    judge.judge(writes, client)
    judge.look()
    judge.account()
    return {fault for fault, _ in judge.figures.faults}


def test_what_every_writer_wrote_is_there_and_nothing_is_blamed(judge: Judge, client: TestClient) -> None:
    sent = []
    for number, writer in enumerate(WRITERS):
        for write, _ in zip(writer(client, f"w{number}"), range(2), strict=False):
            assert write.try_on(client)
            sent.append(write)
    assert found(judge, client, *sent) == set()
    assert judge.figures.counts["acknowledged"] == len(sent)
    assert {write.kind for write in sent} == {"create", "change", "end", "import", "keyed"}


def test_what_was_acknowledged_and_is_not_there_is_lost(judge: Judge, client: TestClient, imported: Write) -> None:
    imported.names, imported.status = ["nobody"], 200
    assert found(judge, client, imported) == {"lost"}


def test_what_happened_by_halves_is_seen(judge: Judge, client: TestClient, imported: Write) -> None:
    imported.body = bundle(["x-0-0", "x-0-1"], "x-0")
    imported.send(client)
    assert "half-written" in found(judge, client, imported)


def test_what_lacks_a_statement_is_seen(judge: Judge, client: TestClient) -> None:
    write = next(writers.creating(client, "x"))
    write.try_on(client)
    change(client, "PATCH", write.traces[0].address, {"uses": []})
    assert "half-written" in found(judge, client, write)


def test_what_happened_twice_is_seen(judge: Judge, client: TestClient) -> None:
    steps = writers.changing(client, "x")
    first, second = next(steps), next(writers.creating(client, "y"))
    assert first.try_on(client)
    assert second.try_on(client)
    first.names += second.names
    assert "twice" in found(judge, client, first)


def test_a_change_that_nobody_sent_is_seen(judge: Judge, client: TestClient) -> None:
    make(client, "/v1/activities", activity("stranger", "nobody's"))
    assert "half-written" in found(judge, client)


def test_an_answer_that_reads_otherwise_than_before_is_stale(judge: Judge, client: TestClient) -> None:
    assert judge.activities == 1
    memory = Memory(1)
    for _ in range(3):
        memory.ask(client)
    assert memory.stale(client) == []
    path, asked, content = memory.kept[1]
    memory.kept[1] = (path, asked, content + b" ")
    assert len(memory.stale(client)) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_any_fault_is_printed_and_fails_the_run(fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    amiss = Figures("SQLite")
    assert report([amiss, Figures("PostgreSQL")]) == 0
    amiss.blame(fault, "what it was")
    assert report([amiss]) == 1
    assert f"SQLite: {fault}: what it was" in capsys.readouterr().out
