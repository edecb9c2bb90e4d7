"""A key and its effect survive a kill together, or neither does."""

import random
import threading
import time
from pathlib import Path
from typing import Final

import httpx2

from app.platform.settings import Settings
from tests.controllers.factories import controller
from tests.durability.serving import serving

TRIES: Final = 10_000


def post(client: httpx2.Client, number: int) -> httpx2.Response:
    """Add a controller under a key of its own."""
    return client.post("/v1/controllers", json=controller(f"c{number}"), headers={"Idempotency-Key": f"k{number}"})


def write(address: str, acknowledged: list[bytes]) -> None:
    """Add one controller after another until the server is gone, noting its answers."""
    with httpx2.Client(base_url=address, timeout=20) as client:
        for number in range(TRIES):
            try:
                acknowledged.append(post(client, number).content)
            except httpx2.TransportError:
                return


def test_after_a_kill_a_key_is_answered_again_exactly_where_its_effect_is_there(
    settings: Settings, tmp_path: Path
) -> None:
    delay = random.SystemRandom().uniform(0.5, 1.5)
    acknowledged: list[bytes] = []
    with serving(settings.database_url, tmp_path / "log") as (process, address):
        writer = threading.Thread(target=write, args=(address, acknowledged))
        writer.start()
        time.sleep(delay)
        process.kill()
        writer.join()
    assert acknowledged
    with serving(settings.database_url, tmp_path / "log") as (_, address), httpx2.Client(base_url=address) as client:
        for number in range(len(acknowledged) + 1):
            is_there = client.get(f"/v1/controllers/c{number}").status_code == 200
            answer = post(client, number)
            assert answer.status_code == 201
            assert ("idempotency-replayed" in answer.headers) is is_there
            assert [answer.content] == acknowledged[number : number + 1] or number == len(acknowledged)
