"""Requests take turns: as many as there are threads are worked on, the others wait outside, where they hold nothing.

A request holds its session from one thread to the next. If more requests were let in than there are threads, those
that wait for a lock would take every thread, and the one that has the lock would have none to finish on.
"""

import asyncio
from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.http import problem_response
from app.platform.problems import Busy, Item

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# One writes and one stands ready; more would only keep readers out while they wait for another process.
MOST_WRITERS: Final = 2


class Turns:
    """Let in so many requests at once, and of those that write two."""

    def __init__(self, app: ASGIApp, threads: int, patience: float, free: frozenset[str]) -> None:
        self.app = app
        self.patience = patience
        self.free = free
        self._all = asyncio.Semaphore(threads)
        self._writers = asyncio.Semaphore(MOST_WRITERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request when its turn comes; the turn ends when the answer begins to leave."""
        if scope["type"] != "http" or scope["path"] in self.free:
            await self.app(scope, receive, send)
            return
        gates = [self._all] if scope["method"] in SAFE else [self._all, self._writers]
        taken = await self._take(gates)
        if taken is None:
            problem = Busy(Item("busy"), headers={"Retry-After": "5"})
            await problem_response(Request(scope), problem)(scope, receive, send)
            return

        async def ending(message: Message) -> None:
            _leave(taken)
            await send(message)

        try:
            await self.app(scope, receive, ending)
        finally:
            _leave(taken)

    async def _take(self, gates: list[asyncio.Semaphore]) -> list[asyncio.Semaphore] | None:
        """Wait for the turn; None if it did not come in time. A writer passes the gate of writers first."""
        taken: list[asyncio.Semaphore] = []
        try:
            async with asyncio.timeout(self.patience):
                for gate in reversed(gates):
                    await gate.acquire()
                    taken.append(gate)
        except BaseException as error:
            _leave(taken)
            if isinstance(error, TimeoutError):
                return None
            raise
        return taken


def _leave(taken: list[asyncio.Semaphore]) -> None:
    """Let the next ones in; a turn ends once."""
    while taken:
        taken.pop().release()
