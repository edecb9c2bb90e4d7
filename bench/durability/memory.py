"""Answers of instants, kept to be asked again: they must stay as they were to the letter."""

import random
import time
from datetime import UTC, datetime
from typing import Final

import httpx2

from bench.durability.bodies import CONTROLLER, SHARED

PAUSE: Final = 0.05
ON: Final = "2026-11-22"
ASKED: Final = (
    (f"/v1/activities/{SHARED}", {"on": ON}),
    ("/v1/activities", {"controller": CONTROLLER, "fields": "code,revision", "limit": "500", "count": "true"}),
    ("/v1/facts/transfers", {"group_by": "controller,country", "on": ON}),
    ("/v1/facts/transfers", {"controller": CONTROLLER, "limit": "20", "on": ON}),
    ("/v1/questions/abroad-under-explicit-consent", {"controller": CONTROLLER, "limit": "20", "on": ON}),
)


class Memory:
    """What was answered, by instant."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing secret
        self.kept: list[tuple[str, dict[str, str], bytes]] = []
        self._is_new = 0

    def __len__(self) -> int:
        return len(self.kept)

    def ask(self, client: httpx2.Client) -> None:
        """Ask something as of now, and keep the answer."""
        path, params = self._random.choice(ASKED)
        asked = {**params, "as_of": datetime.now(UTC).isoformat()}
        answer = client.get(path, params=asked).raise_for_status()
        self.kept.append((path, asked, answer.content))
        time.sleep(PAUSE)

    def stale(self, client: httpx2.Client, others: int | None = None) -> list[str]:
        """Ask again what was asked since the last time, and so many others (or all); name what reads otherwise."""
        old, new = self.kept[: self._is_new], self.kept[self._is_new :]
        again = old if others is None else self._random.sample(old, min(others, len(old)))
        self._is_new = len(self.kept)
        return [
            f"{path} as of {asked['as_of']} reads otherwise than before"
            for path, asked, content in [*again, *new]
            if client.get(path, params=asked).content != content
        ]
