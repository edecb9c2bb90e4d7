"""The server brings an empty database up by itself, and starts on no database that would be lost."""

import subprocess
from pathlib import Path

import httpx2
import pytest

from app.platform.database import Database
from app.platform.settings import ROOT, Settings
from tests.conftest import Server
from tests.durability.serving import SERVE, environment, serving

QUESTION = "/v1/questions/abroad-under-explicit-consent"


def test_serving_an_empty_database_builds_and_seeds_it(server: Server, tmp_path: Path) -> None:
    server.made += 1
    url = server.create(f"empty_{server.made}")
    with serving(url, tmp_path / "log") as (_, address):
        answer = httpx2.get(f"{address}{QUESTION}", params={"on": "2026-11-22"}).json()
        change = httpx2.get(f"{address}/readyz").json()["change"]
    assert "The Constant Company, LLC" in [item["recipient"]["name"] for item in answer["items"]]
    with serving(url, tmp_path / "log") as (_, address):
        assert httpx2.get(f"{address}/readyz").json()["change"] == change


MEMORY = ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"]


@pytest.mark.parametrize("url", MEMORY)
def test_a_register_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="ENVANTER_DATABASE_URL must name a file"):
        Database(Settings(database_url=url))


def test_the_server_does_not_start_on_a_register_in_memory() -> None:
    ended = subprocess.run(SERVE, cwd=ROOT, env=environment("sqlite://"), capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "ENVANTER_DATABASE_URL must name a file" in ended.stderr
