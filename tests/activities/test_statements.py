"""Statements keep their keys, their documents and their rows; one of them may be changed alone."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.activities.tables import StatementRow
from app.audit import Ledger
from tests.activities.factories import activity, add_activity, payroll
from tests.platform.calling import Json, change, done, etag, make, read, refusal

PATH = "/v1/activities/acme:bordro"
FINANCE = {"purposes": ["finance_and_accounting"]}


def rows(client: TestClient) -> set[int]:
    """Return the keys of all rows of statements, live or not."""
    ledger: Ledger = client.app.state.ledger  # type: ignore[attr-defined]
    with ledger.reading() as session:
        return {row.id for row in session.all(select(StatementRow.id))}


def declarations(client: TestClient) -> list[Json]:
    """Return the documents that the server made."""
    items: list[Json] = read(client, "/v1/documents", kind="declaration", sort="revised")["items"]
    return items


@pytest.fixture
def bordro(office: TestClient) -> TestClient:
    """A register with the first activity."""
    make(office, "/v1/activities", payroll())
    return office


def test_statements_without_a_document_rest_on_one_declaration(bordro: TestClient) -> None:
    made = declarations(bordro)
    assert len(made) == 1
    whole = read(bordro, PATH)
    kinds = ("collections", "uses", "transfers", "retentions")
    assert {statement["document"] for kind in kinds for statement in whole[kind]} == {made[0]["code"]}
    assert (made[0]["origin"], made[0]["controller"]["code"]) == ("declaration", "acme")


def test_a_declaration_tells_caller_day_and_reason(office: TestClient) -> None:
    reason = {b"Envanter-Reason": "Görüşme".encode()}
    assert office.post("/v1/activities", json=payroll(), headers=reason).status_code == 201
    made = declarations(office)[0]
    assert made["note"] == "Görüşme"
    assert made["date"] == datetime.now(UTC).date().isoformat()
    assert "local" in made["title"]


def test_the_same_statement_put_again_keeps_its_declaration(bordro: TestClient) -> None:
    before = read(bordro, PATH)
    assert done(change(bordro, "PUT", PATH, payroll())) == before
    changed = payroll() | {"description": "yeni"}
    assert done(change(bordro, "PUT", PATH, changed)) == {**before, "description": "yeni", "revision": 2}
    assert len(declarations(bordro)) == 1


def test_a_statement_changed_without_a_document_keeps_the_one_it_had(bordro: TestClient) -> None:
    before = read(bordro, PATH)["uses"][0]
    whole = payroll() | {"uses": [{**FINANCE, "condition": "yalnızca çalışanlar"}]}
    after = done(change(bordro, "PUT", PATH, whole))["uses"][0]
    assert (after["key"], after["document"], after["condition"]) == ("use-1", before["document"], "yalnızca çalışanlar")


def test_a_new_statement_rests_on_a_new_declaration(bordro: TestClient) -> None:
    whole = payroll()
    whole["uses"].append({"key": "ek", **FINANCE})
    after = done(change(bordro, "PUT", PATH, whole))
    assert [use["key"] for use in after["uses"]] == ["use-1", "ek"]
    assert [use["document"] for use in after["uses"]] == [made["code"] for made in declarations(bordro)]


def test_a_refused_activity_leaves_no_declaration(office: TestClient) -> None:
    refusal(office.post("/v1/activities", json=activity(uses=[FINANCE, {"purposes": ["yok"]}])), 422)
    assert declarations(office) == []
    assert read(office, "/readyz")["change"] == 8


def test_a_bare_code_of_a_document_is_the_controllers_own(office: TestClient) -> None:
    made = add_activity(office, uses=[{"document": "politika"}, {"document": "acme:politika"}])
    assert [use["document"] for use in made["uses"]] == ["acme:politika"] * 2
    assert declarations(office) == []


def test_keys_are_made_where_left_out_and_avoid_those_given(office: TestClient) -> None:
    made = add_activity(
        office, uses=[{}, {"key": "use-2"}, {}, {"key": "özel"}], measures=[{"measures": ["encryption"]}]
    )
    assert [use["key"] for use in made["uses"]] == ["use-1", "use-2", "use-3", "özel"]
    assert [one["key"] for one in made["measures"]] == ["measure-1"]


def test_a_whole_activity_that_was_read_may_be_sent_back(bordro: TestClient) -> None:
    before = bordro.get(PATH)
    known = rows(bordro)
    after = change(bordro, "PUT", PATH, before.json())
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])
    assert rows(bordro) == known


def test_statements_that_stay_the_same_keep_their_rows(bordro: TestClient) -> None:
    known = rows(bordro)
    whole = read(bordro, PATH)
    whole["transfers"][0]["condition"] = "yasal bildirim"
    done(change(bordro, "PUT", PATH, whole))
    assert len(rows(bordro) - known) == 1
    done(change(bordro, "PATCH", PATH, {"description": "yalnız bu"}))
    assert len(rows(bordro) - known) == 1


def test_statements_keep_the_order_in_which_they_are_sent(office: TestClient) -> None:
    add_activity(office, uses=[{"key": "a"}, {"key": "b"}, {"key": "c"}])
    known = rows(office)
    whole = read(office, PATH)
    whole["uses"].reverse()
    after = done(change(office, "PUT", PATH, whole))
    assert [use["key"] for use in after["uses"]] == ["c", "b", "a"]
    assert rows(office) == known


def test_one_statement_is_replaced_by_its_address(bordro: TestClient) -> None:
    before, known = read(bordro, PATH), rows(bordro)
    body = {"recipient": "sgk", "location": "abroad", "places": ["DE"]}
    answer = bordro.put(f"{PATH}/transfers/transfer-1", json=body, headers={"If-Match": etag(bordro, PATH)})
    after = done(answer)
    transfer = after["transfers"][0]
    assert (transfer["key"], transfer["location"], transfer["purposes"]["members"]) == ("transfer-1", "abroad", [])
    assert transfer["document"] == before["transfers"][0]["document"]
    assert after | {"transfers": [], "revision": 1} == before | {"transfers": []}
    assert after["revision"] == 2
    assert len(rows(bordro) - known) == 1


def test_one_statement_is_added_by_its_address(bordro: TestClient) -> None:
    match = {"If-Match": etag(bordro, PATH)}
    after = done(bordro.put(f"{PATH}/roles/sorumlu", json={"role": "controller"}, headers=match))
    assert [role["key"] for role in after["roles"]] == ["sorumlu"]
    assert after["roles"][0]["document"] == declarations(bordro)[-1]["code"]


def test_one_statement_is_ended_by_its_address(bordro: TestClient) -> None:
    before = read(bordro, PATH)
    moment = datetime.now(UTC).isoformat()
    after = done(bordro.delete(f"{PATH}/uses/use-1", headers={"If-Match": etag(bordro, PATH)}))
    assert after == before | {"uses": [], "revision": 2}
    assert read(bordro, PATH, as_of=moment) == before


def test_a_statement_that_was_read_may_be_sent_back_alone(bordro: TestClient) -> None:
    before = read(bordro, PATH)
    for kind in ("collections", "uses", "transfers", "retentions"):
        address = f"{PATH}/{kind}/{before[kind][0]['key']}"
        assert done(bordro.put(address, json=before[kind][0], headers={"If-Match": etag(bordro, PATH)})) == before


def test_a_statement_that_is_not_there_is_not_ended(bordro: TestClient) -> None:
    match = {"If-Match": etag(bordro, PATH)}
    error = refusal(bordro.delete(f"{PATH}/uses/yok", headers=match), 404)
    assert "yok" in error["message"]
    refusal(bordro.delete("/v1/activities/acme:yok/uses/use-1", headers=match), 404)


def test_a_kind_of_statement_that_is_none_is_refused(bordro: TestClient) -> None:
    answer = bordro.put(f"{PATH}/usages/a", json={}, headers={"If-Match": etag(bordro, PATH)})
    error = refusal(answer, 422)
    assert error["parameter"] == "kind"
    assert error["allowed"] == ["roles", "collections", "uses", "transfers", "retentions", "measures"]


def test_a_statement_keeps_the_key_of_its_address(bordro: TestClient) -> None:
    match = {"If-Match": etag(bordro, PATH)}
    error = refusal(bordro.put(f"{PATH}/uses/use-1", json={"key": "use-2"}, headers=match), 409)
    assert (error["code"], error["pointer"]) == ("code_fixed", "/key")
    assert refusal(bordro.put(f"{PATH}/uses/B%20K", json={}, headers=match), 422)["code"] == "string_pattern_mismatch"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_change_of_one_statement_names_the_revision_that_it_knows(bordro: TestClient, method: str) -> None:
    before = bordro.get(PATH).content
    body: Json | None = {} if method == "PUT" else None
    address = f"{PATH}/uses/use-1"
    refusal(bordro.request(method, address, json=body), 428)
    refusal(bordro.request(method, address, json=body, headers={"If-Match": '"2-0"'}), 412)
    assert bordro.get(PATH).content == before


def test_a_patch_replaces_a_list_whole_and_null_empties_it(bordro: TestClient) -> None:
    patched = done(change(bordro, "PATCH", PATH, {"uses": [{"key": "tek", **FINANCE}]}))
    assert [use["key"] for use in patched["uses"]] == ["tek"]
    assert done(change(bordro, "PATCH", PATH, {"uses": None, "transfers": None}))["uses"] == []


def test_an_ended_activity_comes_back_with_statements_of_its_own(bordro: TestClient) -> None:
    moment = datetime.now(UTC).isoformat()
    old = read(bordro, PATH)
    assert change(bordro, "DELETE", PATH).status_code == 204
    new = add_activity(bordro, uses=[{"document": "politika"}])
    assert (new["id"], new["revision"], new["transfers"]) == (old["id"], 2, [])
    assert read(bordro, PATH, as_of=moment) == old


def test_as_of_gives_the_old_statements_names_and_labels(bordro: TestClient) -> None:
    old, moment = bordro.get(PATH), datetime.now(UTC).isoformat()
    done(change(bordro, "PATCH", "/v1/recipients/sgk", {"name": "Yeni Kurum"}))
    done(change(bordro, "PATCH", "/v1/controllers/acme", {"legal_name": "Yeni Acme"}))
    done(change(bordro, "PATCH", "/v1/data-items/iban", {"label": {"tr": "Hesap"}}))
    done(change(bordro, "PATCH", PATH, {"retentions": []}))
    now = read(bordro, PATH)
    assert now["transfers"][0]["recipient"]["name"] == "Yeni Kurum"
    assert now["controller"]["name"] == "Yeni Acme"
    assert now["collections"][0]["data"]["members"][2]["item_label"]["tr"] == "Hesap"
    then = bordro.get(PATH, params={"as_of": moment})
    assert (then.content, then.headers["etag"]) == (old.content, old.headers["etag"])


def test_a_renamed_term_changes_the_etag_but_stands_in_nobodys_way(bordro: TestClient) -> None:
    old = bordro.get(PATH).headers["etag"]
    done(change(bordro, "PATCH", "/v1/data-items/iban", {"label": {"tr": "Hesap"}}))
    assert bordro.get(PATH, headers={"If-None-Match": old}).status_code == 200
    assert bordro.patch(PATH, json={"description": "x"}, headers={"If-Match": old}).status_code == 200


def test_on_says_which_law_is_asked_about(office: TestClient) -> None:
    add_activity(office, uses=[{"legal_bases": ["old_special_explicit_consent", "special_explicit_consent"]}])
    for day, holds in (("2024-05-31", [True, False]), ("2024-06-01", [False, True])):
        members = read(office, PATH, on=day)["uses"][0]["legal_bases"]["members"]
        assert [member["in_force"] for member in members] == holds


def test_a_large_activity_is_one_request(office: TestClient) -> None:
    transfers = [{"recipient": "sgk", "data": ["identity", "finance"]}] * 200
    made = add_activity(office, transfers=transfers)
    assert [one["key"] for one in made["transfers"]] == [f"transfer-{number}" for number in range(1, 201)]
    body = activity("çok", uses=[{}] * 2001)
    assert refusal(office.post("/v1/activities", json=body), 422)["code"] == "too_long"


def test_filters_choose_activities(office: TestClient) -> None:
    stored = {"code": "finance_and_accounting", "as_stated": "veri depolama"}
    add_activity(office, "a", uses=[{"document": "politika", "purposes": [stored]}])
    add_activity(office, "b", scope="general", transfers=[{"recipient": "sgk"}])
    add_activity(office, "c", "other")
    for name, value, codes in (
        ("controller", "other", ["other:c"]),
        ("scope", "general", ["acme:b"]),
        ("document", "acme:politika", ["acme:a"]),
        ("recipient", "sgk", ["acme:b"]),
        ("q", "VERI DEPOLAMA", ["acme:a"]),
    ):
        found = [item["code"] for item in read(office, "/v1/activities", **{name: value})["items"]]
        assert found == codes, name
