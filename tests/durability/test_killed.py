"""A server killed at any moment loses no write that it acknowledged, and shows none by halves."""

import random
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from sqlalchemy import func, select

from app.activities.tables import Activity
from app.audit import Change, Ledger
from app.controllers.schemas import ControllerWrite
from app.controllers.service import create_controller
from app.documents.tables import Document
from app.main import create_ledger
from app.platform.settings import Settings
from app.register.derive import derive
from tests.durability.serving import serving
from tests.exchange.factories import activity

ROUNDS: Final = 3
STATEMENTS: Final[dict[str, Any]] = {
    "collections": [{"data": ["identity", {"item": "iban"}], "data_subjects": ["employee"]}] * 3,
    "uses": [{"purposes": ["finance_and_accounting"], "legal_bases": ["explicit_consent"]}] * 2,
    "transfers": [{"places": ["US"], "legal_bases": ["explicit_consent"]}] * 2,
    "retentions": [{"period": {"value": 10, "unit": "year"}, "from": "end_of_employment"}],
}
WHOLE: Final = {kind: len(statements) for kind, statements in STATEMENTS.items()}


def write(address: str, prefix: str, acknowledged: set[str]) -> None:
    """Add one activity after another until the server is gone, noting those that it acknowledged."""
    with httpx2.Client(base_url=address, timeout=20) as client:
        for number in range(10_000):
            code = f"acme:{prefix}-{number}"
            try:
                answer = client.post("/v1/activities", json=activity(code, **STATEMENTS))
            except httpx2.TransportError:
                return
            assert answer.status_code == 201, answer.text
            acknowledged.add(code)


def kill_while_writing(process: subprocess.Popen[bytes], address: str, name: str, delay: float) -> set[str]:
    """Let two callers write, kill the server after some time, and return what was acknowledged."""
    acknowledged: set[str] = set()
    writers = [threading.Thread(target=write, args=(address, f"{name}-{n}", acknowledged)) for n in range(2)]
    for writer in writers:
        writer.start()
    time.sleep(delay)
    process.kill()
    for writer in writers:
        writer.join()
    return acknowledged


def shown(address: str) -> dict[str, dict[str, int]]:
    """Return every activity with the number of its statements of each kind."""
    found, cursor = {}, None
    with httpx2.Client(base_url=address, timeout=20) as client:
        while True:
            params = {"limit": "200", **({"cursor": cursor} if cursor else {})}
            page = client.get("/v1/activities", params=params).json()
            for item in page["items"]:
                found[item["code"]] = {kind: len(item[kind]) for kind in WHOLE}
            cursor = page["next"]
            if cursor is None:
                return found


def transfers(address: str) -> int:
    """Return how many transfers the register answers with."""
    params = {"group_by": "controller", "legal_basis": "explicit_consent", "abroad": "yes"}
    groups = httpx2.get(f"{address}/v1/facts/transfers", params=params, timeout=20).json()["items"]
    return sum(group["statements"] for group in groups)


def assert_nothing_is_half(ledger: Ledger, before: int) -> None:
    """One change wrote one activity, and what is derived is what deriving anew would write."""
    with ledger.reading() as session:
        activities = session.value(select(func.count()).select_from(Activity))
        assert session.value(select(func.max(Change.id))) - before == activities
        documents = [row.id for row in session.all(select(Document.id))]
    with ledger.changing("test", keep=False) as session:
        derive(session, documents)
        assert not session.has_changed


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of a register with one controller."""
    opened = create_ledger(settings)
    with opened.changing("test") as session:
        create_controller(session, ControllerWrite(code="acme"))
    yield opened
    opened.database.close()


def test_a_killed_server_keeps_every_acknowledged_write_whole(
    settings: Settings, ledger: Ledger, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - shown where the test fails
    moments = random.Random(seed)  # noqa: S311 - nothing secret
    acknowledged, url = set[str](), settings.database_url
    with ledger.reading() as session:
        before = session.value(select(func.max(Change.id)))
    for number in range(ROUNDS):
        with serving(url, tmp_path / "log") as (process, address):
            acknowledged |= kill_while_writing(process, address, f"r{number}", moments.uniform(0.2, 1.2))
        assert_nothing_is_half(ledger, before)
    with serving(url, tmp_path / "log") as (_, address):
        found = shown(address)
        assert acknowledged <= set(found)
        assert {code: counts for code, counts in found.items() if counts != WHOLE} == {}
        assert transfers(address) == WHOLE["transfers"] * len(found)
    assert ROUNDS <= len(acknowledged) <= len(found) <= len(acknowledged) + 2 * ROUNDS
