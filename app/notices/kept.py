"""Notices that were written already, for as long as nothing has changed that they are made from.

A notice is made from what belongs to its controller and from what all share. The number of the last change of either
is read in the snapshot of the request, so a notice is never given that says anything else than what would be written
now (docs/decisions/0014).
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 16_000_000


@dataclass(frozen=True)
class Written:
    """A notice as it was written, as of a change, and the revision of its controller."""

    change: int
    number: int
    content: bytes


Key = tuple[object, ...]


class KeptNotices:
    """The notices of a process, the least asked for given up first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._notices: OrderedDict[Key, Written] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, change: int) -> Written | None:
        """Return a notice that was written as of this very change."""
        with self._lock:
            found = self._notices.get(key)
            if found is None or found.change != change:
                return None
            self._notices.move_to_end(key)
            return found

    def keep(self, key: Key, written: Written) -> None:
        """Keep a notice, and give up others where they are too much; one that is too long by itself is not kept."""
        with self._lock:
            known = self._notices.get(key)
            if known is not None and known.change > written.change:
                return
            self._held += len(written.content) - (len(known.content) if known else 0)
            self._notices[key] = written
            self._notices.move_to_end(key)
            while self._held > self._most:
                _, gone = self._notices.popitem(last=False)
                self._held -= len(gone.content)
