"""Comparisons: what two or more values share, and what only one has."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.register import many
from tests.register.many import Fact, ask, codes, enter, groups, refused

auditor = many.auditor
keeper = many.keeper

COMPARE = "/v1/compare"


def compare(caller: TestClient, of: str, by: str, **parameters: Any) -> Fact:  # noqa: ANN401 - any parameter
    found: Fact = ask(caller, COMPARE, of=of, by=by, **parameters)
    return found


def test_purposes_that_pronet_and_intense_share_come_from_one_call(auditor: TestClient) -> None:
    found = compare(auditor, "uses", "purpose", controllers="pronet,intense", level="official")
    assert codes(found["shared"]) >= {
        "legal_compliance_of_activities",
        "legal_affairs",
        "finance_and_accounting",
        "business_activities_and_supervision",
        "communication_activities",
        "after_sales_support",
        "information_security",
    }
    assert {"access_rights", "business_continuity", "audit_and_ethics"} <= codes(found["only"]["pronet"])


def test_the_short_form_is_the_long_one(auditor: TestClient) -> None:
    short = compare(auditor, "uses", "purpose", controllers="pronet,intense")
    assert compare(auditor, "uses", "purpose", across="controller", values=["pronet", "intense"]) == short
    assert compare(auditor, "uses", "purpose", values="pronet,intense") == short


@pytest.mark.parametrize(
    ("of", "by", "across", "values"),
    [
        ("uses", "legal_basis", "controller", ["kivi", "pronet", "kent_konut", "intense", "octopus_chat"]),
        ("collections", "data_item", "controller", ["kivi", "pronet", "intense"]),
        ("transfers", "recipient_group", "controller", ["pronet", "intense"]),
        ("uses", "data_category", "legal_basis", ["contract", "explicit_consent"]),
        ("retentions", "retention_kind", "controller", ["kent_konut", "octopus_chat"]),
        ("transfers", "purpose", "abroad", ["yes", "no"]),
    ],
)
def test_members_are_those_of_the_groups_and_shared_and_only_follow_from_them(
    auditor: TestClient, of: str, by: str, across: str, values: list[str]
) -> None:
    found = compare(auditor, of, by, across=across, values=values)
    members = {value: codes(found["members"][value]) for value in values}
    for value in values:
        assert members[value] == set(groups(auditor, of, by, **{across: value}))
        others = set().union(*(members[other] for other in values if other != value))
        assert codes(found["only"][value]) == members[value] - others
    assert codes(found["shared"]) == set.intersection(*members.values())
    assert (found["of"], found["by"], found["across"], found["values"]) == (of, by, across, values)


def test_a_comparison_takes_every_filter_of_its_facts(auditor: TestClient) -> None:
    chosen: Fact = {"form": "table", "certainty": "stated", "level": "official"}
    found = compare(auditor, "uses", "purpose", controllers="pronet,intense", **chosen)
    for value in ("pronet", "intense"):
        assert codes(found["members"][value]) == set(groups(auditor, "uses", "purpose", controller=value, **chosen))
    alone = compare(auditor, "uses", "purpose", controllers="pronet,intense", controller="pronet")
    assert (alone["shared"], alone["members"]["intense"]) == ([], [])


@pytest.mark.parametrize(
    ("parameters", "parameter"),
    [
        ({"of": "uses", "by": "purpose", "controllers": "pronet"}, "values"),
        ({"of": "uses", "by": "purpose"}, "values"),
        ({"of": "uses", "by": "recipient", "controllers": "pronet,intense"}, "by"),
        ({"of": "uses", "by": "certainty", "controllers": "pronet,intense"}, "by"),
        ({"of": "uses", "by": "purpose", "across": "country", "values": "US,DE"}, "across"),
        ({"of": "transfers", "by": "purpose", "across": "abroad", "values": "yes,perhaps"}, "values"),
        ({"of": "uses", "by": "purpose", "controllers": "pronet,intense", "country": "US"}, "country"),
        ({"of": "uses", "by": "purpose", "controllers": "pronet,intense", "missing": "polarity"}, "missing"),
        ({"of": "uses", "by": "purpose", "controllers": "pronet,intense", "values": "kivi,pronet"}, "controllers"),
        ({"of": "uses", "by": "purpose", "controllers": "pronet,intense", "group_by": "controller"}, "group_by"),
        ({"of": "uses", "by": "purpose", "controllers": "pronet,intense", "format": "csv"}, "format"),
        ({"of": "activities", "by": "purpose", "controllers": "pronet,intense"}, "of"),
        ({"by": "purpose", "controllers": "pronet,intense"}, "of"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(auditor: TestClient, parameters: Fact, parameter: str) -> None:
    assert refused(auditor, COMPARE, **parameters)["parameter"] == parameter


def test_an_unknown_value_is_refused_with_those_there_are(auditor: TestClient) -> None:
    error = refused(auditor, COMPARE, of="uses", by="purpose", controllers="pronet,intens")
    assert error["code"] == "unknown_code"
    assert "intense" in error["allowed"]


def test_a_comparison_is_read_as_of_an_instant(keeper: TestClient) -> None:
    for name, purpose in (("bir", "invoicing"), ("iki", "invoicing")):
        enter(keeper, name, uses=[{"key": "u", "document": "a", "purposes": [purpose]}])
    then = ask(keeper, "/v1/questions/uses-without-legal-basis")["as_of"]
    enter(keeper, "iki", uses=[{"key": "u", "document": "a", "purposes": ["legal_affairs"]}])
    assert compare(keeper, "uses", "purpose", controllers="bir,iki")["shared"] == []
    assert codes(compare(keeper, "uses", "purpose", controllers="bir,iki", as_of=then)["shared"]) == {"invoicing"}
