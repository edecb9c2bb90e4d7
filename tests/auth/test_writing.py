"""Who is of one controller changes what is theirs, and neither what all share nor what is others'."""

from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.audit import Hooks, Ledger, User
from app.audit.tables import Change, EventSubject
from app.auth import Caller
from app.controllers.tables import Controller
from app.documents.tables import Document
from app.ledger import create_ledger
from app.platform.database import ReadSession
from app.platform.problems import InUse
from app.platform.settings import Settings
from tests.activities.factories import activity, add_activity
from tests.auth.factories import add_key, holding, ledger_of
from tests.controllers.factories import add_controller, controller
from tests.documents.factories import add_document, document
from tests.platform.calling import Json, change, done, problem, read, refusal
from tests.recipients.factories import add_recipient, recipient
from tests.vocabularies.factories import add_term, term

ALL: Final = "needs_all_controllers"


@pytest.fixture
def house(client: TestClient) -> TestClient:
    """An administrator of all; two controllers, each with things of its own, and things that both use."""
    admin = holding(client, add_key(client))
    add_recipient(admin, "sgk")
    add_term(admin, "purposes", "ortak", None)
    for code in ("acme", "beta"):
        add_controller(admin, code)
        add_recipient(admin, "bulut", controller=code)
        add_term(admin, "purposes", "ozel", code)
        add_document(admin, "politika", code)
        transfers = [{"recipient": "sgk", "purposes": ["ortak"], "document": "politika"}]
        add_activity(admin, "bordro", code, transfers=transfers)
    return admin


@pytest.fixture
def editor(house: TestClient, client: TestClient) -> TestClient:
    """An editor of the first."""
    assert house.get("/v1/controllers").is_success
    return holding(client, add_key(client, "editor", ["acme"]))


def test_an_editor_changes_what_is_theirs(editor: TestClient) -> None:
    for path in ("controllers/acme", "documents/acme:politika", "recipients/acme:bulut", "purposes/acme:ozel"):
        assert change(editor, "PATCH", f"/v1/{path}", {"note": "yeni"}).is_success, path
    add_activity(editor, "yeni", transfers=[{"recipient": "sgk", "purposes": ["acme:ozel"]}])
    assert change(editor, "DELETE", "/v1/activities/acme:yeni").is_success
    assert read(editor, "/v1/facts/transfers", count=True)["total"] == 1


@pytest.mark.parametrize("role", ["editor", "admin"])
@pytest.mark.parametrize("controllers", ["all", ["acme"]])
def test_what_all_share_is_changed_by_administrators_of_all_only(
    house: TestClient, client: TestClient, role: str, controllers: str | list[str]
) -> None:
    caller = holding(client, add_key(client, role, controllers))
    may = role == "admin" and controllers == "all"
    answers = [
        caller.post("/v1/recipients", json=recipient("yeni")),
        caller.post("/v1/purposes", json=term("yeni", None)),
        caller.post("/v1/controllers", json=controller("yeni")),
        change(caller, "PATCH", "/v1/recipients/sgk", {"note": "yeni"}),
        change(caller, "PATCH", "/v1/purposes/ortak", {"note": "yeni"}),
    ]
    assert [answer.is_success for answer in answers] == [may] * len(answers)
    if not may:
        assert {refusal(answer, 403)["code"] for answer in answers} == {ALL}
        assert read(house, "/v1/recipients/sgk")["note"] is None


def test_who_may_not_end_a_shared_thing_is_not_told_who_uses_it(editor: TestClient) -> None:
    for path in ("/v1/recipients/sgk", "/v1/purposes/ortak"):
        assert refusal(change(editor, "DELETE", path), 403)["code"] == ALL
    assert refusal(change(editor, "DELETE", "/v1/controllers/acme"), 403)["code"] == ALL


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/v1/controllers", controller("beta")),
        ("/v1/documents", document("yeni", "beta")),
        ("/v1/recipients", recipient("yeni", controller="beta")),
        ("/v1/recipients", recipient("yeni", controller="acme", parent="beta:bulut")),
        ("/v1/purposes", term("yeni", "beta")),
        ("/v1/purposes", term("yeni", under=["beta:ozel"])),
        ("/v1/activities", activity("yeni", "beta")),
        ("/v1/activities", activity("yeni", uses=[{"purposes": ["beta:ozel"]}])),
        ("/v1/activities", activity("yeni", transfers=[{"recipient": "beta:bulut"}])),
        (
            "/v1/activities",
            activity("yeni", uses=[{"purposes": ["storage_and_archiving"], "document": "beta:politika"}]),
        ),
    ],
)
def test_a_body_that_names_what_is_hidden_is_answered_as_if_it_were_not_there(
    editor: TestClient, path: str, hidden: Json
) -> None:
    answers = [editor.post(path, json=body) for body in (hidden, renamed(hidden))]
    assert answers[0].status_code in {403, 422}
    assert answers[0].text.replace("beta", "—") == answers[1].text.replace("yokk", "—")


def renamed(value: Any) -> Any:  # noqa: ANN401 - any part of a body
    """Return a body that names what was never there instead."""
    if isinstance(value, dict):
        return {name: renamed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [renamed(one) for one in value]
    return value.replace("beta", "yokk").replace("Beta", "Yokk") if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("bundle", "status"),
    [
        ({"controllers": [controller("acme", note="yeni")]}, 200),
        ({"controllers": [controller("acme", note="yeni"), controller("beta", note="yeni")]}, 403),
        ({"controllers": [controller("yeni")]}, 403),
        ({"documents": [document("politika", "acme", note="yeni"), document("politika", "beta", note="yeni")]}, 422),
        ({"recipients": [recipient("sgk", note="yeni")]}, 403),
        ({"recipients": [recipient("sgk")]}, 200),
        ({"terms": [{**term("yeni", None), "vocabulary": "purposes"}]}, 403),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_an_import_changes_what_is_theirs_or_nothing(
    editor: TestClient, house: TestClient, bundle: Json, status: int, dry_run: bool
) -> None:
    before = house.get("/v1/export").text
    answer = editor.post("/v1/import", json={"format": "envanter/1", **bundle}, params={"dry_run": dry_run})
    assert answer.status_code == status, answer.text
    if status != 200 or dry_run:
        assert house.get("/v1/export").text == before


def test_an_export_of_one_controller_is_taken_back_unchanged(editor: TestClient) -> None:
    exported = editor.get("/v1/export")
    assert "beta" not in exported.text
    headers = {"Content-Type": "application/yaml"}
    result = done(editor.post("/v1/import", content=exported.content, headers=headers))
    assert result["change"] is None


def test_readers_and_auditors_change_nothing_whatever_they_send(house: TestClient, client: TestClient) -> None:
    assert house.get("/v1/controllers").is_success
    for role in ("reader", "auditor"):
        caller = holding(client, add_key(client, role, ["acme"]))
        answer = caller.patch("/v1/controllers/acme", content=b"{no", headers={"Content-Type": "text/plain"})
        assert refusal(answer, 403)["message"] == f"This needs the role editor; yours is {role}."
        problem(caller.delete("/v1/controllers/never"), 403)


def test_a_change_notes_whose_things_it_touched(house: TestClient, client: TestClient) -> None:
    assert change(house, "PATCH", "/v1/documents/beta:politika", {"note": "yeni"}).is_success
    assert change(house, "PATCH", "/v1/recipients/sgk", {"note": "yeni"}).is_success
    ledger = ledger_of(client)
    with ledger.reading() as session:
        owners = {row.id: row.code for row in session.all(select(Controller.id, Controller.code))}
        query = select(EventSubject.controller_id).order_by(EventSubject.change_id.desc()).limit(2)
        assert [row[0] and owners[row[0]] for row in session.all(query)] == [None, "beta"]
        changes = len(session.all(select(Change.id)))
    [acme] = [key for key, code in owners.items() if code == "acme"]
    with ledger.on_behalf_of(Caller("x", "auditor", frozenset({acme}))).reading() as session:
        assert 0 < len(session.all(select(Change.id))) < changes


def documents(session: ReadSession, _resource: str, _key: int) -> list[User]:
    """Say that every document uses everything, as some upper floor might."""
    return [User("document", row.code) for row in session.all(select(Document.code).order_by(Document.code))]


@pytest.mark.parametrize(("keys", "said"), [({"acme"}, ["acme:politika"]), (set(), [])])
def test_a_refusal_names_the_users_that_a_caller_may_see_and_others_as_others(
    house: TestClient, settings: Settings, keys: set[str], said: list[str]
) -> None:
    assert house.get("/v1/controllers").is_success
    opened = create_ledger(settings)
    with opened.reading() as session:
        rows = session.all(select(Document.id, Document.code, Document.controller_id))
    [mine] = [row for row in rows if row.code == "acme:politika"]
    caller = Caller("x", "editor", frozenset({mine.controller_id}))
    ledger = Ledger(opened.database, Hooks((documents if keys else hidden,)), caller)
    with pytest.raises(InUse) as refused, ledger.changing("x") as change_session:
        change_session.refuse_if_used("document", mine.id, mine.code)
    head, *rest = [item.message("en") for item in refused.value.items]
    opened.database.close()
    assert "beta" not in f"{head}{rest}"
    assert rest == [*(f"used by document {code}" for code in said), "used by others"]
    assert ("in 1 places" in head) is bool(said)


def hidden(session: ReadSession, _resource: str, _key: int) -> list[User]:
    """Say that another controller's documents use everything."""
    return [user for user in documents(session, _resource, _key) if user.code.startswith("beta")]
