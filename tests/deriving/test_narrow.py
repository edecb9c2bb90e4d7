"""A change derives anew what it reaches and no more; what it reaches it does derive, though scopes grow and shrink."""

import random
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any, Final

import pytest

from app.audit import ChangeSession
from app.deriving import derive
from app.deriving.narrowing import Narrow, narrow
from app.deriving.tables import ConflictRow
from tests.deriving.test_always_true import computed, stored
from tests.deriving.test_conflicts import kept_and_found
from tests.register.making import Json, Register, ledger_of

STEPS: Final = 50
DATA: Final[tuple[Json | str, ...]] = (
    "identity",
    "contact",
    "health",
    {"category": "identity", "item": "name_surname"},
    {"category": "contact", "item": "email_address"},
    {"category": "finance", "item": "iban"},
    {"category": "acme:dosya", "item": "iban"},
    {"item": "iban"},
    {"item": "acme:numara"},
    {"category": "acme:dosya"},
)
SUBJECTS: Final = ("customer", "employee", "visitor", "acme:stajyer")
PLACES: Final[tuple[list[str], ...]] = ([], [], ["NO"], ["TR"], ["US", "DE"])


@pytest.fixture
def kept(acme: Register) -> Register:
    """The register with another document, own terms of both kinds and two recipients."""
    acme.document("sozlesme")
    acme.term("data_categories", "dosya", under=["identity"])
    acme.term("data_items", "numara", categories=["contact"])
    acme.term("data_subject_categories", "stajyer", under=["employee"])
    acme.recipient("banka")
    acme.recipient("bulut", seat="US")
    return acme


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often changes were narrow, and how often scopes grew."""
    counts: Counter[str] = Counter()

    def watched(session: ChangeSession, documents: Collection[int]) -> Narrow | None:
        reach = narrow(session, documents)
        counts["narrow"] += 0 if reach is None else len(reach.documents)
        counts["whole"] += len(documents) - (0 if reach is None else len(reach.documents))
        counts["grown"] += 0 if reach is None else len(reach.grown)
        counts["statements"] = 0 if reach is None else len(reach.statements)
        return reach

    monkeypatch.setattr(derive, "narrow", watched)
    return counts


class Chance:
    """Writes activities of some shape by chance: statements that list both sides, one, or none."""

    def __init__(self, chance: random.Random, *, has_exceptions: bool) -> None:
        self.chance = chance
        self.reaches = ["all", "not_stated", *(["all_except", "unreadable"] if has_exceptions else [])]

    def side(self, members: Collection[Any], *, listed: float) -> Any:  # noqa: ANN401 - any JSON
        """Return one side of a statement."""
        some = self.chance.sample(list(members), self.chance.choice([1, 1, 2, 3]))
        if self.chance.random() < listed:
            return some
        reach = self.chance.choice(self.reaches)
        return {"reach": reach, "members": some} if reach == "all_except" else {"reach": reach}

    def about(self, *, listed: float = 0.5) -> Json:
        """Return what a statement is about."""
        return {"data": self.side(DATA, listed=listed), "data_subjects": self.side(SUBJECTS, listed=listed)}

    def statements(self) -> dict[str, list[Json]]:
        """Return the statements of an activity."""
        pick = self.chance.choice
        transfer: Callable[[], Json] = lambda: {  # noqa: E731 - it is drawn anew for each
            **self.about(),
            "recipient": pick(["banka", "bulut", None]),
            "places": pick(PLACES),
            "purposes": [pick(["training", "marketing_analysis"])],
            "legal_bases": [pick(["contract", "explicit_consent"])],
            "polarity": pick(["does", "does", "does", "does_not"]),
        }
        use = {**self.about(), "purposes": [pick(["training", "marketing_analysis"])], "legal_bases": ["contract"]}
        months = {"value": pick([6, 12]), "unit": "month"}
        found: dict[str, list[Json]] = {
            "roles": [{"role": pick(["controller", "processor"])}],
            "collections": [self.about(listed=1) for _ in range(pick([0, 1, 1, 2]))],
            "uses": [use],
            "transfers": [transfer() for _ in range(pick([0, 1, 2]))],
            "retentions": [{**self.about(listed=0.8), "kind": "period", "period": months}],
            "measures": [{"measures": ["firewalls"]}],
        }
        for statements in found.values():
            for statement in statements:
                statement["document"] = pick(["politika", "politika", "politika", "sozlesme"])
        return found


@pytest.mark.parametrize(("seed", "has_exceptions"), [(2, False), (3, True)])
def test_whatever_activities_say_the_derived_rows_follow(
    kept: Register, seen: Counter[str], seed: int, *, has_exceptions: bool
) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    writes = Chance(chance, has_exceptions=has_exceptions)
    live: list[str] = []
    for step in range(STEPS):
        act = chance.random()
        if len(live) > 2 and act < 0.15:
            kept.remove(f"/activities/acme:{live.pop(chance.randrange(len(live)))}")
        elif len(live) > 1 and act < 0.5:
            kinds = writes.statements()
            some = chance.sample(sorted(kinds), 2)
            kept.change(f"/activities/acme:{chance.choice(live)}", **{kind: kinds[kind] for kind in some})
        else:
            live.append(f"a{step}")
            kept.activity(live[-1], "politika", **writes.statements())
        with ledger_of(kept.client).reading() as session:
            assert stored(session, None) == computed(session, None)
        contradictions, found = kept_and_found(kept.client)
        assert contradictions == found
    assert seen["narrow"] > seen["whole"]
    assert seen["grown"] > 3


COLLECTED: Final[Json] = {"data": ["identity", "contact"], "data_subjects": ["customer", "employee"]}


def test_a_change_of_one_statement_derives_that_one(kept: Register, seen: Counter[str]) -> None:
    many = [{"key": f"t{n}", "recipient": "banka" if n else "bulut", "data": ["identity"]} for n in range(40)]
    kept.activity("buyuk", collections=[COLLECTED], transfers=many)
    seen.clear()
    many[0] |= {"document": "politika", "recipient": "bulut", "data": ["contact"]}
    assert kept.send("PUT", "/activities/acme:buyuk/transfers/t0", many[0]).status_code == 200
    assert seen == {"narrow": 1, "whole": 0, "grown": 0, "statements": 1}


def test_an_activity_that_collects_nothing_new_derives_its_own_statements(kept: Register, seen: Counter[str]) -> None:
    kept.activity(
        "ilk", collections=[COLLECTED], transfers=[{"recipient": "banka"}] * 20, roles=[{"role": "processor"}]
    )
    seen.clear()
    kept.activity(
        "iki",
        collections=[{"data": ["identity"], "data_subjects": ["customer"]}],
        measures=[{"measures": ["firewalls"]}],
    )
    assert seen == {"narrow": 1, "whole": 0, "grown": 0, "statements": 2}


def test_new_pairs_reach_the_statements_that_they_match_and_all_that_share_the_set(
    kept: Register, seen: Counter[str]
) -> None:
    kept.activity(
        "ilk",
        collections=[COLLECTED],
        transfers=[
            {"key": "silent", "recipient": "banka"},
            {"key": "identity", "recipient": "bulut", "data": ["identity"]},
            {"key": "finance", "recipient": "bulut", "data": ["finance"]},
            {"key": "visitors", "recipient": "bulut", "data_subjects": ["visitor"]},
            {"key": "customers", "recipient": "bulut", "data_subjects": ["customer"]},
        ],
    )
    seen.clear()
    kept.activity("iki", collections=[{"data": ["finance"], "data_subjects": ["visitor"]}])
    assert seen == {"narrow": 1, "whole": 0, "grown": 1, "statements": 3}
    assert [one["code"] for one in kept.transfer("visitors")["data_categories"]] == ["finance"]
    assert [one["code"] for one in kept.transfer("silent")["data_categories"]] == ["identity", "contact", "finance"]


def test_the_last_statement_that_shares_a_set_takes_it_along(kept: Register) -> None:
    kept.activity("ilk", collections=[COLLECTED])
    kept.activity("iki", transfers=[{"key": "silent", "recipient": "banka"}])
    kept.remove("/activities/acme:iki")
    kept.activity("uc", transfers=[{"key": "silent", "recipient": "banka"}])
    assert len(kept.transfer("silent")["data_categories"]) == 2
    with ledger_of(kept.client).reading() as session:
        assert stored(session, None) == computed(session, None)


def test_a_transfer_tells_where_others_of_its_recipient_go(kept: Register) -> None:
    kept.activity("ilk", transfers=[{"key": "somewhere", "recipient": "banka"}])
    assert kept.transfer("somewhere")["abroad"] == "not_stated"
    kept.activity("iki", transfers=[{"recipient": "banka", "places": ["NO"]}])
    assert kept.transfer("somewhere")["abroad"] == "possible"
    kept.remove("/activities/acme:iki")
    assert kept.transfer("somewhere")["abroad"] == "not_stated"


def test_only_a_transfer_that_names_a_place_reaches_others_of_its_recipient(kept: Register, seen: Counter[str]) -> None:
    kept.activity("ilk", transfers=[{"recipient": "banka"}] * 5)
    seen.clear()
    kept.activity("iki", transfers=[{"recipient": "banka"}])
    assert seen["statements"] == 1
    kept.activity("uc", transfers=[{"recipient": "banka", "places": ["NO"]}])
    assert seen["statements"] == 7
    kept.activity("dort", transfers=[{"recipient": "banka"}])
    assert seen["statements"] == 1
    with ledger_of(kept.client).reading() as session:
        assert stored(session, None) == computed(session, None)


def test_no_contradiction_is_written_only_to_be_closed_by_the_same_change(kept: Register) -> None:
    denied = {"recipient": "banka", "polarity": "does_not", "document": "sozlesme"}
    kept.activity("ilk", collections=[COLLECTED], transfers=[{"recipient": "banka"}, denied])
    kept.change("/activities/acme:ilk", collections=[], transfers=[{"recipient": "bulut"}])
    with ledger_of(kept.client).reading() as session:
        table = ConflictRow.__table__
        assert not session.all(table.select().where(table.c.born == table.c.died))
