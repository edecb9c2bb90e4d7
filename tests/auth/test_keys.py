"""Keys open the register, are shown once, and stop opening it everywhere within seconds of being revoked."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.audit.tables import Change
from app.auth.secrets import read_secret
from app.auth.tables import ApiKey, ApiKeyUse
from app.main import create_app
from app.platform.settings import Settings
from tests.auth.factories import add_key, caller, code_of, holding, key, ledger_of
from tests.auth.waiting import seconds_until
from tests.controllers.factories import add_controller
from tests.platform.calling import change, done, make, problem, read, refusal
from tests.register.test_costs import counted

SOON: Final = 5.0


@pytest.fixture
def admin(client: TestClient) -> TestClient:
    """An administrator of all controllers, in a register that needs keys."""
    return caller(client)


@pytest.fixture
def house(admin: TestClient) -> TestClient:
    """The same, where two controllers are."""
    add_controller(admin, "acme")
    add_controller(admin, "beta")
    return admin


def rows(client: TestClient) -> list[tuple[str, ...]]:
    with ledger_of(client).reading() as session:
        return [tuple(map(str, row)) for row in session.all(select(*ApiKey.__table__.columns))]


def test_a_key_is_shown_once_and_kept_as_a_digest_only(admin: TestClient, client: TestClient) -> None:
    answer = admin.post("/v1/keys", json=key("reader"))
    made = done(answer, 201)
    secret = read_secret(made["key"])
    assert secret is not None
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"] == f"/v1/keys/{secret.code}"
    shown = admin.get("/v1/keys").text + admin.get(f"/v1/keys/{secret.code}").text
    assert secret.code in shown
    assert secret.secret not in shown
    assert hashlib.sha256(secret.secret.encode()).hexdigest() not in shown
    assert not [row for row in rows(client) if secret.secret in "".join(row)]
    assert read(admin, f"/v1/keys/{secret.code}") == {name: made[name] for name in made if name != "key"}


def test_no_two_keys_are_alike_and_a_secret_has_256_bits(admin: TestClient) -> None:
    made = [make(admin, "/v1/keys", key("reader"))["key"] for _ in range(20)]
    assert len(set(made)) == 20
    assert {len(one) for one in made} == {len("env_") + 12 + 1 + 43}


@pytest.mark.usefixtures("house")
def test_a_key_says_who_wrote_something(client: TestClient) -> None:
    secret = add_key(client, "editor", ["acme"], name="bordro eşitleme")
    writer = holding(client, secret)
    assert change(writer, "PATCH", "/v1/controllers/acme", {"website": "https://acme.example"}).is_success
    with ledger_of(client).reading() as session:
        author = session.value(select(Change.author).order_by(Change.id.desc()).limit(1))
    assert author == f"bordro eşitleme (env_{code_of(secret)})"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "key_missing"),
        ("", "key_missing"),
        ("Basic YTpi", "key_missing"),
        ("Bearer", "key_unknown"),
        ("Bearer x", "key_unknown"),
        ("Bearer env_000000000000_" + "a" * 43, "key_unknown"),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "key_unknown"),
    ],
)
def test_who_sends_no_key_or_none_that_holds_is_told_so(
    admin: TestClient, client: TestClient, header: str | None, code: str
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = holding(client, None).get("/v1/controllers", headers=headers)
    assert refusal(answer, 401)["code"] == code
    expected = "Bearer" if code == "key_missing" else 'Bearer error="invalid_token"'
    assert answer.headers["www-authenticate"] == expected
    assert admin.get("/v1/controllers").is_success


def test_a_wrong_secret_is_answered_like_a_key_that_never_was(admin: TestClient, client: TestClient) -> None:
    code = code_of(add_key(client, "reader"))
    wrong = holding(client, f"env_{code}_" + "a" * 43).get("/v1/controllers")
    never = holding(client, "env_ffffffffffff_" + "a" * 43).get("/v1/controllers")
    assert (wrong.status_code, wrong.content) == (never.status_code, never.content)
    assert admin.get("/v1/controllers").is_success


def test_refusals_speak_turkish(admin: TestClient, client: TestClient) -> None:
    answer = holding(client, None).get("/v1/controllers", headers={"Accept-Language": "tr"})
    assert problem(answer, 401)["title"] == "Kimlik doğrulanmadı"
    answer = caller(client, "reader").post("/v1/controllers", json={}, headers={"Accept-Language": "tr"})
    assert problem(answer, 403)["title"] == "Yetki yok"
    assert admin.get("/v1/controllers").is_success


def test_a_key_opens_nothing_after_it_expires(admin: TestClient, client: TestClient) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    late = holding(client, make(admin, "/v1/keys", key("reader", expires_at=soon))["key"])
    assert late.get("/v1/controllers").is_success
    seconds_until(lambda: late.get("/v1/controllers").status_code == 401, SOON)
    assert refusal(late.get("/v1/controllers"), 401)["code"] == "key_expired"


def test_a_key_that_has_expired_already_is_not_made(admin: TestClient) -> None:
    answer = admin.post("/v1/keys", json=key("reader", expires_at="2020-01-01T00:00:00Z"))
    assert refusal(answer, 422) == {"pointer": "/expires_at", "code": "in_the_past", "message": "This instant is past."}


@pytest.fixture
def other_worker(settings: Settings, client: TestClient) -> Iterator[TestClient]:
    """Another worker on the same register."""
    assert client.app is not None
    with TestClient(create_app(settings)) as worker:
        yield worker


def test_a_revoked_key_opens_nothing_on_its_worker_at_once_and_on_others_within_seconds(
    admin: TestClient, client: TestClient, other_worker: TestClient
) -> None:
    secret = add_key(client, "reader")
    here, there = holding(client, secret), holding(other_worker, secret)
    assert here.get("/v1/controllers").is_success
    assert there.get("/v1/controllers").is_success
    assert change(admin, "DELETE", f"/v1/keys/{code_of(secret)}").status_code == 204
    assert refusal(here.get("/v1/controllers"), 401)["code"] == "key_revoked"
    assert seconds_until(lambda: there.get("/v1/controllers").status_code == 401, SOON) < 3
    assert refusal(there.get("/v1/controllers"), 401)["code"] == "key_revoked"


def test_a_revoked_key_stays_in_the_list_and_is_revoked_once(admin: TestClient, client: TestClient) -> None:
    path = f"/v1/keys/{code_of(add_key(client, 'reader', name='eski'))}"
    before = read(admin, path)
    for _ in range(2):
        assert change(admin, "DELETE", path).status_code == 204
    after = read(admin, path)
    assert before["revoked_at"] is None
    assert after == {**before, "revoked_at": after["revoked_at"]}
    assert [one["name"] for one in read(admin, "/v1/keys", revoked=True)["items"]] == ["eski"]
    assert "eski" not in [one["name"] for one in read(admin, "/v1/keys", revoked=False)["items"]]
    assert read(admin, path, as_of=before["created_at"]) == before


def test_making_and_revoking_a_key_are_changes(admin: TestClient, client: TestClient) -> None:
    headers = {"Envanter-Reason": "yeni anahtar"}
    made = done(admin.post("/v1/keys", json=key("reader"), headers=headers), 201)
    revoked = admin.delete(f"/v1/keys/{made['id']}", headers={"If-Match": '"1-0"', "Envanter-Reason": "kayboldu"})
    assert revoked.status_code == 204
    with ledger_of(client).reading() as session:
        changes = session.all(select(Change.author, Change.reason).order_by(Change.id.desc()).limit(2))
    assert [row.reason for row in changes] == ["kayboldu", "yeni anahtar"]
    assert {row.author for row in changes} == {made["created_by"]}


def is_noted(client: TestClient) -> bool:
    """Tell whether it was noted that a key was used."""
    with ledger_of(client).reading() as session:
        return bool(session.all(select(ApiKeyUse.day)))


def test_a_key_used_a_moment_ago_costs_no_statement(admin: TestClient) -> None:
    assert admin.get("/v1/controllers").is_success
    seconds_until(lambda: is_noted(admin), SOON)  # beside the answer, so that nobody waits for it
    assert admin.get("/v1/controllers").is_success
    with counted(with_keys=True) as sent:
        assert admin.get("/v1/controllers").is_success
    assert not [statement for statement in sent if "api_key" in statement]


def test_the_last_use_is_kept_by_the_day_and_written_once(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        admin = caller(client)
        for _ in range(3):
            assert admin.get("/v1/controllers").is_success
    with TestClient(create_app(settings)) as client:
        again = caller(client)
        used, unused = read(again, "/v1/keys", sort="revised")["items"]
        with ledger_of(client).reading() as session:
            assert len(session.all(select(ApiKeyUse.day).where(ApiKeyUse.key_id == 1))) == 1
    assert used["last_used_on"] == datetime.now(UTC).date().isoformat()
    assert unused["last_used_on"] in {None, used["last_used_on"]}


def test_a_read_waits_for_no_writer_to_note_that_a_key_was_used(client: TestClient) -> None:
    admin = caller(client)
    with ledger_of(client).changing("test"):
        assert admin.get("/v1/controllers").is_success


def test_keys_are_listed_like_everything_else(house: TestClient, client: TestClient) -> None:
    for name, role, controllers in (("Çağrı", "reader", ["acme"]), ("Bordro", "editor", ["beta", "acme"])):
        add_key(client, role, controllers, name=name)
    names = [one["name"] for one in read(house, "/v1/keys")["items"]]
    assert names == ["admin anahtarı", "Bordro", "Çağrı"]
    assert [one["name"] for one in read(house, "/v1/keys", q="cagri")["items"]] == ["Çağrı"]
    assert [one["name"] for one in read(house, "/v1/keys", controller="beta")["items"]] == ["Bordro"]
    assert [one["controllers"] for one in read(house, "/v1/keys", role="editor")["items"]] == [["acme", "beta"]]
    page = read(house, "/v1/keys", limit=1, count=True, sort="-revised")
    assert (page["total"], page["items"][0]["name"]) == (3, "Bordro")
    assert read(house, "/v1/keys", limit=1, sort="-revised", cursor=page["next"])["items"][0]["name"] == "Çağrı"


def test_the_first_key_is_an_administrators_of_all_and_from_then_on_every_request_needs_one(client: TestClient) -> None:
    add_controller(client, "acme")
    for refused in (key("reader"), key("admin", ["acme"])):
        assert refusal(client.post("/v1/keys", json=refused), 422)["code"] == "first_key"
    made = make(client, "/v1/keys", key())
    assert refusal(client.get("/v1/controllers"), 401)["code"] == "key_missing"
    assert make(holding(client, made["key"]), "/v1/keys", key("reader", ["acme"]))["controllers"] == ["acme"]


def test_revoking_the_last_key_does_not_open_the_register(client: TestClient) -> None:
    secret = add_key(client)
    assert change(holding(client, secret), "DELETE", f"/v1/keys/{code_of(secret)}").status_code == 204
    assert refusal(client.get("/v1/controllers"), 401)["code"] == "key_missing"
    assert client.get("/healthz").is_success


@pytest.mark.parametrize("role", ["reader", "auditor", "editor"])
def test_keys_are_for_administrators(house: TestClient, client: TestClient, role: str) -> None:
    other = caller(client, role)
    for answer in (other.get("/v1/keys"), other.post("/v1/keys", json=key("reader", ["acme"]))):
        assert refusal(answer, 403)["message"] == f"This needs the role admin; yours is {role}."
    assert house.get("/v1/keys").is_success


def test_an_administrator_of_some_controllers_manages_the_keys_of_these_and_finds_no_others(
    house: TestClient, client: TestClient
) -> None:
    own = code_of(add_key(client, "reader", ["acme"], name="kendi"))
    others = [code_of(add_key(client, "reader", found)) for found in (["beta"], ["acme", "beta"], "all")]
    some = caller(client, "admin", ["acme"], name="yönetim")
    found = read(some, "/v1/keys", count=True)
    assert ([one["name"] for one in found["items"]], found["total"]) == (["kendi", "yönetim"], 2)
    for code in others:
        problem(some.get(f"/v1/keys/{code}"), 404)
        problem(some.delete(f"/v1/keys/{code}", headers={"If-Match": '"1-0"'}), 404)
    assert refusal(some.post("/v1/keys", json=key("reader")), 403)["code"] == "needs_all_controllers"
    denied = refusal(some.post("/v1/keys", json=key("reader", ["acme", "beta"])), 422)
    assert (denied["pointer"], denied["allowed"]) == ("/controllers/1", ["acme"])
    assert make(some, "/v1/keys", key("admin", ["acme"]))["controllers"] == ["acme"]
    assert change(some, "DELETE", f"/v1/keys/{own}").status_code == 204
    assert house.get("/v1/keys").is_success
