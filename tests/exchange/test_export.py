"""An export carries the whole current state, so that importing it elsewhere makes the same register."""

from collections.abc import Sized
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app.exchange.bundles import parse_bundle
from tests.conftest import Server
from tests.exchange.factories import (
    acme,
    activity,
    bundle,
    document,
    export,
    register,
    taken,
    term,
    whole_state,
)

SHARED = [
    {"code": "holding", "name": "Holding", "kind": "named", "seat": "DE"},
    {"code": "banka", "name": "Banka", "kind": "named", "parent": "holding", "group": "bankalar"},
]
OWN = {"controller": "acme", "code": "sube", "name": "Şube", "kind": "class", "parent": "holding"}
RICH = acme(
    terms=[
        term("recipient_groups", "bankalar", under=["finans"]),
        term("recipient_groups", "finans"),
        term("purposes", "prim"),
        term("purposes", "acme:maas", under=["prim"]),
        term("data_items", "acme:sicil", categories=["acme:kayit"]),
        term("data_categories", "acme:kayit", under=["personnel"]),
        term("data_subject_categories", "stajyerler"),
    ],
    recipients=[*SHARED, OWN, {"code": "unrelated", "name": "Başka", "kind": "named"}],
    documents=[document("eski"), document(version_of="eski", audience=["stajyerler"], date="2024-05-27")],
    activities=[
        activity(
            collections=[{"data": [{"item": "acme:sicil"}], "sources": [{"kind": "recipient", "recipient": "banka"}]}],
            transfers=[{"document": "politika", "recipient": "banka", "purposes": ["acme:maas"], "places": ["NO"]}],
        )
    ],
)


def test_an_export_ends_with_the_count_of_its_resources(seeded: TestClient) -> None:
    content = export(seeded)
    bundled, _ = parse_bundle(content)
    kinds: list[Sized] = [bundled.terms, bundled.recipients, bundled.controllers, bundled.documents, bundled.activities]
    assert content.decode().splitlines()[-1] == f"# end: {sum(len(kind) for kind in kinds)} resources"
    assert content.startswith(b"format: envanter/1\n")


CONTROLLERS = ["bos_ornek", "intense", "kent_konut", "kivi", "octopus_chat", "ornek", "pronet"]


def test_an_empty_register_gives_an_empty_bundle(client: TestClient) -> None:
    assert export(client) == b"format: envanter/1\n# end: 0 resources\n"


def test_the_same_register_gives_the_same_bytes(seeded: TestClient) -> None:
    assert export(seeded) == export(seeded)


@pytest.mark.parametrize("controllers", [{}, {"controller": "intense"}])
def test_the_seeded_register_comes_out_as_it_went_in(
    seeded: TestClient, server: Server, controllers: dict[str, str]
) -> None:
    content = export(seeded, **controllers)
    with register(server.copy("vocabularies")) as fresh:
        taken(fresh, content)
        assert export(fresh) == export(fresh, **controllers) == content


@pytest.mark.parametrize("controllers", [{}, {"controller": "acme"}])
def test_everything_that_an_export_names_is_in_it(
    client: TestClient, server: Server, controllers: dict[str, str]
) -> None:
    """One controller's bundle brings the shared recipients and common terms along that its content stands on."""
    taken(client, RICH)
    content = export(client, **controllers)
    with register(server.copy("vocabularies")) as fresh:
        taken(fresh, content)
        assert export(fresh) == export(fresh, **controllers) == content


def test_one_controllers_export_holds_nothing_of_others(client: TestClient) -> None:
    taken(client, RICH)
    taken(client, bundle(controllers=[{"code": "other"}], terms=[term("purposes", "other:a")]))
    content = export(client, controller="acme").decode()
    assert "other" not in content
    assert "unrelated" not in content


def test_an_export_of_two_controllers_holds_both(client: TestClient) -> None:
    taken(client, RICH)
    taken(client, bundle(controllers=[{"code": "other"}]))
    answer = client.get("/v1/export", params={"controller": ["other", "acme"]})
    bundled, _ = parse_bundle(answer.content)
    assert [controller.code for controller in bundled.controllers] == ["acme", "other"]


def test_both_databases_write_the_same_bytes(sqlite_server: Server, postgresql_server: Server) -> None:
    with register(sqlite_server.copy("seeded")) as one, register(postgresql_server.copy("seeded")) as other:
        turkish = [term("purposes", f"acme:{code}") for code in ("ı", "i", "ş", "s", "z", "a.b", "a_b", "a-b", "ab")]
        for client in (one, other):
            taken(client, acme(terms=turkish))
        assert export(one) == export(other)


def test_importing_an_export_into_its_own_register_changes_nothing(seeded: TestClient) -> None:
    before = whole_state(seeded)
    result = taken(seeded, before[0])
    assert result["change"] is None
    assert [result[kind]["created"] + result[kind]["changed"] for kind in ("terms", "documents", "activities")] == [
        0
    ] * 3
    assert whole_state(seeded) == before


def test_an_export_of_an_earlier_instant_is_the_register_of_then(client: TestClient) -> None:
    taken(client, acme(activities=[activity("bordro")]))
    before, then = export(client), datetime.now(UTC).isoformat()
    taken(client, acme(activities=[activity("bordro", scope="general"), activity("izin")]))
    assert export(client, as_of=then) == before != export(client)
    assert export(client, as_of=then, controller="acme") == before


def test_an_export_of_an_instant_before_the_first_change_is_empty(seeded: TestClient) -> None:
    assert export(seeded, as_of="2000-01-01T00:00:00Z") == b"format: envanter/1\n# end: 0 resources\n"


def test_an_edited_common_term_survives(client: TestClient, server: Server) -> None:
    known = client.get("/v1/data-items/iban")
    edit = {"label": {"tr": "IBAN numarası", "en": "IBAN number"}, "note": "Edited here"}
    client.patch("/v1/data-items/iban", json=edit, headers={"If-Match": known.headers["etag"]})
    content = export(client)
    with register(server.copy("vocabularies")) as fresh:
        taken(fresh, content)
        edited = fresh.get("/v1/data-items/iban").json()
        assert (edited["label"], edited["note"]) == (edit["label"], "Edited here")
        assert (edited["order"], edited["official_example"]) == (
            known.json()["order"],
            known.json()["official_example"],
        )
        assert taken(fresh, content)["change"] is None
        assert export(fresh) == content


def test_an_edited_common_term_that_a_controller_uses_is_in_its_export(client: TestClient) -> None:
    known = client.get("/v1/data-items/iban")
    edit = {"label": {"tr": "IBAN numarası", "en": "IBAN number"}}
    client.patch("/v1/data-items/iban", json=edit, headers={"If-Match": known.headers["etag"]})
    taken(client, acme(activities=[activity(collections=[{"data": [{"item": "iban"}]}])]))
    assert "IBAN numarası" in export(client, controller="acme").decode()


def test_what_was_deleted_is_not_in_the_export(client: TestClient) -> None:
    taken(client, acme(recipients=[SHARED[0]]))
    known = client.get("/v1/recipients/holding")
    client.delete("/v1/recipients/holding", headers={"If-Match": known.headers["etag"]})
    assert "holding" not in export(client).decode()


def test_an_export_of_an_unknown_controller_is_refused_with_the_known_ones(seeded: TestClient) -> None:
    answer = seeded.get("/v1/export", params={"controller": "intens"})
    (problem,) = answer.json()["errors"]
    assert (answer.status_code, problem["parameter"], problem["allowed"]) == (422, "controller", CONTROLLERS)
