"""Every write leaves exactly one event that says who, when, what and why; and what writes nothing leaves none."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.audit.sealing import GENESIS, text_digest
from app.audit.tables import AuditEvent, Change, EventSubject
from app.ledger import create_ledger
from app.platform.revisions import encode
from app.platform.settings import Settings
from app.platform.tracing import REQUEST_ID
from app.seeding import seed_vocabularies
from tests.activities.factories import add_activity
from tests.contract.resources import RESOURCES, Made, Resource, open_house
from tests.controllers.factories import add_controller
from tests.exchange.factories import acme, activity, send, taken
from tests.platform.calling import Json, change, done, etag, read, refusal
from tests.register.making import ledger_of
from tests.register.test_costs import counted
from tests.trail.events import newest, proof

SINGULAR = {"controllers": "controller", "documents": "document", "recipients": "recipient", "activities": "activity"}


@pytest.fixture(params=RESOURCES, ids=lambda resource: resource.name)
def made(request: pytest.FixtureRequest, client: TestClient) -> Made:
    """One of every kind of resource."""
    open_house(client)
    resource: Resource = request.param
    return resource.add(client)


def count(client: TestClient) -> int:
    """Return how many events there are, after a look at whether each change has one."""
    with ledger_of(client).reading() as session:
        events = session.value(select(func.count()).select_from(AuditEvent))
        assert session.value(select(func.count()).select_from(Change)) == events
    return int(events)


def what(event: Json, made: Made) -> Json:
    """Return what an event says of a resource."""
    code = made.path.rpartition("/")[2]
    name = SINGULAR.get(made.resource.name, "term")
    found = [one for one in event["what"] if (one["resource"], one["code"]) == (name, code)]
    assert len(found) == 1
    touched: Json = found[0]
    return touched


def test_creating_changing_and_ending_leave_one_event_each_with_before_and_after(made: Made) -> None:
    client, events = made.client, count(made.client)
    created = what(newest(client), made)
    assert (created["action"], created["before"], created["after"]["revision"]) == ("created", None, 1)
    assert created["id"] == made.first["id"]
    assert created["controller"] == (made.bare if made.resource.name == "controllers" else made.resource.owner)
    done(made.send("PATCH", {made.resource.text: "sonra"}))
    changed = what(read(client, f"/v1/audit-events/{newest(client)['change']}", documents=True), made)
    assert (changed["action"], changed["differs"]) == ("changed", [made.resource.text])
    assert changed["before"]["digest"] == created["after"]["digest"]
    assert changed["before"]["document"][made.resource.text] == "ilk hâli"
    assert changed["after"]["document"][made.resource.text] == "sonra"
    assert changed["after"]["digest"] == text_digest(encode(changed["after"]["document"]))
    done(made.send("PUT", made.example()))
    assert what(newest(client), made)["after"]["revision"] == 3
    assert made.send("DELETE").status_code == 204
    ended = what(newest(client), made)
    assert (ended["action"], ended["before"]["revision"], ended["after"]) == ("ended", 3, None)
    done(client.post(made.resource.path, json=made.example()), 201)
    again = what(newest(client), made)
    assert (again["action"], again["before"], again["after"]["revision"]) == ("created", None, 4)
    assert count(client) == events + 4
    assert proof(client, since=events).is_whole


def test_what_changes_nothing_or_is_refused_leaves_no_event(made: Made) -> None:
    events = count(made.client)
    done(made.send("PUT", made.first))
    done(made.send("PATCH", {}))
    refusal(made.send("PATCH", {"nöte": "x"}), 422)
    refusal(made.send("PATCH", {made.resource.text: "x"}, etag='"9-0"'), 412)
    refusal(made.client.post(made.resource.path, json=made.example()), 409)
    assert count(made.client) == events


def test_a_statement_that_is_put_or_ended_is_a_change_of_its_activity(client: TestClient) -> None:
    add_controller(client)
    add_activity(client)
    path = "/v1/activities/acme:bordro"
    match = {"If-Match": etag(client, path), "Envanter-Reason": "because"}
    done(client.put(f"{path}/measures/m", json={"measures": ["key_management"]}, headers=match))
    event = newest(client)
    assert {(one["resource"], one["action"]) for one in event["what"]} == {
        ("activity", "changed"),
        ("document", "created"),
    }
    assert (event["reason"], event["author"], event["touched"]) == ("because", "local", 2)
    match = {"If-Match": etag(client, path)}
    done(client.delete(f"{path}/measures/m", headers=match))
    assert [(one["code"], one["action"]) for one in newest(client)["what"]] == [("acme:bordro", "changed")]
    assert newest(client)["change"] == event["change"] + 1


def test_an_import_is_one_event_and_a_rehearsal_none(client: TestClient) -> None:
    content = acme(activities=[activity("bordro"), activity("ise_alim")])
    events = count(client)
    taken(client, content, dry_run="true")
    assert send(client, acme(activities=[activity("x", uses=[{"purposes": ["none"]}])])).status_code == 422
    assert count(client) == events
    result = taken(client, content)
    event = newest(client)
    assert event["change"] == result["change"]
    assert [(one["resource"], one["code"]) for one in event["what"]] == [
        ("activity", "acme:bordro"),
        ("activity", "acme:ise_alim"),
        ("controller", "acme"),
    ]
    taken(client, content)
    assert count(client) == events + 1


def test_seeding_leaves_an_event_and_seeding_again_none(seeded: TestClient, seeded_settings: Settings) -> None:
    found = read(seeded, "/v1/audit-events", sort="change", limit=500)["items"]
    assert [event["reason"] for event in found] == [
        "vocabularies of the product",
        "the register that comes with the product",
    ]
    assert {event["author"] for event in found} == {"envanter"}
    assert found[0]["previous"] == GENESIS
    assert found[1]["previous"] == found[0]["hash"]
    assert (found[0]["touched"] > 50, len(found[0]["what"])) == (True, 50)
    whole = read(seeded, "/v1/audit-events/1")
    assert len(whole["what"]) == whole["touched"] == found[0]["touched"]
    assert {one["action"] for one in whole["what"]} == {"created"}
    ledger = create_ledger(seeded_settings)
    assert seed_vocabularies(ledger, seeded_settings.seed_directory / "vocabularies") == []
    ledger.database.close()
    assert count(seeded) == 2


def test_an_event_names_the_request_that_made_the_change(settings: Settings) -> None:
    ledger = create_ledger(settings)
    token = REQUEST_ID.set("istek-7")
    with ledger.changing("ayşe", "neden") as session:
        number = session.change
    REQUEST_ID.reset(token)
    with ledger.reading() as session:
        event = session.first(select(AuditEvent).where(AuditEvent.change_id == number))
        assert event is not None
        assert event.request_id == "istek-7"
        assert session.all(select(EventSubject).where(EventSubject.change_id == number)) == []
    ledger.database.close()


def test_a_change_of_what_a_term_means_is_an_event_of_the_term_alone(client: TestClient) -> None:
    add_controller(client)
    term = {"code": "acme:kart", "label": {"tr": "Kart", "en": "Card"}, "under": ["identity"]}
    done(client.post("/v1/data-categories", json=term), 201)
    add_activity(client, collections=[{"data": ["acme:kart"], "data_subjects": ["employee"]}])
    done(change(client, "PATCH", "/v1/data-categories/acme:kart", {"under": ["contact"]}))
    event = newest(client)
    assert [(one["resource"], one["vocabulary"], one["code"]) for one in event["what"]] == [
        ("term", "data_categories", "acme:kart")
    ]
    assert event["rows"] > 2


def costs(sent: list[str]) -> tuple[int, int]:
    """Return how many statements write the event, and how many look up what was there before."""
    return sum("INSERT INTO audit_event" in one for one in sent), sum("AS resource" in one for one in sent)


def test_an_event_costs_two_statements_and_a_third_for_the_names_of_what_was_there(client: TestClient) -> None:
    add_controller(client)
    with counted() as sent:
        add_activity(client)
    assert costs(sent) == (2, 0)
    many = [activity(f"a{number}") for number in range(30)]
    with counted() as sent:
        taken(client, acme(activities=[activity(description="yeni"), *many]))
    assert costs(sent) == (2, 1)
