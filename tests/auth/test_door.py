"""Nobody gets past the door unseen: what is open, what loopback means, when the server does not start."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.auth.rules import is_local, is_loopback, is_open, needed_role
from app.main import create_app
from app.platform.settings import ROOT, Settings
from tests.auth.factories import caller, key
from tests.commanding import command
from tests.conftest import Server
from tests.durability.serving import SERVE, environment, free_port, wait_for
from tests.platform.calling import make, refusal

FIRST: Final = [SERVE[0], "-m", "app", "keys", "create", "yönetim", "--role", "admin"]


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/openapi.json", "/docs", "/static-offline-docs/swagger-ui.css"]
)
def test_health_and_documentation_need_no_key(client: TestClient, path: str) -> None:
    caller(client)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/nothing", "/docs/../v1/controllers", "/healthz/x", "//v1/controllers"]
)
def test_every_other_address_needs_one_even_where_nothing_is(client: TestClient, path: str) -> None:
    caller(client)
    assert refusal(client.get(path), 401)["code"] == "key_missing"


def test_who_sends_no_key_is_told_so_before_the_body_is_read(client: TestClient) -> None:
    caller(client)
    answer = client.post("/v1/import", content=b"{no" * 3_000_000, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 401


def test_an_application_without_keys_can_require_them_all_the_same(settings: Settings) -> None:
    with TestClient(create_app(settings.model_copy(update={"authentication": "required"}))) as client:
        assert refusal(client.get("/v1/controllers"), 401)["code"] == "key_missing"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "rebound.example:8000"}, 401),
        ({"Host": "127.0.0.1.rebound.example"}, 401),
        ({"Host": "192.0.2.7"}, 401),
    ],
)
def test_without_keys_loopback_is_asked_for_by_its_own_name(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.get("/v1/controllers", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("peer", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 401), ("2001:db8::1", 401)]
)
def test_without_keys_other_machines_are_refused_whoever_let_them_through(
    client: TestClient, peer: str, status: int
) -> None:
    with TestClient(client.app, client=(peer, 50000)) as other:
        assert other.get("/v1/controllers").status_code == status


def test_which_role_an_address_needs() -> None:
    assert needed_role("GET", "/v1/controllers/acme") == "reader"
    assert needed_role("PATCH", "/v1/controllers/acme") == "editor"
    assert needed_role("GET", "/v1/controllers/acme/revisions") == "auditor"
    assert needed_role("GET", "/v1/activities/acme:bordro/revisions/3") == "auditor"
    assert needed_role("GET", "/v1/purposes/storage/diff") == "auditor"
    assert needed_role("GET", "/v1/controllers/revisions") == "reader"
    assert needed_role("POST", "/v1/activities/acme:bordro/revisions/3/restore") == "editor"
    assert needed_role("GET", "/v1/audit-events/verify") == "auditor"
    assert needed_role("GET", "/v1/keys") == "admin"
    assert needed_role("DELETE", "/v1/keys/3f9a1c0b77de") == "admin"


def test_what_is_loopback_and_what_is_open() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "192.0.2.7", "envanter.example", "localhost.example", ""]))  # noqa: S104
    assert is_local(None, "localhost")
    assert not is_local("192.0.2.7", "localhost")
    assert not is_open("/docs2")


@pytest.fixture
def alone(sqlite_server: Server) -> Settings:
    """A register for servers that start, or do not: which database they are on decides nothing of it."""
    return Settings(database_url=sqlite_server.copy("vocabularies"))


@contextmanager
def started(settings: Settings, log: Path, **given: str) -> Iterator[str]:
    """Serve on every address of the machine."""
    port = free_port()
    known = {**environment(settings.database_url, port), "ENVANTER_HOST": "0.0.0.0", **given}  # noqa: S104
    with log.open("ab") as output:
        process = subprocess.Popen(SERVE, cwd=ROOT, env=known, stdout=output, stderr=output)
    try:
        wait_for(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def test_another_address_than_loopback_is_not_listened_on_without_authentication(alone: Settings) -> None:
    known = {**environment(alone.database_url, free_port()), "ENVANTER_HOST": "0.0.0.0"}  # noqa: S104
    done = subprocess.run(SERVE, cwd=ROOT, env=known, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "does not listen on 0.0.0.0 without authentication" in done.stderr
    assert "python -m app keys create" in done.stderr


def test_with_a_first_key_from_the_command_line_it_is_listened_on(alone: Settings, tmp_path: Path) -> None:
    known = environment(alone.database_url)
    made = subprocess.run(FIRST, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    secret = made.stdout.strip()
    with started(alone, tmp_path / "log") as address:
        assert httpx2.get(f"{address}/v1/controllers").status_code == 401
        headers = {"Authorization": f"Bearer {secret}"}
        assert httpx2.get(f"{address}/v1/controllers", headers=headers).status_code == 200


def test_where_keys_are_required_the_server_starts_and_the_first_key_can_be_made_later(
    alone: Settings, tmp_path: Path
) -> None:
    with started(alone, tmp_path / "log", ENVANTER_AUTHENTICATION="required") as address:
        assert httpx2.get(f"{address}/v1/controllers").status_code == 401
        secret = command(alone.database_url, "keys", "create", "yönetim", "--role", "admin").said.strip()
        headers = {"Authorization": f"Bearer {secret}"}
        assert httpx2.get(f"{address}/v1/controllers", headers=headers).status_code == 200


def test_the_command_line_lists_and_revokes_keys_and_says_what_is_wrong(client: TestClient, settings: Settings) -> None:
    url = settings.database_url
    assert "The first key is an administrator's" in command(url, "keys", "create", "okur").complaint
    secret = command(url, "keys", "create", "yönetim", "--role", "admin").said.strip()
    code = secret.split("_")[1]
    wrong = command(url, "keys", "create", "okur", "--controller", "yok")
    assert (wrong.status, "“yok” names nothing in controllers." in wrong.complaint) == (1, True)
    listed = command(url, "keys", "list").said
    assert listed == f"{code}\tadmin\tall\t-\t-\työnetim\n"
    assert command(url, "keys", "revoke", "000000000000").status == 1
    assert command(url, "keys", "revoke", code).status == 0
    assert command(url, "keys", "list").said == f"{code}\tadmin\tall\trevoked\t-\työnetim\n"
    assert client.get("/v1/controllers").status_code == 401


def test_an_open_register_hands_out_its_first_key_over_the_api(client: TestClient) -> None:
    assert make(client, "/v1/keys", key())["created_by"] == "local"
