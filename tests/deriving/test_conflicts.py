"""Contradictions: two statements of one controller that say otherwise, both shown, both saying so."""

from itertools import count
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.deriving.contradicting import compute_conflicts
from app.deriving.tables import ConflictRow
from app.documents.tables import Document
from app.platform.revisions import alive
from tests.register import many
from tests.register.many import Fact, ask, enter, facts, groups, keys, ledger

keeper = many.keeper

CONTROLLERS: Final = count(1)
ABOUT: Final[Fact] = {"data": ["identity"], "data_subjects": ["customer"]}


def conflicts(
    caller: TestClient,
    kind: str,
    one: Fact,
    other: Fact,
    documents: Fact | None = None,
    **filters: Any,  # noqa: ANN401
) -> set[tuple[str, str]]:
    """Enter two statements of a controller of their own, and return what the first contradicts and how certainly."""
    controller = f"firma-{next(CONTROLLERS)}"
    both = [{**ABOUT, "document": "a", "key": "bir", **one}, {**ABOUT, "document": "b", "key": "iki", **other}]
    statements = {kind: [own(controller, kind, statement) for statement in both]}
    enter(caller, controller, documents, ["kurye", "banka"], [], **statements)
    rows = {row["key"]: row for row in facts(caller, kind, controller=controller, **filters)}
    found = {key: seen(row) for key, row in rows.items()}
    assert found.get("bir", set()) == found.get("iki", set()), "a contradiction is seen from both sides"
    assert all(keys(row["conflicts_with"]) <= {"bir", "iki"} - {key} for key, row in rows.items())
    return found.get("bir", set())


def own(controller: str, kind: str, statement: Fact) -> Fact:
    """Name recipients by their controller; roles name counterparts."""
    if kind == "measures":
        return {name: value for name, value in statement.items() if name not in ABOUT}
    field = {"transfers": "recipient", "roles": "counterpart"}.get(kind, "")
    code = statement.get(field)
    return statement | ({field: f"{controller}:{code}"} if code else {})


def seen(row: Fact) -> set[tuple[str, str]]:
    return {(one["dimension"], one["certainty"]) for one in row["conflicts_with"]}


def years(value: int, unit: str = "year") -> Fact:
    return {"period": {"value": value, "unit": unit}, "from": "end_of_contract"}


def to(recipient: str | None = "kurye", **more: Any) -> Fact:  # noqa: ANN401 - any field
    return {"recipient": recipient, **more}


DENIED: Final = {"polarity": "does_not"}


@pytest.mark.parametrize(
    ("kind", "one", "other", "dimension"),
    [
        ("transfers", to(), to(**DENIED), "polarity"),
        ("collections", {}, DENIED, "polarity"),
        ("uses", {"purposes": ["invoicing"]}, {"purposes": ["invoicing"], **DENIED}, "polarity"),
        ("retentions", years(5), years(10), "period"),
        ("transfers", to(places=["US"]), to(places=["DE"]), "place"),
        ("transfers", to(location="domestic"), to(location="abroad"), "place"),
        ("transfers", to(recipient_role="processor"), to(recipient_role="controller"), "role"),
        (
            "transfers",
            to(places=["US"], mechanisms=["safeguard_standard_contract"]),
            to(places=["US"], mechanisms=["adequacy_decision"]),
            "mechanism",
        ),
        (
            "uses",
            {"purposes": ["invoicing"], "legal_bases": ["contract"]},
            {"purposes": ["invoicing"], "legal_bases": ["explicit_consent"]},
            "legal_basis",
        ),
        ("roles", {"role": "controller"}, {"role": "processor"}, "role"),
    ],
)
def test_two_documents_that_say_otherwise_contradict_each_other(
    keeper: TestClient, kind: str, one: Fact, other: Fact, dimension: str
) -> None:
    assert conflicts(keeper, kind, one, other) == {(dimension, "stated")}


@pytest.mark.parametrize("kind", ["transfers", "collections"])
def test_one_document_contradicts_itself_by_denying_what_it_says(keeper: TestClient, kind: str) -> None:
    one, other = (to(), to(**DENIED)) if kind == "transfers" else ({}, DENIED)
    assert conflicts(keeper, kind, one, {**other, "document": "a"}) == {("polarity", "stated")}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("retentions", years(5), years(10)),
        ("transfers", to(places=["US"]), to(places=["DE"])),
        (
            "uses",
            {"purposes": ["invoicing"], "legal_bases": ["contract"]},
            {"purposes": ["invoicing"], "legal_bases": ["explicit_consent"]},
        ),
    ],
)
def test_one_document_may_say_several_things(keeper: TestClient, kind: str, one: Fact, other: Fact) -> None:
    assert conflicts(keeper, kind, one, {**other, "document": "a"}) == set()


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("retentions", years(5), {"kind": "criterion"}),
        ("retentions", years(5), {}),
        ("transfers", to(places=["US"]), to()),
        ("transfers", to(places=["US"]), to(location="abroad")),
        ("transfers", to(recipient_role="processor"), to()),
        ("transfers", to(places=["US"], mechanisms=["adequacy_decision"]), to(places=["US"])),
        ("uses", {"purposes": ["invoicing"], "legal_bases": ["contract"]}, {"purposes": ["invoicing"]}),
        ("uses", {"legal_bases": ["contract"]}, {"legal_bases": ["explicit_consent"]}),
    ],
)
def test_silence_never_differs(keeper: TestClient, kind: str, one: Fact, other: Fact) -> None:
    assert conflicts(keeper, kind, one, other) == set()


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("retentions", years(1), years(12, "month")),
        ("transfers", to(places=["US", "DE"]), to(places=["DE"])),
        ("transfers", to(location="domestic"), to(location="domestic_or_abroad")),
        (
            "uses",
            {"purposes": ["invoicing"], "legal_bases": ["contract"]},
            {"purposes": ["legal_affairs"], "legal_bases": ["explicit_consent"]},
        ),
        ("uses", {"purposes": ["invoicing"]}, {"purposes": ["legal_affairs"], **DENIED}),
        ("transfers", to("kurye", places=["US"]), to("banka", places=["DE"])),
        ("transfers", to("kurye"), to("banka", **DENIED)),
        ("roles", {"role": "controller"}, {"role": "processor", **DENIED}),
    ],
)
def test_what_agrees_or_is_about_something_else_is_no_contradiction(
    keeper: TestClient, kind: str, one: Fact, other: Fact
) -> None:
    assert conflicts(keeper, kind, one, other) == set()


@pytest.mark.parametrize(
    "apart",
    [
        {"data": ["contact"]},
        {"data_subjects": ["employee"]},
        {"data": [{"item": "iban"}]},
        {"data": {"reach": "unreadable"}},
    ],
)
def test_without_matching_data_there_is_no_contradiction(keeper: TestClient, apart: Fact) -> None:
    assert conflicts(keeper, "retentions", years(5), {**years(10), **apart}) == set()


@pytest.mark.parametrize(
    "within", [{"data": [{"item": "name_surname"}]}, {"data": [{"category": "identity", "item": "name_surname"}]}]
)
def test_an_item_matches_its_category(keeper: TestClient, within: Fact) -> None:
    assert {name for name, _ in conflicts(keeper, "retentions", years(5), {**years(10), **within})} == {"period"}


def test_a_denial_that_names_no_recipient_is_about_anyone(keeper: TestClient) -> None:
    assert conflicts(keeper, "transfers", to("kurye"), to(None, **DENIED)) == {("polarity", "stated")}
    assert conflicts(keeper, "transfers", to(None), to(None, **DENIED)) == {("polarity", "stated")}
    assert conflicts(keeper, "transfers", to(None), to("kurye", **DENIED)) == set()
    assert conflicts(keeper, "transfers", to(None, places=["US"]), to(None, places=["DE"])) == set()
    joint = {"role": "joint_controller"}
    assert conflicts(keeper, "roles", {**joint, "counterpart": "kurye"}, {**joint, **DENIED}) == {
        ("polarity", "stated")
    }


def test_a_contradiction_about_inferred_data_is_inferred(keeper: TestClient) -> None:
    inferred = {"data": [{"category": "identity", "certainty": "inferred"}]}
    assert conflicts(keeper, "retentions", years(5), {**years(10), **inferred}) == {("period", "inferred")}


def test_a_silent_statement_contradicts_by_the_data_that_its_document_collects(keeper: TestClient) -> None:
    controller = f"firma-{next(CONTROLLERS)}"
    collections = [{**ABOUT, "document": document} for document in ("a", "b")]
    retentions = [{"document": "a", "key": "bir", **years(5)}, {"document": "b", "key": "iki", **years(10)}]
    enter(keeper, controller, collections=collections, retentions=retentions)
    assert {frozenset(seen(row)) for row in facts(keeper, "retentions", controller=controller)} == {
        frozenset({("period", "inferred")})
    }


def test_both_must_be_valid_on_the_day(keeper: TestClient) -> None:
    documents = {"a": {"effective_from": "2024-01-01", "effective_to": "2024-12-31"}, "b": {"date": "2024-06-01"}}
    asked = [("2024-03-01", set()), ("2024-07-01", {("period", "stated")}), ("2025-03-01", set())]
    for on, expected in asked:
        assert conflicts(keeper, "retentions", years(5), years(10), documents, on=on) == expected
    ended = conflicts(keeper, "retentions", years(5), years(10), documents, on="2025-03-01", ended="include")
    assert ended == set()


def test_a_contradiction_is_found_and_counted_only_while_both_are_valid(keeper: TestClient) -> None:
    documents = {"a": {"effective_to": "2024-12-31"}, "b": {}}
    conflicts(keeper, "retentions", years(5), years(10), documents)
    controller = facts(keeper, "retentions", sort="-revised")[0]["controller"]["code"]
    while_valid = groups(keeper, "retentions", "conflict", controller=controller, on="2024-07-01")
    assert {code: group["statements"] for code, group in while_valid.items()} == {"period": 2}
    later: Fact = {"controller": controller, "on": "2025-07-01", "ended": "include"}
    assert facts(keeper, "retentions", present="conflict", **later) == []
    assert len(facts(keeper, "retentions", missing="conflict", **later)) == 2


def test_a_newer_version_ends_what_it_is_a_version_of(keeper: TestClient) -> None:
    documents = {"a": {}, "b": {"version_of": "a"}, "c": {"version_of": "b"}}
    assert conflicts(keeper, "retentions", years(5), years(10), documents) == set()
    assert conflicts(keeper, "retentions", years(5), {**years(10), "document": "c"}, documents) == set()
    language = {"a": {}, "b": {"language_version_of": "a"}}
    assert conflicts(keeper, "retentions", years(5), years(10), language) == {("period", "stated")}


def test_as_of_keeps_contradictions_that_were_settled_since(keeper: TestClient) -> None:
    controller = f"firma-{next(CONTROLLERS)}"
    first = {**ABOUT, "document": "a", "key": "bir", **years(5)}
    second = {**ABOUT, "document": "b", "key": "iki", **years(10)}
    enter(keeper, controller, retentions=[first, second])
    then = ask(keeper, "/v1/questions/contradictions")["as_of"]
    enter(keeper, controller, {"a": {"effective_to": "2020-12-31"}}, retentions=[first, second])
    assert facts(keeper, "retentions", controller=controller, present="conflict") == []
    earlier = facts(keeper, "retentions", controller=controller, present="conflict", as_of=then)
    assert keys(earlier) == {"bir", "iki"}
    assert all(seen(row) == {("period", "stated")} for row in earlier)


def test_another_controller_is_never_contradicted_though_both_come_in_one_change(keeper: TestClient) -> None:
    bundle: dict[str, Any] = {"format": "envanter/1", "controllers": [], "documents": [], "activities": []}
    for name, value in (("ayrı-1", 5), ("ayrı-2", 10)):
        activity = {"code": "faaliyet", "name": {"tr": "F", "en": "A"}, "retentions": [{**ABOUT, **years(value)}]}
        bundle["controllers"].append({"code": name})
        bundle["activities"].append({"controller": name, **activity})
    assert keeper.post("/v1/import", json=bundle).status_code == 200
    assert facts(keeper, "retentions", controller=["ayrı-1", "ayrı-2"], present="conflict") == []


def test_purposes_match_with_what_stands_above_them_whichever_comes_first(keeper: TestClient) -> None:
    """A purpose of the controller's own stands under an official one, and may be moved from under it."""
    controller = f"firma-{next(CONTROLLERS)}"
    label = {"tr": "Fatura kesilmesi", "en": "Invoicing"}
    term: Fact = {"vocabulary": "purposes", "code": "fatura", "label": label, "under": ["finance_and_accounting"]}
    uses = [
        {"key": "bir", "purposes": ["finance_and_accounting"], "legal_bases": ["contract"], "document": "a", **ABOUT},
        {
            "key": "iki",
            "purposes": [f"{controller}:fatura"],
            "legal_bases": ["legal_obligation"],
            "document": "b",
            **ABOUT,
        },
    ]
    enter(keeper, controller, terms=[term], uses=uses[:1])
    enter(keeper, controller, terms=[term], uses=uses)
    assert keys(facts(keeper, "uses", controller=controller, conflict="legal_basis")) == {"bir", "iki"}
    enter(keeper, controller, terms=[{**term, "under": ["legal_affairs"]}], uses=uses)
    assert facts(keeper, "uses", controller=controller, present="conflict") == []


DOCUMENTS = st.sampled_from(["a", "b", "c"])
SAID = st.fixed_dictionaries(
    {
        "document": DOCUMENTS,
        "polarity": st.sampled_from(["does", "does", "does_not"]),
        "data": st.sampled_from([[], ["identity"], ["contact"], [{"item": "name_surname"}]]),
        "data_subjects": st.sampled_from([[], ["customer"], ["employee"]]),
    }
)
PURPOSED: Final[Any] = st.sampled_from([[], ["invoicing"], ["finance_and_accounting"], ["rastgele:fatura"]])
WRITTEN: Final[dict[str, Any]] = {
    "uses": {"purposes": PURPOSED, "legal_bases": st.sampled_from([[], ["contract"], ["explicit_consent"]])},
    "transfers": {
        "recipient": st.sampled_from([None, "rastgele:kurye"]),
        "places": st.sampled_from([[], ["US"], ["DE"]]),
        "recipient_role": st.sampled_from(["processor", "controller", "not_stated"]),
    },
    "retentions": {"period": st.sampled_from([{"value": 1, "unit": "year"}, {"value": 12, "unit": "month"}])},
    "roles": {"role": st.sampled_from(["controller", "processor"])},
    "collections": {},
}
STATEMENTS = st.one_of(
    *(st.tuples(st.just(kind), SAID, st.fixed_dictionaries(parts)) for kind, parts in WRITTEN.items())
)
VERSIONS = st.sampled_from(
    [{}, {"b": {"version_of": "a"}}, {"c": {"version_of": "b"}}, {"a": {"effective_to": "2020-01-01"}}]
)
ABOVE = st.sampled_from([[], ["finance_and_accounting"], ["invoicing"]])
WRITES = st.lists(st.tuples(st.lists(STATEMENTS, max_size=6), VERSIONS, ABOVE), min_size=1, max_size=3)


def write(caller: TestClient, said: list[tuple[str, Fact, Fact]], versions: Fact, above: list[str]) -> None:
    statements: dict[str, Any] = {kind: [] for kind in WRITTEN}
    for number, (kind, about, parts) in enumerate(said):
        statements[kind].append({"key": f"k{number % 4}-{len(statements[kind])}", **about, **parts})
    term = {"vocabulary": "purposes", "code": "fatura", "label": {"tr": "Fatura", "en": "Invoice"}, "under": above}
    enter(caller, "rastgele", {**{code: {} for code in "abc"}, **versions}, ["kurye"], [term], **statements)


Found = set[tuple[Any, ...]]


def kept_and_found(caller: TestClient, at: int | None = None) -> tuple[Found, Found]:
    """Return the contradictions that are kept, and those that comparing all documents anew finds."""
    columns = (ConflictRow.statement_id, ConflictRow.other_id, ConflictRow.dimension, ConflictRow.certainty)
    with ledger(caller).reading() as session:
        kept = {tuple(row) for row in session.all(select(*columns).where(alive(ConflictRow, at)))}
        anew = compute_conflicts(session, [row.id for row in session.all(select(Document.id))], at)
    found: Found = {(one.statement_id, one.other_id, one.dimension, one.certainty) for one in anew}
    return kept, found


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(writes=WRITES)
def test_what_is_kept_is_what_would_be_found_anew(keeper: TestClient, writes: list[Any]) -> None:
    """Whatever is written in whatever order, the contradictions kept are those of all documents compared anew."""
    changes = []
    for said, versions, above in writes:
        write(keeper, said, versions, above)
        kept, found = kept_and_found(keeper)
        assert kept == found
        assert {(other, one, dimension, rank) for one, other, dimension, rank in kept} == kept
        changes.append((ask(keeper, "/readyz")["change"], kept))
    for change, then in changes:
        assert kept_and_found(keeper, change) == (then, then)
