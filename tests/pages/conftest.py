"""The real server on a seeded register, and a real browser before it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.conftest import BACKENDS, Server
from tests.durability.serving import PATIENCE, serving
from tests.pages.browsing import Watched, chromium, open_page
from tests.pages.swagger import Docs

Look = Callable[..., Watched]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each page has a context of its own."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session", params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that the tests share; they change nothing."""
    server: Server = request.getfixturevalue(f"{request.param}_server")
    with serving(server.copy("seeded"), tmp_path_factory.mktemp("server") / "log") as (_, served):
        yield served


@pytest.fixture
def own_address(server: Server, tmp_path: Path) -> Iterator[str]:
    """Address of a server for a test that writes."""
    with serving(server.copy("seeded"), tmp_path / "log") as (_, served):
        yield served


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Open pages; none may log anything, throw anything, or ask any host but its server."""
    opened: list[Watched] = []

    def opening(address: str, path: str, **options: Any) -> Watched:  # noqa: ANN401 - as open_page takes them
        opened.append(open_page(browser, address, path, **options))
        return opened[-1]

    yield opening
    for watched in opened:
        watched.page.context.close()
    assert [fault for watched in opened for fault in watched.faults] == []


@pytest.fixture(scope="session")
def controllers(address: str) -> list[str]:
    """Codes of the seeded controllers."""
    listed = httpx2.get(f"{address}/v1/controllers", params={"limit": 200}, timeout=PATIENCE).json()
    return [item["code"] for item in listed["items"]]


@pytest.fixture
def watched(look: Look, address: str) -> Watched:
    """Swagger UI as a page."""
    return look(address, "/docs")


@pytest.fixture
def docs(watched: Watched) -> Docs:
    """Swagger UI as what can be done in it."""
    return Docs(watched)
