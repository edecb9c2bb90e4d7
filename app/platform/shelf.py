"""What answers name again and again, kept in the process and never older or newer than the snapshot that reads it.

Every change that writes such a name also writes its number into one row, in the same transaction. A snapshot reads
that number: where it is the one up to which a book was read, the book holds; where it is later, only what was written
since is read; where it is earlier, the snapshot reads for itself. So no process shows a name that another has changed
(docs/decisions/0014).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

B = TypeVar("B")
NEVER: Final = -1
MOST_LENT: Final = 16


@dataclass(frozen=True)
class Book(Generic[B]):
    """A kind of names: how to read on from what was known up to a change (None, NEVER: nothing yet).

    Of books that are lent, made for what somebody asked, only those last asked for are kept.
    """

    name: str
    read_on: Callable[[Any, B | None, int], B]
    is_lent: bool = False


class Shelf:
    """The books of a process, each with the change up to which it was read."""

    def __init__(self) -> None:
        self._books: dict[str, tuple[int, Any]] = {}
        self._lent: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, book: Book[B], session: Any, change: int) -> B | None:  # noqa: ANN401 - a snapshot
        """Return a book as of a change, or None for a snapshot older than the book."""
        at, known = self._books.get(book.name, (NEVER, None))
        if book.is_lent:
            self._lend(book.name)
        if at == change:
            return cast("B", known)
        if at > change:
            return None
        fresh = book.read_on(session, known, at)
        with self._lock:
            if self._books.get(book.name, (NEVER, None))[0] < change:
                self._books[book.name] = (change, fresh)
        return fresh

    def _lend(self, name: str) -> None:
        """Note that a book is asked for, and give up the one that was asked for longest ago."""
        with self._lock:
            self._lent[name] = None
            self._lent.move_to_end(name)
            if len(self._lent) > MOST_LENT:
                gone, _ = self._lent.popitem(last=False)
                self._books.pop(gone, None)
