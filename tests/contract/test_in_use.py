"""A thing still in use is not ended: the refusal names its users, and so does its usage."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.activities.factories import add_activity
from tests.controllers.factories import add_controller
from tests.documents.factories import add_document
from tests.platform.calling import Json, change, problem, read
from tests.recipients.factories import add_recipient
from tests.vocabularies.factories import add_term


def users(client: TestClient, path: str) -> list[str]:
    """Try to end a thing that is in use; return its users, who are the same in Turkish, and make sure it stays."""
    before = read(client, path)
    document = problem(change(client, "DELETE", path), 409)
    assert document["type"] == "/problems/in-use"
    head, *rest = document["errors"]
    assert head["code"] == "in_use"
    assert before["code"] in head["message"]
    assert {error["code"] for error in rest} == {"used_by"}
    assert read(client, path) == before
    return [error["message"].removeprefix("used by ") for error in rest]


def usage(client: TestClient, path: str) -> list[str]:
    """Return the users that the usage of a term names."""
    body = read(client, f"{path}/usage")
    assert body["total"] == len(body["users"])
    return [" ".join(filter(None, (user["resource"], user["code"], user["place"]))) for user in body["users"]]


def end(client: TestClient, *paths: str) -> None:
    """End users before what they use, which then is free to go."""
    for path in paths:
        answer = change(client, "DELETE", f"/v1/{path}")
        assert answer.status_code == 204, answer.text


STATEMENTS: list[tuple[str, str, Json]] = [
    ("data-categories", "collections", {"data": ["acme:t"]}),
    ("data-categories", "uses", {"data": {"reach": "all_except", "members": ["acme:t"]}}),
    ("data-items", "collections", {"data": [{"category": "identity", "item": "acme:t"}]}),
    ("data-subject-categories", "transfers", {"data_subjects": ["acme:t"]}),
    ("data-subject-categories", "roles", {"role": "processor", "data_subjects": ["acme:t"]}),
    ("purposes", "uses", {"purposes": ["acme:t"]}),
    ("purposes", "retentions", {"purposes": ["acme:t"]}),
    ("legal-bases", "uses", {"legal_bases": ["acme:t"]}),
    ("transfer-mechanisms", "transfers", {"mechanisms": ["acme:t"]}),
    (
        "standard-contract-types",
        "transfers",
        {"mechanisms": [{"code": "safeguard_standard_contract", "contract_type": "acme:t"}]},
    ),
    ("measures", "measures", {"measures": ["acme:t"]}),
    ("collection-methods", "collections", {"collection_methods": ["acme:t"]}),
    ("collection-methods", "uses", {"collection_methods": ["acme:t"]}),
    ("retention-events", "retentions", {"from": "acme:t"}),
    ("retention-events", "retentions", {"steps": [{"renewed_by": ["acme:t"]}]}),
    ("disposal-methods", "retentions", {"steps": [{"action": ["acme:t"]}]}),
]


@pytest.mark.parametrize(("vocabulary", "kind", "statement"), STATEMENTS)
def test_a_term_that_a_statement_uses_stays(shared: TestClient, vocabulary: str, kind: str, statement: Any) -> None:  # noqa: ANN401
    path = f"/v1/{vocabulary}/acme:t"
    add_term(shared, vocabulary, "t")
    assert usage(shared, path) == []
    add_activity(shared, **{kind: [{"key": "k", **statement}]})
    assert users(shared, path) == usage(shared, path) == [f"activity acme:bordro {kind}/k"]
    end(shared, "activities/acme:bordro")
    assert usage(shared, path) == []
    end(shared, f"{vocabulary}/acme:t")


@pytest.mark.parametrize(
    ("vocabulary", "document"),
    [
        ("data-subject-categories", {"audience": ["acme:t"]}),
        ("purposes", {"defines": [{"vocabulary": "purposes", "term": "acme:t"}]}),
        ("data-subject-rights", {"prints": {"rights": {"members": [{"code": "acme:t"}]}}}),
    ],
)
def test_a_term_that_a_document_prints_stays(shared: TestClient, vocabulary: str, document: Json) -> None:
    add_term(shared, vocabulary, "t")
    add_document(shared, **document)
    path = f"/v1/{vocabulary}/acme:t"
    assert users(shared, path) == usage(shared, path) == ["document acme:politika"]
    end(shared, "documents/acme:politika", f"{vocabulary}/acme:t")


def test_a_term_with_narrower_ones_stays_and_names_those_of_all_levels(shared: TestClient) -> None:
    add_term(shared, "purposes", "a")
    add_term(shared, "purposes", "b", under=["acme:a"])
    add_term(shared, "purposes", "c", under=["acme:b"])
    path = "/v1/purposes/acme:a"
    assert (
        sorted(users(shared, path)) == sorted(usage(shared, path)) == ["term acme:b purposes", "term acme:c purposes"]
    )
    end(shared, *(f"purposes/acme:{code}" for code in "cba"))


def test_a_category_that_is_home_to_an_item_stays(shared: TestClient) -> None:
    add_term(shared, "data-categories", "kart")
    add_term(shared, "data-items", "numara", categories=["acme:kart"])
    path = "/v1/data-categories/acme:kart"
    assert users(shared, path) == usage(shared, path) == ["term acme:numara data_items"]
    end(shared, "data-items/acme:numara", "data-categories/acme:kart")


def test_a_group_with_recipients_stays(shared: TestClient) -> None:
    add_term(shared, "recipient-groups", "servisler", under=["suppliers"])
    add_recipient(shared, "acme:bulut", group="acme:servisler")
    path = "/v1/recipient-groups/acme:servisler"
    assert users(shared, path) == usage(shared, path) == ["recipient acme:bulut"]
    end(shared, "recipients/acme:bulut", "recipient-groups/acme:servisler")


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("transfers", {"recipient": "sgk"}),
        ("collections", {"sources": [{"kind": "recipient", "recipient": "sgk"}]}),
        ("roles", {"role": "controller", "counterpart": "sgk"}),
    ],
)
def test_a_recipient_that_a_statement_names_stays(shared: TestClient, kind: str, statement: Json) -> None:
    add_recipient(shared)
    add_activity(shared, **{kind: [{"key": "k", **statement}]})
    assert users(shared, "/v1/recipients/sgk") == [f"activity acme:bordro {kind}/k"]
    end(shared, "activities/acme:bordro", "recipients/sgk")


def test_a_recipient_to_which_others_belong_stays(shared: TestClient) -> None:
    add_recipient(shared, "holding")
    add_recipient(shared, "sirket", parent="holding")
    assert users(shared, "/v1/recipients/holding") == ["recipient sirket"]
    end(shared, "recipients/sirket", "recipients/holding")


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("uses", {"document": "acme:politika"}),
        ("uses", {"legal_bases": [{"code": "explicit_consent", "document": "acme:politika"}]}),
        ("transfers", {"mechanisms": [{"code": "old_explicit_consent", "document": "acme:politika"}]}),
    ],
)
def test_a_document_that_a_statement_rests_on_stays(shared: TestClient, kind: str, statement: Json) -> None:
    add_document(shared)
    add_activity(shared, **{kind: [{"key": "k", **statement}]})
    assert users(shared, "/v1/documents/acme:politika") == [f"activity acme:bordro {kind}/k"]
    end(shared, "activities/acme:bordro", "documents/acme:politika")


@pytest.mark.parametrize("relation", ["version_of", "language_version_of", "supplements"])
def test_a_document_that_another_refers_to_stays(shared: TestClient, relation: str) -> None:
    add_document(shared)
    add_document(shared, "yeni", **{relation: "politika"})
    assert users(shared, "/v1/documents/acme:politika") == ["document acme:yeni"]
    end(shared, "documents/acme:yeni", "documents/acme:politika")


def test_a_controller_stays_while_anything_is_its_own(shared: TestClient) -> None:
    add_controller(shared, "bayi")
    add_term(shared, "purposes", "t", "bayi")
    add_recipient(shared, "bayi:r")
    add_document(shared, "d", "bayi")
    add_activity(shared, "a", "bayi", uses=[{"document": "d"}])
    assert users(shared, "/v1/controllers/bayi") == [
        "term bayi:t purposes",
        "recipient bayi:r",
        "document bayi:d",
        "activity bayi:a",
    ]
    end(shared, "activities/bayi:a", "documents/bayi:d", "recipients/bayi:r", "purposes/bayi:t", "controllers/bayi")


def test_of_very_many_users_fifty_are_named_and_all_are_counted(shared: TestClient) -> None:
    add_recipient(shared)
    add_activity(shared, transfers=[{"recipient": "sgk"}] * 60)
    document = problem(change(shared, "DELETE", "/v1/recipients/sgk"), 409)
    assert len(document["errors"]) == 51
    assert "60" in document["errors"][0]["message"]
    end(shared, "activities/acme:bordro", "recipients/sgk")


def test_a_term_that_nothing_uses_any_more_is_ended_and_its_past_keeps_its_label(shared: TestClient) -> None:
    add_term(shared, "purposes", "t")
    old = add_activity(shared, uses=[{"purposes": ["acme:t"]}])
    before = datetime.now(UTC).isoformat()
    assert change(shared, "PATCH", "/v1/activities/acme:bordro", {"uses": []}).status_code == 200
    end(shared, "purposes/acme:t")
    assert read(shared, "/v1/activities/acme:bordro", as_of=before) == old
