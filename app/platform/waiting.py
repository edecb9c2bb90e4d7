"""Waiting for the database has an end: the turn of a writer on SQLite, and the time of a statement."""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from math import inf
from pathlib import Path
from typing import Final

PAUSE: Final = 0.001


class OneWriter:
    """One SQLite writer at a time: a lock in the process, and a lock on a file between processes."""

    def __init__(self, database: str) -> None:
        self._thread = threading.Lock()
        self._path = Path(f"{database}.lock")
        self._file: TextIOWrapper | None = None

    def take(self, timeout: float) -> bool:
        """Wait for the turn to write; tell whether it came within so many seconds."""
        until = time.monotonic() + timeout
        if not self._thread.acquire(timeout=timeout):
            return False
        try:
            self._file = self._path.open("a")
            if self._lock_file(self._file, until):
                return True
        except BaseException:
            self.give_back()
            raise
        self.give_back()
        return False

    def give_back(self) -> None:
        """Let the next one write."""
        file, self._file = self._file, None
        if file is not None:
            file.close()
        self._thread.release()

    def _lock_file(self, file: TextIOWrapper, until: float) -> bool:
        """Ask again and again: a wait inside the kernel would have no end."""
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(PAUSE)
            else:
                return True


class Deadline:
    """The end of the time that a SQLite statement may take; SQLite asks while it works."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = inf

    def start(self) -> None:
        """Let the time of the next statement begin."""
        self._until = time.monotonic() + self._seconds

    def is_over(self) -> bool:
        """Tell SQLite whether to stop."""
        return time.monotonic() > self._until


class LockWaits:
    """How many writers wait for their turn, and how long those waited that had theirs."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.waiting = 0
        self.count = 0
        self.seconds = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count one wait."""
        began = time.monotonic()
        with self._guard:
            self.waiting += 1
        try:
            yield
        finally:
            with self._guard:
                self.waiting -= 1
                self.count += 1
                self.seconds += time.monotonic() - began
