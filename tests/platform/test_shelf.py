"""Names that a process keeps are those of the snapshot that reads: never older, never newer, never somebody else's."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from app.audit import Ledger
from app.main import create_app
from app.platform.settings import Settings
from app.recipients.queries import RECIPIENT_BOOK, cards_by_code, resolve_recipients
from app.recipients.schemas import RecipientWrite
from app.recipients.service import create_recipient
from app.vocabularies.queries import TERM_BOOK, labels
from tests.activities.factories import add_activity
from tests.auth.factories import ledger_of
from tests.controllers.factories import add_controller
from tests.platform.calling import change, done, read
from tests.recipients.factories import add_recipient, recipient
from tests.vocabularies.factories import add_term

TERM = ("purposes", "acme:t")


@pytest.fixture
def workers(settings: Settings) -> Iterator[list[TestClient]]:
    """Two processes' applications on one register that holds an activity, each with its own books."""
    with ExitStack() as stack:
        both = [stack.enter_context(TestClient(create_app(settings))) for _ in range(2)]
        add_controller(both[0])
        add_term(both[0], "purposes", "acme:t")
        add_recipient(both[0], "acme:shop", controller="acme")
        transfer = {"recipient": "acme:shop", "purposes": ["acme:t"]}
        add_activity(both[0], "acme:a", transfers=[transfer], uses=[{"purposes": ["acme:t"]}])
        yield both


@pytest.mark.parametrize(
    ("path", "patch", "told"),
    [
        ("/v1/purposes/acme:t", {"label": {"tr": "Işık", "en": "Light"}}, "Işık"),
        ("/v1/recipients/acme:shop", {"name": "Dükkân"}, "Dükkân"),
        ("/v1/controllers/acme", {"legal_name": "Yeni AŞ"}, "Yeni AŞ"),
    ],
)
def test_what_one_process_renames_every_other_names_so_at_once(
    workers: list[TestClient], path: str, patch: dict[str, object], told: str
) -> None:
    asked = ("/v1/activities/acme:a", "/v1/activities", "/v1/facts/transfers", "/v1/facts/transfers?controller=acme")
    before = [workers[1].get(address).text for address in asked]
    done(change(workers[0], "PATCH", path, patch))
    after = [workers[1].get(address).text for address in asked]
    assert all(told not in text for text in before)
    assert all(told in text for text in after)
    assert after == [workers[0].get(address).text for address in asked]


def test_what_ends_is_named_no_more_and_what_returns_is_named_again(workers: list[TestClient]) -> None:
    add_term(workers[0], "purposes", "acme:other")
    asked = {"purpose": "acme:other"}
    read(workers[1], "/v1/facts/uses", **asked)
    assert change(workers[0], "DELETE", "/v1/purposes/acme:other").status_code == 204
    assert workers[1].get("/v1/facts/uses", params=asked).status_code == 422
    add_term(workers[0], "purposes", "acme:other")
    read(workers[1], "/v1/facts/uses", **asked)


def test_an_older_snapshot_goes_on_naming_what_it_sees(workers: list[TestClient]) -> None:
    ledger = ledger_of(workers[0])
    with ledger.reading() as older:
        known = labels(older, [TERM])[TERM].label
        done(change(workers[0], "PATCH", "/v1/purposes/acme:t", {"label": {"tr": "Işık", "en": "Light"}}))
        with ledger.reading() as newer:
            assert labels(newer, [TERM])[TERM].label["tr"] == "Işık"
        assert older.book(TERM_BOOK) is None
        assert labels(older, [TERM])[TERM].label == known


def test_a_change_that_has_written_a_name_reads_for_itself(workers: list[TestClient]) -> None:
    ledger: Ledger = ledger_of(workers[0])
    with ledger.changing("test") as session:
        assert session.book(TERM_BOOK) is not None
        create_recipient(session, RecipientWrite.model_validate(recipient("acme:new", controller="acme")))
        assert session.book(RECIPIENT_BOOK) is None
        assert "acme:new" in cards_by_code(session, ["acme:new"])
    with ledger.reading() as session:
        assert session.book(RECIPIENT_BOOK) is not None
        assert "acme:new" in resolve_recipients(session, ["acme:new"])
