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
MOST_LENT: Final = 300_000


@dataclass(frozen=True)
class Book(Generic[B]):
    """A kind of names: how to read on from what was known up to a change (None, NEVER: nothing yet).

    Books that are lent, made for what somebody asked, say how large they are; those last asked for are kept.
    """

    name: str
    read_on: Callable[[Any, B | None, int], B]
    size_of: Callable[[B], int] | None = None


class Shelf:
    """The books of a process, each with the change up to which it was read."""

    def __init__(self) -> None:
        self._books: dict[str, tuple[int, Any]] = {}
        self._lent: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, book: Book[B], session: Any, change: int) -> B | None:  # noqa: ANN401 - a snapshot
        """Return a book as of a change, or None for a snapshot older than the book."""
        at, known = self._books.get(book.name, (NEVER, None))
        if at == change:
            if book.size_of is not None:
                self._ask(book.name)
            return cast("B", known)
        if at > change:
            return None
        fresh = book.read_on(session, known, at)
        with self._lock:
            if self._books.get(book.name, (NEVER, None))[0] < change:
                self._books[book.name] = (change, fresh)
                if book.size_of is not None:
                    self._lend(book.name, book.size_of(fresh))
        return fresh

    def _ask(self, name: str) -> None:
        with self._lock:
            if name in self._lent:
                self._lent.move_to_end(name)

    def _lend(self, name: str, size: int) -> None:
        """Keep a book that is lent, and give up those that were asked for longest ago where they are too much."""
        self._lent[name] = size
        self._lent.move_to_end(name)
        while sum(self._lent.values()) > MOST_LENT:
            gone, _ = self._lent.popitem(last=False)
            del self._books[gone]
