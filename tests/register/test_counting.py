"""Counts that are kept are the counts that would be made now: after any write, by any process, for any caller."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.audit import Ledger
from app.audit.reading import newest
from app.main import create_app
from app.platform.settings import Settings
from app.register import counting
from app.register.facts import list_facts
from app.register.parameters import FactsQuery, facts_model
from tests.activities.factories import add_activity
from tests.auth.factories import caller, ledger_of
from tests.controllers.factories import add_controller
from tests.deriving.writing import Writer
from tests.platform.calling import change, done, read
from tests.recipients.factories import add_recipient
from tests.register.making import Json, Register
from tests.register.test_costs import counted
from tests.vocabularies.factories import add_term

STEPS: Final = 60
DAY: Final = "2126-12-31"  # after every declaration of today
ASKED: Final[tuple[tuple[str, Json], ...]] = (
    ("transfers", {"group_by": ["country", "data_category", "mechanism"]}),
    ("transfers", {"group_by": ["recipient"], "count_of": ["purpose"], "count": True, "limit": 2}),
    ("transfers", {"group_by": ["recipient_group", "abroad"], "data_category": ["identity"], "ended": "include"}),
    ("uses", {"group_by": ["purpose", "legal_basis"], "level": "official"}),
    ("uses", {"group_by": ["data_subject_category"], "certainty": ["stated"], "q": "t"}),
    ("collections", {"group_by": ["data_category"], "empty": True}),
    ("retentions", {"group_by": ["activity"], "missing": ["retention_kind"]}),
)


def answers(ledger: Ledger, *, are_kept: bool) -> list[Json]:
    """Answer the questions with what is kept, or, as if the present were the past, without."""
    with ledger.reading() as session:
        if not are_kept:
            session.at = newest(session)
        return [
            vars(list_facts(session, kind, facts_model(kind, FactsQuery, {}).model_validate({"on": DAY, **asked})))
            for kind, asked in ASKED
        ]


@pytest.fixture
def workers(settings: Settings) -> Iterator[list[TestClient]]:
    """Two processes' applications on one register, each with its own counts."""
    with ExitStack() as stack:
        yield [stack.enter_context(TestClient(create_app(settings))) for _ in range(2)]


@pytest.mark.parametrize("seed", [1, 2])
def test_after_every_write_of_another_process_the_counts_are_those_made_anew(
    workers: list[TestClient], seed: int
) -> None:
    writer = Writer(Register(workers[0]), random.Random(seed))  # noqa: S311 - chance, no secret
    writer.prepare()
    seen = set()
    for _ in range(STEPS):
        writer.write()
        kept = answers(ledger_of(workers[1]), are_kept=True)
        assert kept == answers(ledger_of(workers[1]), are_kept=False), writer.last
        seen.add(str(kept))
    assert len(seen) > STEPS / 10


@pytest.fixture
def holding(workers: list[TestClient]) -> list[TestClient]:
    """The same with two controllers, both of which transfer to one recipient on consent."""
    add_recipient(workers[0], "cloud", seat="US")
    for code in ("acme", "beta"):
        add_controller(workers[0], code)
        add(workers[0], f"{code}:a")
    return workers


def add(client: TestClient, code: str) -> None:
    """Add an activity with a transfer abroad on consent."""
    transfer = {"recipient": "cloud", "places": ["US"], "legal_bases": ["explicit_consent"], "data": ["identity"]}
    add_activity(client, code, controller=code.split(":", maxsplit=1)[0], transfers=[transfer])


CONSENT: Final = "/v1/questions/abroad-under-explicit-consent"


def statements(client: TestClient, **asked: Any) -> dict[str, int]:  # noqa: ANN401 - parameters
    """Return how many transfers each country has."""
    found = read(client, CONSENT, group_by="country", on=DAY, **asked)["items"]
    return {one["country"]["code"]: one["statements"] for one in found}


def owners_counted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note for which controllers groups are counted; None stands for all."""
    noted: list[Any] = []
    count = counting._count  # noqa: SLF001

    def watched(session: Any, selected: Any, query: Any, owners: Any) -> Any:  # noqa: ANN401
        noted.append(None if owners is None else set(owners))
        return count(session, selected, query, owners)

    monkeypatch.setattr(counting, "_count", watched)
    return noted


def test_only_the_controllers_that_a_change_concerns_are_counted_again(
    holding: list[TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = owners_counted(monkeypatch)
    assert statements(holding[1]) == {"US": 2}
    assert statements(holding[1]) == {"US": 2}
    assert noted == [None]
    add(holding[0], "beta:b")
    assert statements(holding[1]) == {"US": 3}
    assert len(noted) == 2
    assert len(noted[1]) == 1
    add_term(holding[0], "purposes", "acme:t")
    assert statements(holding[1]) == {"US": 3}
    assert len(noted) == 3
    assert noted[2].isdisjoint(noted[1])
    done(change(holding[0], "PATCH", "/v1/recipients/cloud", {"name": "Bulut"}))
    assert statements(holding[1]) == {"US": 3}
    assert noted[3:] == [None]


def test_groups_that_are_kept_cost_two_statements(holding: list[TestClient]) -> None:
    statements(holding[1])
    with counted() as sent:
        statements(holding[1])
    assert len([one for one in sent if one.startswith("SELECT")]) == 2


def test_a_caller_of_one_controller_is_given_its_counts_alone(holding: list[TestClient]) -> None:
    assert statements(holding[1]) == {"US": 2}
    own = caller(holding[1], "reader", ["beta"])
    assert statements(own) == {"US": 1}
    add(holding[0], "acme:b")
    assert statements(own) == {"US": 1}
    assert statements(holding[1]) == {"US": 3}
    add(holding[0], "beta:b")
    assert statements(own) == {"US": 2}


def test_groups_that_are_too_many_are_counted_every_time(
    holding: list[TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_KEPT", 1)
    noted = owners_counted(monkeypatch)
    assert statements(holding[1]) == {"US": 2}
    add(holding[0], "beta:b")
    assert statements(holding[1]) == {"US": 3}
    assert noted == [None]


def test_an_older_snapshot_goes_on_counting_what_it_sees(holding: list[TestClient]) -> None:
    query = facts_model("transfers", FactsQuery, {}).model_validate({"on": DAY, "group_by": ["country"]})
    ledger = ledger_of(holding[1])
    with ledger.reading() as older:
        before = list_facts(older, "transfers", query)
        add(holding[0], "beta:b")
        assert statements(holding[1]) == {"US": 3}
        assert list_facts(older, "transfers", query) == before
        assert before.items[0]["statements"] == 2
