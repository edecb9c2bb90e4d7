"""The six kinds of facts: every dimension filters, groups and tells silence, the same on each kind."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.register.dimensions import ALL_KINDS, DIMENSIONS, dimensions_of
from app.register.schemas import FACTS
from tests.register import many
from tests.register.many import Fact, ask, codes, enter, facts, groups, keys, placed, refused

auditor = many.auditor
keeper = many.keeper

KINDS: Final = sorted(ALL_KINDS)
PLACE: Final = "controller,key"
SEEDED: Final = {
    "controllers": ["kivi", "octopus_chat"],
    "activities": ["intense:genel_politika", "pronet:cagri_merkezi"],
    "documents": ["kent_konut:aydinlatma-metni"],
    "recipients": ["the_constant_company", "kivi:tedarikciler"],
    "country": ["US", "TR"],
    "sources": ["data_subject", "other", "kent_konut:ucuncu_kisiler"],
    "audience": ["caller"],
    "data_subject_category": ["customer", "employee"],
    "data_category": ["identity", "health"],
    "data_item": ["voice_recording"],
    "purpose": ["advertising_campaign_promotion"],
    "legal_basis": ["explicit_consent", "contract"],
    "recipient_group": ["suppliers"],
    "mechanism": ["old_explicit_consent"],
    "collection_method": ["call_centre"],
    "measure": ["intense:ihlal_bildirimi"],
}


def values_of(name: str) -> list[str]:
    dimension = dimensions_of("all")[name]
    return list(dimension.values) or SEEDED.get(name) or SEEDED[str(dimension.space)]


def items_of(row: Fact) -> set[str]:
    return {item["code"] for category in row["data_categories"] for item in category["items"]}


SHOWN: Final[dict[str, Callable[[Fact], set[str]]]] = {
    "controller": lambda row: {row["controller"]["code"]},
    "activity": lambda row: {row["activity"]["code"]},
    "document": lambda row: {row["citation"]["document"]},
    "data_subject_category": lambda row: codes(row["data_subject_categories"]),
    "data_category": lambda row: codes([one for one in row["data_categories"] if one["code"]]),
    "data_item": items_of,
    "purpose": lambda row: codes(row["purposes"]),
    "legal_basis": lambda row: codes(row["legal_bases"]),
    "recipient": lambda row: codes([one for one in (row.get("recipient") or row.get("counterpart"),) if one]),
    "recipient_group": lambda row: codes([row["recipient"]["group"]] if row["recipient"] else []),
    "location": lambda row: {row["location"]},
    "abroad": lambda row: {row["abroad"]},
    "country": lambda row: set(row["countries"]),
    "mechanism": lambda row: codes(row["mechanisms"]),
    "mechanism_status": lambda row: {one["status"] for one in row["mechanisms"]},
    "standing": lambda row: {row["standing"]} - {None},
    "collection_method": lambda row: codes(row["collection_methods"]),
    "automatic": lambda row: {row["automatic"]},
    "retention_kind": lambda row: {row["retention_kind"]},
    "measure": lambda row: codes(row["measures"]),
    "role": lambda row: {row["role"]},
    "conflict": lambda row: {one["dimension"] for one in row["conflicts_with"]},
    "polarity": lambda row: {row["polarity"]},
    "form": lambda row: {one["form"] for one in row["citations"]},
    "pairing": lambda row: {row["pairing"]} - {None},
}


def grouped_counts(caller: TestClient, kind: str, name: str, **filters: Any) -> dict[str, int]:  # noqa: ANN401
    found = groups(caller, kind, name, **filters)
    for group in found.values():
        assert group["statements"] == group["stated"] + group["inferred"] + group["unknown"]
    return {code: group["statements"] for code, group in found.items()}


def listed(caller: TestClient, kind: str, **filters: Any) -> int:  # noqa: ANN401 - any parameter
    return int(ask(caller, f"/v1/facts/{kind}", limit=1, count=True, **filters)["total"])


def counted_in(rows: list[Fact], name: str) -> dict[str, int]:
    return dict(Counter(code for row in rows for code in SHOWN[name](row)))


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_what_openapi_declares(auditor: TestClient, kind: str) -> None:
    rows = facts(auditor, kind)
    assert rows
    for row in rows:
        assert FACTS[kind].model_validate(row).model_dump(mode="json") == row


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_every_dimension_filters(auditor: TestClient, kind: str) -> None:
    rows = facts(auditor, kind)
    for name in dimensions_of(kind):
        for value in values_of(name):
            found = placed(facts(auditor, kind, fields=PLACE, **{name: value}))
            assert found <= placed(rows)
            if name in SHOWN and dimensions_of(kind)[name].values:
                assert found == placed([row for row in rows if value in SHOWN[name](row)]), (name, value)


@pytest.mark.parametrize("kind", KINDS)
def test_dimensions_of_other_kinds_are_refused_with_those_there_are(auditor: TestClient, kind: str) -> None:
    for dimension in DIMENSIONS:
        if kind in dimension.kinds:
            continue
        error = refused(auditor, f"/v1/facts/{kind}", **{dimension.name: values_of(dimension.name)[0]})
        assert (error["code"], error["parameter"]) == ("unknown_parameter", dimension.name)
        assert set(dimensions_of(kind)) < set(error["allowed"])
        for field in ("group_by", "missing", "present"):
            assert refused(auditor, f"/v1/facts/{kind}", **{field: dimension.name})["parameter"] == field


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stated_is_present_and_what_is_not_is_missing(auditor: TestClient, kind: str) -> None:
    rows = facts(auditor, kind)
    for name, dimension in dimensions_of(kind).items():
        if dimension.is_stated is None:
            continue
        missing, present = (
            placed(facts(auditor, kind, fields=PLACE, **{field: name})) for field in ("missing", "present")
        )
        assert not missing & present, name
        assert missing | present == placed([row for row in rows if not is_unreadable(row, name)]), name


def is_unreadable(row: Fact, name: str) -> bool:
    reach = {
        "data_subject_category": "data_subject_reach",
        "data_category": "data_reach",
        "data_item": "data_reach",
        "purpose": "purpose_reach",
        "retention_kind": "retention_kind",
    }.get(name)
    return reach is not None and row[reach] == "unreadable"


@pytest.mark.parametrize("kind", KINDS)
def test_groups_count_the_rows_that_show_their_member(auditor: TestClient, kind: str) -> None:
    rows = facts(auditor, kind)
    for name in set(dimensions_of(kind)) & set(SHOWN):
        assert grouped_counts(auditor, kind, name) == counted_in(rows, name), name


@pytest.mark.parametrize("kind", KINDS)
def test_each_group_counts_what_its_member_filters(auditor: TestClient, kind: str) -> None:
    for name, dimension in dimensions_of(kind).items():
        if name == "certainty" or (name in SHOWN and not dimension.is_term):
            continue
        levels = ({"level": "official"}, {"level": "common"}) if dimension.is_term else ({},)
        for level in levels:
            found = grouped_counts(auditor, kind, name, **level)
            for code in list(found)[:6]:
                assert listed(auditor, kind, **{name: code}) == found[code], (name, code)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("collections", ["data_category", "data_subject_category"]),
        ("uses", ["purpose", "legal_basis"]),
        ("uses", ["legal_basis", "data_category"]),
        ("transfers", ["recipient_group", "data_item"]),
        ("transfers", ["abroad", "controller"]),
        ("retentions", ["retention_kind", "data_category"]),
        ("measures", ["measure", "form"]),
        ("roles", ["role", "data_subject_category"]),
    ],
)
def test_groups_of_two_dimensions_count_what_both_members_filter(
    auditor: TestClient, kind: str, names: list[str]
) -> None:
    found = facts(auditor, kind, group_by=names, level="official")
    for group in found[:4] + found[-4:]:
        members = {name: group[name]["code"] for name in names}
        assert listed(auditor, kind, **members) == group["statements"], members


def test_a_filter_on_a_grouped_dimension_restricts_its_groups(auditor: TestClient) -> None:
    found = groups(auditor, "uses", "legal_basis", legal_basis="explicit_consent")
    assert set(found) == {"explicit_consent"}
    levelled = groups(auditor, "uses", "legal_basis", legal_basis="explicit_consent", level="official", empty=True)
    assert set(levelled) == {"explicit_consent"}
    assert set(groups(auditor, "uses", "controller", controller="kivi", empty=True)) == {"kivi"}


def test_certainty_chooses_links_of_the_filtered_and_grouped_dimensions(auditor: TestClient) -> None:
    whole = groups(auditor, "uses", "legal_basis")
    for certainty in ("stated", "inferred"):
        found = groups(auditor, "uses", "legal_basis", certainty=certainty)
        assert {code: group["statements"] for code, group in found.items()} == {
            code: group[certainty] for code, group in whole.items() if group[certainty]
        }
    inferred = facts(auditor, "uses", legal_basis="explicit_consent", certainty="inferred")
    assert keys(inferred) == {"kart-bilgileri"}


def test_members_of_no_statement_are_shown_on_request(auditor: TestClient) -> None:
    official = groups(auditor, "collections", "data_category", level="official", empty=True)
    assert official["health"]["statements"] == 0
    assert official["identity"]["statements"] == listed(auditor, "collections", data_category="identity")
    assert set(groups(auditor, "transfers", "abroad", empty=True)) == {"yes", "possible", "no", "not_stated"}
    assert groups(auditor, "retentions", "controller", empty=True)["pronet"]["statements"] == 0
    assert refused(auditor, "/v1/facts/transfers", group_by="country", empty=True)["parameter"] == "empty"


def test_distinct_members_are_counted_on_request(auditor: TestClient) -> None:
    found = groups(auditor, "transfers", "controller", count_of=["recipient", "country"])
    for code in found:
        recipients = groups(auditor, "transfers", "recipient", controller=code)
        assert found[code]["distinct"]["recipient"] == len(recipients)
    assert found["intense"]["distinct"]["country"] == 1
    assert found["kivi"]["distinct"] == {"recipient": 6, "country": 0}


def test_groups_come_page_by_page_the_largest_first(auditor: TestClient) -> None:
    asked: Fact = {"group_by": "data_item", "count": True}
    whole = ask(auditor, "/v1/facts/collections", limit=500, **asked)
    sizes = [group["statements"] for group in whole["items"]]
    assert sizes == sorted(sizes, reverse=True)
    assert whole["total"] == len(sizes)
    assert facts(auditor, "collections", **asked | {"limit": 7}) == whole["items"]
    assert refused(auditor, "/v1/facts/collections", sort="activity", **asked)["allowed"] == ["-statements"]


def test_words_are_found_in_labels_as_stated_and_as_classified(auditor: TestClient) -> None:
    assert placed(facts(auditor, "collections", q="SES KAYDINIZ")) == {("kivi", "gorusme-verileri")}
    assert keys(facts(auditor, "transfers", q="constant company")) == {"depolama-constant"}
    consent = {row["key"] for row in facts(auditor, "uses", q="İlgili kişinin açık rızası")}
    assert consent == keys(facts(auditor, "uses", legal_basis="explicit_consent"))
    assert facts(auditor, "measures", q="böyle bir söz yok") == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_finds_its_statement(auditor: TestClient, kind: str) -> None:
    wanted = facts(auditor, kind)[-1]
    found = facts(auditor, kind, key=wanted["key"], activity=wanted["activity"]["code"])
    assert found == [wanted]
    assert facts(auditor, kind, key="yok") == []


@pytest.mark.parametrize("kind", KINDS)
def test_facts_are_read_as_of_an_instant(auditor: TestClient, kind: str) -> None:
    now = datetime.now(UTC)
    assert facts(auditor, kind, as_of=now.isoformat()) == facts(auditor, kind)
    long_ago = (now - timedelta(days=4000)).isoformat()
    assert facts(auditor, kind, as_of=long_ago) == []
    assert facts(auditor, kind, as_of=long_ago, group_by="controller") == []


def test_what_cannot_be_read_is_neither_missing_nor_present(keeper: TestClient) -> None:
    lost = {"document": "a", "kind": "unreadable", "data": {"reach": "unreadable"}}
    enter(keeper, "lost", retentions=[{"key": "lost", **lost}, {"key": "silent", "document": "a"}])
    for name in ("retention_kind", "data_category"):
        assert keys(facts(keeper, "retentions", controller="lost", missing=name)) == {"silent"}
        assert facts(keeper, "retentions", controller="lost", present=name) == []


def test_a_denied_use_without_basis_misses_one_too(keeper: TestClient) -> None:
    enter(keeper, "denying", uses=[{"document": "a", "polarity": "does_not", "purposes": ["invoicing"]}])
    assert len(facts(keeper, "uses", controller="denying", missing="legal_basis")) == 1


SUBJECTS = st.lists(st.sampled_from(["customer", "user", "employee"]), max_size=2, unique=True)
DATA = st.lists(
    st.sampled_from(["identity", "contact", "finance"])
    | st.builds(
        lambda item, certainty: {"item": item, "certainty": certainty},
        st.sampled_from(["name_surname", "phone_number", "voice_recording", "iban"]),
        st.sampled_from(["stated", "inferred", "unknown"]),
    ),
    max_size=3,
    unique_by=str,
)
PURPOSES = st.lists(
    st.sampled_from(["communication_activities", "invoicing", "finance_and_accounting", "satisfaction_surveys"]),
    max_size=2,
    unique=True,
)
BASES = st.lists(
    st.builds(
        lambda code, certainty: {"code": code, "certainty": certainty},
        st.sampled_from(["contract", "explicit_consent", "legitimate_interest"]),
        st.sampled_from(["stated", "inferred"]),
    ),
    max_size=2,
    unique_by=lambda basis: basis["code"],
)
ABOUT = {
    "document": st.sampled_from(["a", "b"]),
    "polarity": st.sampled_from(["does", "does", "does_not"]),
    "data": DATA,
    "data_subjects": SUBJECTS,
}
COLLECTIONS = st.fixed_dictionaries({**ABOUT, "automatic": st.sampled_from(["automatic", "both", "not_stated"])})
USES = st.fixed_dictionaries({**ABOUT, "purposes": PURPOSES, "legal_bases": BASES})
TRANSFERS = st.fixed_dictionaries(
    {
        **ABOUT,
        "purposes": PURPOSES,
        "legal_bases": BASES,
        "recipient": st.sampled_from([None, "kurye", "banka"]),
        "places": st.lists(st.sampled_from(["TR", "US", "DE"]), max_size=2, unique=True),
    }
)
REGISTERS = st.fixed_dictionaries(
    {
        "collections": st.lists(COLLECTIONS, max_size=3),
        "uses": st.lists(USES, max_size=3),
        "transfers": st.lists(TRANSFERS, max_size=3),
    }
)
GROUPED: Final = (
    ("collections", ["data_category"]),
    ("collections", ["data_subject_category", "data_category"]),
    ("uses", ["purpose"]),
    ("uses", ["legal_basis", "data_category"]),
    ("transfers", ["country", "purpose"]),
    ("transfers", ["data_item", "mechanism"]),
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(register=REGISTERS, certainty=st.sampled_from([None, "stated", "inferred"]))
def test_groups_agree_with_the_list_on_any_register(
    keeper: TestClient, register: dict[str, list[Fact]], certainty: str | None
) -> None:
    enter(keeper, "any", recipients=["kurye", "banka"], **with_keys(register))
    chosen = {"controller": "any", **({"certainty": certainty} if certainty else {})}
    for kind, names in GROUPED:
        for group in facts(keeper, kind, group_by=names, level="official", count_of="document", **chosen):
            members = {name: group[name]["code"] for name in names}
            rows = facts(keeper, kind, **{**chosen, **members})
            assert len(rows) == group["statements"], (kind, members)
            assert len({row["citation"]["document"] for row in rows}) == group["distinct"]["document"]
        if certainty is None:
            rows = facts(keeper, kind, controller="any")
            assert grouped_counts(keeper, kind, names[0], controller="any") == counted_in(rows, names[0])


def with_keys(register: dict[str, list[Fact]]) -> dict[str, Any]:
    """Give statements keys and a recipient of their controller."""
    return {
        kind: [
            {**one, "key": f"k{number}"} | ({"recipient": f"any:{one['recipient']}"} if one.get("recipient") else {})
            for number, one in enumerate(statements)
        ]
        for kind, statements in register.items()
    }
