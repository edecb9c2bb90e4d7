"""The proof: whole registers pass, in one go or in parts; and a head that was kept elsewhere is checked."""

from typing import Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.platform.settings import Settings
from app.trail.reading import spans
from tests.commanding import command
from tests.conftest import Server
from tests.controllers.factories import add_controller
from tests.platform.calling import change, done, read, refusal
from tests.register.making import ledger_of
from tests.trail.events import calling, head, proof
from tests.trail.tampering import unguarded

VERIFY: Final = "/v1/audit-events/verify"


def test_a_seeded_register_is_whole(seeded: TestClient) -> None:
    found = read(seeded, VERIFY)
    assert (found["whole"], found["broken"], found["missing_guards"], found["next"]) == (True, [], [], None)
    assert (found["changes"], found["until"]) == (2, 2)
    assert found["rows"] > 5_000
    assert found["head"] == read(seeded, "/v1/audit-events/head")


def test_a_register_is_proven_in_parts(acme: TestClient) -> None:
    whole, rows, since = read(acme, VERIFY), 0, 1
    while since is not None:
        part = read(acme, VERIFY, since=since, limit=2)
        assert part["whole"]
        assert part["until"] >= since
        rows, since = rows + part["rows"], part["next"]
    assert rows == whole["rows"]


def test_a_change_with_very_many_rows_is_read_alone(acme: TestClient) -> None:
    with ledger_of(acme).reading() as session:
        found = list(spans(session, 1, None))
        assert found[0].first == 1
        assert [one.first for one in found[1:]] == [one.last + 1 for one in found[:-1]]
        assert found[-1].last == proof(acme).head.change
        assert next(spans(session, 2, 1)).last == 2


def test_a_head_that_was_kept_still_stands_after_more_changes(acme: TestClient) -> None:
    kept = head(acme)
    assert read(acme, VERIFY, head=kept)["whole"]
    done(change(acme, "PATCH", "/v1/controllers/acme", {"note": "sonra"}))
    assert head(acme) != kept
    assert read(acme, VERIFY, head=kept)["whole"]
    assert read(acme, VERIFY, head=f"0:{'0' * 64}")["whole"]


@pytest.mark.parametrize("wrong", ["", "7", "x:y", f"7:{'A' * 64}", f"7:{'a' * 63}"])
def test_what_is_no_head_is_refused(client: TestClient, wrong: str) -> None:
    assert refusal(client.get(VERIFY, params={"head": wrong}), 422)["code"] == "bad_head"


def test_another_head_is_told_from_the_one_that_stands(acme: TestClient) -> None:
    answer = acme.get(VERIFY, params={"head": f"2:{'a' * 64}"}, headers={"Accept-Language": "tr"}).json()
    assert [(one["change"], one["code"]) for one in answer["broken"]] == [(2, "head_differs")]
    assert "zincir yeniden yazılmış" in answer["broken"][0]["message"]
    assert read(acme, VERIFY, head=f"999:{'a' * 64}")["broken"][0]["code"] == "head_missing"


def test_the_answer_names_event_table_and_row(acme: TestClient, settings: Settings) -> None:
    with unguarded(settings) as connection:
        row = connection.execute(text("SELECT id, born FROM statement ORDER BY id DESC LIMIT 1")).one()
        connection.execute(text("UPDATE statement SET body = body || ' ' WHERE id = :id"), {"id": row.id})
    found = read(acme, VERIFY)
    assert (found["whole"], found["until"]) == (False, found["head"]["change"])
    assert found["broken"] == [
        {
            "change": row.born,
            "code": "row_changed",
            "table": "statement",
            "row": str(row.id),
            "message": f"Row {row.id} of statement is not as change {row.born} wrote it.",
        }
    ]
    assert len(found["missing_guards"]) > 80


@pytest.fixture
def database(server: Server) -> Settings:
    """A register that only commands are used on, after one change."""
    settings = Settings(database_url=server.copy("vocabularies"))
    with calling(settings) as client:
        add_controller(client)
    return settings


def audit(settings: Settings, *words: str) -> tuple[int, str]:
    """Run `python -m app audit`."""
    ended = command(settings.database_url, "audit", *words)
    return ended.status, ended.said + ended.complaint


def test_the_command_prints_the_head_and_verifies_against_it(database: Settings) -> None:
    code, kept = audit(database, "head")
    assert code == 0
    assert kept.startswith("2:")
    code, said = audit(database, "verify", "--head", kept.strip())
    assert (code, said.startswith("whole: 2 changes,")) == (0, True), said
    assert said.strip().endswith(f"head {kept.strip()}")
    assert audit(database, "verify", "--head", "x")[0] == 2


def test_the_command_names_what_is_broken_and_fails(database: Settings) -> None:
    with unguarded(database) as connection:
        connection.execute(text("UPDATE change SET author = 'nobody' WHERE id = 2"))
    code, said = audit(database, "verify", "--since", "2")
    assert code == 1
    assert said.startswith("event 2: Event 2 or what it says it touched is not as it was sealed")
    assert "the trigger past_update_change is not there" in said
    assert "BROKEN: 1 changes" in said
