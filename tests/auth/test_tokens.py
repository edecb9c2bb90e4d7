"""Access tokens of an OIDC issuer open the register, by the issuer's own keys, and nobody else's do."""

import base64
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import select

from app.audit.tables import Change
from app.main import create_app
from app.platform.settings import ROOT, Settings
from tests.auth.factories import add_key, holding, ledger_of
from tests.auth.waiting import seconds_until
from tests.controllers.factories import add_controller
from tests.durability.serving import free_port
from tests.platform.calling import done, problem, read, refusal

ALL: Final = {"envanter_role": "admin", "envanter_controllers": "*"}
PATIENCE: Final = 30.0


@dataclass(frozen=True)
class Issuer:
    """The issuer, as a test talks to it."""

    address: str

    def post(self, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401
        """Tell the issuer something."""
        answer: dict[str, Any] = httpx2.post(f"{self.address}{path}", json=body).json()
        return answer

    def token(self, **claims: Any) -> str:  # noqa: ANN401
        """Let the issuer sign an access token."""
        return str(self.post("/token", **claims)["token"])

    def asked(self) -> int:
        """Return how often its keys were fetched."""
        return int(httpx2.get(f"{self.address}/asked").json()["asked"])


def is_up(address: str) -> bool:
    try:
        return httpx2.get(address).status_code < 500
    except httpx2.TransportError:
        return False


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer, a process of its own."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.auth.issuer", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    seconds_until(lambda: is_up(f"{address}/asked"), PATIENCE)
    yield Issuer(address)
    process.kill()
    process.wait()


@pytest.fixture
def register(settings: Settings, issuer: Issuer) -> Iterator[TestClient]:
    """A register that takes the issuer's tokens, and has two controllers."""
    given = settings.model_copy(update={"oidc_issuer": issuer.address, "oidc_audience": "envanter"})
    with TestClient(create_app(given)) as client:
        admin = holding(client, add_key(client))
        add_controller(admin, "acme")
        add_controller(admin, "beta")
        yield client


def test_a_token_opens_with_the_role_and_for_the_controllers_that_it_names(
    register: TestClient, issuer: Issuer
) -> None:
    editor = holding(register, issuer.token(envanter_role="editor", envanter_controllers=["acme", "gone"]))
    assert [one["code"] for one in read(editor, "/v1/controllers")["items"]] == ["acme"]
    problem(editor.get("/v1/keys"), 403)
    everything = holding(register, issuer.token(envanter_role=["reader", "admin"], envanter_controllers="*"))
    assert [one["code"] for one in read(everything, "/v1/controllers")["items"]] == ["acme", "beta"]
    assert everything.get("/v1/keys").is_success


def test_who_writes_with_a_token_is_named_by_its_subject(register: TestClient, issuer: Issuer) -> None:
    add_controller(holding(register, issuer.token(**ALL, sub="ayşe@example")), "gama")
    with ledger_of(register).reading() as session:
        author = session.value(select(Change.author).order_by(Change.id.desc()).limit(1))
    assert author == "ayşe@example (oidc)"


def test_without_a_token_nobody_is_let_in_where_an_issuer_is_set(register: TestClient) -> None:
    assert refusal(register.get("/v1/controllers"), 401)["code"] == "key_missing"
    assert register.get("/readyz").is_success


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://issuer.example"},
        {"aud": "another-service"},
        {"aud": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
        {"nbf": 9_999_999_999},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_register_now_is_refused(
    register: TestClient, issuer: Issuer, wrong: dict[str, Any]
) -> None:
    answer = holding(register, issuer.token(**ALL, **wrong)).get("/v1/controllers")
    assert refusal(answer, 401)["code"] == "token_refused"
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def encoded(part: dict[str, Any] | bytes) -> str:
    content = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def by_public_key(kid: str, claims: dict[str, Any], secret: bytes) -> str:
    """Sign with what everybody knows, as if it were a shared secret."""
    content = f"{encoded({'alg': 'HS256', 'kid': kid})}.{encoded(claims)}"
    return f"{content}.{encoded(hmac.digest(secret, content.encode(), 'sha256'))}"


def test_a_token_that_the_issuer_did_not_sign_is_refused(register: TestClient, issuer: Issuer) -> None:
    head, body, signature = issuer.token(**ALL).split(".")
    kid = jwt.get_unverified_header(f"{head}.{body}.{signature}")["kid"]
    claims = {**ALL, "iss": issuer.address, "aud": "envanter", "sub": "x", "exp": int(time.time()) + 300}
    [public] = httpx2.get(f"{issuer.address}/keys").json()["keys"]
    forged = [
        f"{head}.{encoded({**claims, 'sub': 'root'})}.{signature}",
        f"{encoded({'alg': 'none', 'kid': kid})}.{body}.",
        by_public_key(kid, claims, json.dumps(public).encode()),
        jwt.encode(claims, "x" * 64, algorithm="HS256"),
        f"{head}.{body}",
        f"{head}.{body}.{encoded(b'x' * 256)}",
    ]
    for token in forged:
        assert refusal(holding(register, token).get("/v1/controllers"), 401)["code"] == "token_refused", token


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"envanter_controllers": "*"}, "token_without_role"),
        ({"envanter_role": "root", "envanter_controllers": "*"}, "token_without_role"),
        ({"envanter_role": {"a": 1}, "envanter_controllers": "*"}, "token_without_role"),
        ({"envanter_role": "admin"}, "token_without_controllers"),
        ({"envanter_role": "admin", "envanter_controllers": []}, "token_without_controllers"),
    ],
)
def test_a_token_without_a_role_or_controllers_may_do_nothing(
    register: TestClient, issuer: Issuer, claims: dict[str, Any], code: str
) -> None:
    assert refusal(holding(register, issuer.token(**claims)).get("/v1/controllers"), 403)["code"] == code


def test_a_token_of_no_controller_of_the_register_sees_what_all_share_only(
    register: TestClient, issuer: Issuer
) -> None:
    nobody = holding(register, issuer.token(envanter_role="admin", envanter_controllers=["gone"]))
    assert read(nobody, "/v1/controllers", count=True)["total"] == 0
    assert read(nobody, "/v1/purposes")["items"]
    problem(nobody.post("/v1/controllers", json={"code": "gone"}), 403)


def test_claims_may_have_other_names_and_stand_deeper(settings: Settings, issuer: Issuer) -> None:
    named = {"oidc_role_claim": "realm_access.roles", "oidc_controllers_claim": "https://example.org/controllers"}
    given = {"oidc_issuer": issuer.address, "oidc_audience": "envanter", **named}
    with TestClient(create_app(settings.model_copy(update=given))) as client:
        claims = {"realm_access": {"roles": ["offline", "auditor"]}, "https://example.org/controllers": "*"}
        caller = holding(client, issuer.token(**claims))
        assert caller.get("/v1/controllers").is_success
        assert "yours is auditor" in refusal(caller.post("/v1/controllers", json={}), 403)["message"]


def test_keys_of_the_issuer_are_fetched_once_and_again_when_they_rotate(register: TestClient, issuer: Issuer) -> None:
    for _ in range(3):
        assert holding(register, issuer.token(**ALL)).get("/v1/controllers").is_success
    assert issuer.asked() == 1
    before = issuer.token(**ALL)
    issuer.post("/rotate", algorithm="ES256")
    after = holding(register, issuer.token(**ALL))
    seconds_until(lambda: after.get("/v1/controllers").is_success, PATIENCE)
    assert holding(register, before).get("/v1/controllers").is_success
    asked = issuer.asked()
    issuer.post("/rotate")
    issuer.post("/rotate")
    gone = jwt.encode({"sub": "x"}, "x" * 64, algorithm="HS256", headers={"kid": "unknown"})
    for _ in range(5):
        assert refusal(holding(register, gone).get("/v1/controllers"), 401)["code"] == "token_key_unknown"
    assert issuer.asked() <= asked + 2
    unnamed = jwt.encode({"sub": "x"}, "x" * 64, algorithm="HS256")
    assert refusal(holding(register, unnamed).get("/v1/controllers"), 401)["code"] == "token_key_unnamed"


def test_an_issuer_that_does_not_answer_is_no_reason_to_refuse(register: TestClient, issuer: Issuer) -> None:
    token = issuer.token(**ALL)
    issuer.post("/away", away=True)
    answer = holding(register, token).get("/v1/controllers")
    assert refusal(answer, 503)["code"] == "issuer_away"
    assert answer.headers["retry-after"] == "5"
    issuer.post("/away", away=False)
    assert holding(register, token).get("/v1/controllers").is_success
    issuer.post("/away", away=True)
    assert holding(register, issuer.token(**ALL, sub="zeynep")).get("/v1/controllers").is_success


def test_a_token_used_a_moment_ago_opens_no_longer_than_it_says(register: TestClient, issuer: Issuer) -> None:
    ending = holding(register, issuer.token(**ALL, exp=int(time.time()) - 8))  # within the ten seconds of leeway
    assert ending.get("/v1/controllers").is_success
    seconds_until(lambda: ending.get("/v1/controllers").status_code == 401, PATIENCE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "https://issuer.example"},
        {"oidc_audience": "envanter"},
        {"oidc_issuer": "http://issuer.example", "oidc_audience": "envanter"},
        {"oidc_issuer": "file:///etc/passwd", "oidc_audience": "envanter"},
    ],
    ids=str,
)
def test_an_issuer_is_set_whole_and_asked_over_tls(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]


def test_a_token_of_an_issuer_that_others_made_opens_too(settings: Settings) -> None:
    """By the authorization code flow of oidc-provider-mock, whose signed tokens are its ID tokens."""
    port = free_port()
    claims = {"sub": "ayse", **ALL}
    start = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", json.dumps(claims)]
    process = subprocess.Popen(start, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        seconds_until(lambda: is_up(address), PATIENCE)
        token = signed_in(address)
        given = {"oidc_issuer": address, "oidc_audience": "envanter"}
        with TestClient(create_app(settings.model_copy(update=given))) as client:
            assert holding(client, token).get("/v1/keys").is_success
    finally:
        process.kill()
        process.wait()


def signed_in(address: str) -> str:
    """Sign in as a browser and its application do, and return the signed token."""
    query = {
        "client_id": "envanter",
        "redirect_uri": "http://localhost/back",
        "response_type": "code",
        "scope": "openid profile",
    }
    answer = httpx2.post(f"{address}/oauth2/authorize", params=query, data={"sub": "ayse"})
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": query["redirect_uri"]}
    found = done(httpx2.post(f"{address}/oauth2/token", data=form, auth=("envanter", "secret")))
    return str(found["id_token"])
