"""Waits for what happens on its own, no longer than it may take."""

import time
from collections.abc import Callable
from typing import Final

PAUSE: Final = 0.05


def seconds_until(happened: Callable[[], bool], at_most: float) -> float:
    """Return how long something took to happen; fail where it took longer than it may."""
    begun = time.monotonic()
    while not happened():
        passed = time.monotonic() - begun
        assert passed < at_most, f"nothing happened within {at_most} seconds"
        time.sleep(PAUSE)
    return time.monotonic() - begun
