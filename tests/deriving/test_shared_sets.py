"""Statements of a scope that say the same of data and data subjects share one set of pairs."""

from typing import Any

from sqlalchemy import func, select

from app.deriving.derive import Differences, derive
from app.deriving.tables import Head, PairRow, PairSet
from app.documents.tables import Document
from app.platform.revisions import alive
from tests.register.making import Json, Register, ledger_of, pairs_of

TO_BANK: Json = {"data_subjects": ["employee"], "recipient": "banka"}
FOR_A_YEAR: Json = {"data_subjects": ["employee"], "kind": "period", "steps": [{"value": 1, "unit": "year"}]}
OF_EMPLOYEES = {("employee", "identity")}


def sets_of(register: Register) -> dict[str, int | None]:
    """Return the set that each statement shows its pairs by."""
    with ledger_of(register.client).reading() as session:
        return {row.place: row.set_id for row in session.all(select(Head.place, Head.set_id).where(alive(Head, None)))}


def held(register: Register, set_id: int | None) -> int:
    """Return how many pairs a set holds now."""
    with ledger_of(register.client).reading() as session:
        found: Any = session.value(select(func.count()).where(PairRow.set_id == set_id, alive(PairRow, None)))
        return int(found)


def fill(register: Register) -> None:
    register.recipient("banka")
    register.activity(
        collections=[
            {"key": "calisan", "data": ["identity"], "data_subjects": ["employee"]},
            {"key": "musteri", "data": ["contact"], "data_subjects": ["customer"]},
        ],
        transfers=[{"key": "bir", **TO_BANK}, {"key": "hepsi", "recipient": "banka"}],
    )
    register.activity("ikinci", transfers=[{"key": "iki", **TO_BANK}], retentions=[{"key": "uc", **FOR_A_YEAR}])


def test_what_says_the_same_shares_a_set_across_activities_and_kinds(acme: Register) -> None:
    fill(acme)
    sets = sets_of(acme)
    assert sets["acme:genel bir"] == sets["acme:ikinci iki"] == sets["acme:ikinci uc"]
    assert len({sets[f"acme:genel {key}"] for key in ("bir", "hepsi", "calisan", "musteri")}) == 4
    assert pairs_of(acme.transfer("iki")) == OF_EMPLOYEES


def test_a_shared_set_gains_for_all_and_is_left_to_the_others(acme: Register) -> None:
    fill(acme)
    shared = sets_of(acme)["acme:genel bir"]
    acme.activity("dorduncu", collections=[{"key": "saglik", "data": ["health"], "data_subjects": ["employee"]}])
    both = {*OF_EMPLOYEES, ("employee", "health")}
    assert pairs_of(acme.transfer("bir")) == pairs_of(acme.transfer("iki")) == both
    assert (sets_of(acme)["acme:genel bir"], held(acme, shared)) == (shared, 2)

    acme.send("PUT", "/activities/acme:genel/transfers/bir", {"document": "politika", "recipient": "banka"})
    assert sets_of(acme)["acme:genel bir"] == sets_of(acme)["acme:genel hepsi"]
    assert (pairs_of(acme.transfer("iki")), held(acme, shared)) == (both, 2)


def test_a_set_that_nothing_uses_any_more_holds_nothing_and_is_taken_up_again(acme: Register) -> None:
    fill(acme)
    shared = sets_of(acme)["acme:genel bir"]
    for path in ("genel/transfers/bir", "ikinci/transfers/iki", "ikinci/retentions/uc"):
        assert held(acme, shared) == 1
        acme.remove(f"/activities/acme:{path}")
    assert held(acme, shared) == 0

    acme.activity("yine", transfers=[{"key": "dort", **TO_BANK}])
    assert (sets_of(acme)["acme:yine dort"], held(acme, shared)) == (shared, 1)
    with ledger_of(acme.client).reading() as session:
        assert session.value(select(func.count()).select_from(PairSet).where(PairSet.said != "")) == 1


def test_deriving_again_what_is_derived_begins_no_change(acme: Register) -> None:
    fill(acme)
    with ledger_of(acme.client).changing("nobody", keep=False) as session:
        derive(session, [row.id for row in session.all(select(Document.id))], Differences())
        assert not session.has_changed
