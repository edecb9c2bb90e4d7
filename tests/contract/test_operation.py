"""The pages that operators and explorers meet first."""

import gc
import re
import weakref
from pathlib import Path

from fastapi.testclient import TestClient

from app import __version__
from app.main import create_app
from app.platform.settings import Settings


def test_the_process_says_that_it_lives(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "version": __version__}


def test_the_register_says_up_to_which_change_it_is(client: TestClient) -> None:
    before = client.get("/readyz").json()
    client.post("/v1/controllers", json={"code": "acme"})
    assert (before["status"], client.get("/readyz").json()["change"]) == ("ready", before["change"] + 1)


def test_a_register_whose_database_is_away_lives_and_is_not_ready(tmp_path: Path) -> None:
    away = create_app(Settings(database_url=f"sqlite:///{tmp_path}/nowhere/register.db"))
    with TestClient(away) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
        assert "retry-after" in answer.headers
        assert client.get("/healthz").status_code == 200


def test_the_documentation_asks_no_other_host(client: TestClient) -> None:
    """Swagger UI works on a machine without a network: everything that the page loads comes from here."""
    page = client.get("/docs")
    assert page.status_code == 200
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]+", page.text) == []
    assets = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page.text)
    assert any(asset.endswith(".js") for asset in assets)
    assert any(asset.endswith(".css") for asset in assets)
    assert all(asset.startswith("/") and client.get(asset).status_code == 200 for asset in assets)


def test_the_documentation_shows_the_served_document(client: TestClient) -> None:
    address = re.search(r"""url: ['"]([^'"]+)['"]""", client.get("/docs").text)
    assert address is not None
    assert client.get(address[1]).json() == client.app.openapi()  # type: ignore[attr-defined]


def test_an_application_that_is_let_go_of_is_kept_by_nothing(settings: Settings) -> None:
    let_go = weakref.ref(create_app(settings))
    gc.collect()
    assert let_go() is None
