"""What browsers are told with every answer, and which pages of other origins may ask."""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Final

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from tests.conftest import Server

ORIGIN: Final = "https://tool.example"
PATHS: Final = [
    "/v1/controllers",
    "/v1/controllers/kivi",
    "/v1/controllers/kivi/notice?format=html",
    "/v1/export?controller=kivi",
    "/v1/facts/uses?format=csv",
    "/v1/nothing",
    "/v1/controllers?x=1",
    "/docs",
    "/docs/oauth2-redirect",
    "/openapi.json",
    "/healthz",
    "/static-offline-docs/swagger-ui.css",
]


@pytest.fixture(scope="module")
def seeded_url(sqlite_server: Server) -> str:
    """A register that no test changes; no database speaks with browsers."""
    return sqlite_server.copy("seeded")


@pytest.fixture(scope="module")
def reader(seeded_url: str) -> Iterator[TestClient]:
    """A caller of a service that nothing was set for."""
    with TestClient(create_app(Settings(database_url=seeded_url))) as caller:
        yield caller


def directives(policy: str) -> dict[str, str]:
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_says_what_browsers_may_do_with_it(reader: TestClient, path: str) -> None:
    headers = reader.get(path).headers
    policy = directives(headers["content-security-policy"])
    assert len(headers.get_list("content-security-policy")) == 1
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/docs", "/docs/oauth2-redirect"])
def test_the_scripts_of_the_documentation_are_those_that_its_policy_allows(reader: TestClient, path: str) -> None:
    page = reader.get(path)
    scripts = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert len(digests) == 1
    allowed = directives(page.headers["content-security-policy"])["script-src"].split()
    assert allowed == ["'self'", *(f"'sha256-{digest}'" for digest in digests)]
    assert re.findall(r"<style|style=|\son\w+=|javascript:", page.text) == []


def test_answers_are_stored_nowhere_but_where_they_say_so(reader: TestClient) -> None:
    assert reader.get("/v1/controllers").headers["cache-control"] == "no-store"
    assert reader.get("/v1/nothing").headers["cache-control"] == "no-store"
    assert reader.get("/v1/controllers/kivi").headers["cache-control"] == "no-cache"
    assert "cache-control" not in reader.get("/static-offline-docs/swagger-ui.css").headers


def test_browsers_are_bound_to_https_only_where_the_operator_wants_it(seeded_url: str) -> None:
    for seconds, base, expected in ((0, "https://x", None), (600, "http://x", None), (600, "https://x", "max-age=600")):
        app = create_app(Settings(database_url=seeded_url, hsts_seconds=seconds))
        with TestClient(app, base_url=base) as client:
            assert client.get("/healthz").headers.get("strict-transport-security") == expected


def test_pages_of_no_other_origin_may_ask_unless_it_is_named(reader: TestClient, seeded_url: str) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    assert reader.options("/v1/controllers", headers=asked).status_code == 405
    named = create_app(Settings(database_url=seeded_url, cors_origins=[ORIGIN]))
    with TestClient(named) as client:
        allowed = client.options("/v1/controllers", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == ORIGIN
        assert "access-control-allow-credentials" not in allowed.headers
        answer = client.get("/v1/controllers/nobody", headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert {"ETag", "Location", "X-Request-ID"} <= set(answer.headers["access-control-expose-headers"].split(", "))
        other = client.options("/v1/controllers", headers=asked | {"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers


def test_what_is_no_origin_is_refused_at_the_start() -> None:
    for origin in ("*", "tool.example", "https://tool.example/path"):
        with pytest.raises(ValueError, match="cors_origins"):
            Settings(cors_origins=[origin])
