"""What an auditor reads of a change: everything by its name, as it was called then."""

from datetime import UTC, datetime

from fastapi.testclient import TestClient

from tests.activities.factories import add_activity, payroll
from tests.controllers.factories import add_controller
from tests.documents.factories import add_document
from tests.platform.calling import Json, change, done, make, read
from tests.recipients.factories import add_recipient
from tests.vocabularies.factories import add_term

PATH = "/v1/activities/acme:bordro"


def words(client: TestClient, path: str, **params: object) -> list[str]:
    """Return what a comparison says, in English."""
    return [one["words"]["en"] for one in read(client, f"{path}/diff", **params)["differences"]]


def put_use(client: TestClient, **statement: object) -> None:
    """Replace the use of the payroll."""
    match = {"If-Match": client.get(PATH).headers["etag"]}
    done(client.put(f"{PATH}/uses/use-1", json=statement, headers=match))


def furnish(client: TestClient) -> None:
    """Add the payroll and what it refers to."""
    add_controller(client)
    add_recipient(client, name="SGK")
    make(client, "/v1/activities", payroll())


def test_a_changed_statement_is_told_field_by_field_with_terms_by_label(client: TestClient) -> None:
    furnish(client)
    put_use(client, legal_bases=["explicit_consent"], purposes=["finance_and_accounting"], condition="if asked")
    [found] = read(client, f"{PATH}/diff")["differences"]
    assert (found["kind"], found["key"], found["action"]) == ("uses", "use-1", "changed")
    assert {one["field"]: one["action"] for one in found["fields"]} == {"legal_bases": "changed", "condition": "added"}
    [bases_field] = [one for one in found["fields"] if one["field"] == "legal_bases"]
    assert [one["label"]["en"] for one in bases_field["after"]["members"]] == ["Explicit consent of the data subject"]
    assert bases_field["words"] == {
        "tr": "hukuki sebepler: eklenen “İlgili kişinin açık rızası”; çıkarılan “Veri sorumlusunun hukuki "
        "yükümlülüğünü yerine getirebilmesi için zorunlu olması”",
        "en": "legal bases: added “Explicit consent of the data subject”; removed “Necessary for the controller's "
        "legal obligation”",
    }
    assert found["words"]["en"].startswith("Use “use-1” changed: condition: was empty, now “if asked”; legal bases: ")


def test_added_and_removed_statements_are_told_whole(client: TestClient) -> None:
    furnish(client)
    client.delete(f"{PATH}/transfers/transfer-1", headers={"If-Match": client.get(PATH).headers["etag"]})
    [found] = read(client, f"{PATH}/diff")["differences"]
    assert (found["action"], found["before"]["recipient"]["name"], found["after"]) == ("removed", "SGK", None)
    assert "recipient: “SGK”" in found["words"]["en"]
    assert words(client, PATH, **{"from": 2, "to": 1}) == [found["words"]["en"].replace(" removed: ", " added: ")]


def test_names_are_those_of_the_time_and_a_renaming_elsewhere_is_no_difference(client: TestClient) -> None:
    furnish(client)
    add_term(client, "purposes", "t")
    put_use(client, purposes=["acme:t"])
    before = words(client, PATH)
    done(change(client, "PATCH", "/v1/purposes/acme:t", {"label": {"tr": "yeni", "en": "new"}}))
    assert words(client, PATH) == before
    done(change(client, "PATCH", PATH, {"description": "x"}))
    assert words(client, PATH) == ["description: was empty, now “x”"]
    [link] = read(client, f"{PATH}/revisions/2")["uses"][0]["purposes"]["members"]
    assert link["label"]["en"] == "t"
    assert words(client, "/v1/purposes/acme:t") == ["label: Turkish: “t” → “yeni”; English: “t” → “new”"]


def test_every_kind_of_code_is_named(client: TestClient) -> None:
    furnish(client)
    mechanism = {"code": "safeguard_standard_contract", "contract_type": "ss_1"}
    statements: Json = {
        "transfers": [{"key": "t", "mechanisms": [mechanism], "places": ["US"]}],
        "collections": [{"key": "c", "sources": [{"kind": "recipient", "recipient": "sgk"}]}],
        "roles": [{"key": "r", "role": "processor", "counterpart": "sgk"}],
    }
    done(change(client, "PATCH", PATH, statements))
    said = "\n".join(words(client, PATH))
    assert "country: “US”" in said
    assert "recipient: “SGK”" in said
    assert "counterpart: “SGK”" in said
    assert "type of standard contract: “" in said
    assert "ss_1" not in said


def test_a_document_a_recipient_and_an_item_name_what_they_refer_to(client: TestClient) -> None:
    add_controller(client)
    add_document(client, title="Eski politika")
    prints = {"rights": {"members": [{"code": "request_information"}]}, "fee": {"value": "1 TL"}}
    defines = [{"vocabulary": "purposes", "term": "finance_and_accounting"}]
    more = {"audience": ["employee"], "version_of": "politika", "prints": prints, "defines": defines}
    add_document(client, "yeni", **more)
    said = "\n".join(words(client, "/v1/documents/acme:yeni"))
    for name in ("audience: added “Employee”", "version of: was empty, now “Eski politika”", "term: “Finance and"):
        assert name in said
    assert "request_information" not in said
    add_recipient(client, "holding", name="Holding A.Ş.")
    add_recipient(client, parent="holding", group="suppliers")
    said = "\n".join(words(client, "/v1/recipients/sgk"))
    assert "recipient that it belongs to: was empty, now “Holding A.Ş.”" in said
    assert "recipient group: was empty, now “" in said
    add_term(client, "data-items", "t", categories=["identity"], under=["iban"])
    said = "\n".join(words(client, "/v1/data-items/acme:t"))
    assert "data categories: added “Identity”" in said
    assert "broader terms: added “IBAN”" in said


def test_the_law_of_an_old_revision_is_that_of_its_day_unless_another_is_asked_for(client: TestClient) -> None:
    add_controller(client)
    add_activity(client, transfers=[{"mechanisms": ["old_explicit_consent"]}])

    def in_force(**params: str) -> bool:
        whole = read(client, f"{PATH}/revisions/1", **params)
        return bool(whole["transfers"][0]["mechanisms"][0]["in_force"])

    assert in_force() is in_force(on=datetime.now(UTC).date().isoformat())
    assert (in_force(on="2024-05-27"), in_force(on="2026-11-22")) == (True, False)
