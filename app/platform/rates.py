"""Limits how many requests a caller makes in a while, in the memory of each process."""

import hashlib
import time
from collections import OrderedDict, deque
from math import ceil
from typing import Final

from fastapi import Request
from limits import RateLimitItem
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.addresses import is_loopback
from app.platform.http import problem_response
from app.platform.problems import Item, TooManyRequests

MOST_CALLERS: Final = 10_000


class Moments(Storage, MovingWindowSupport):
    """The moments of each caller's last requests.

    The storage in memory of `limits` starts a thread to forget them, again and again, and has no end; this one forgets
    as it goes, and of more callers than it can hold the one who was silent for longest.
    """

    def __init__(self) -> None:
        super().__init__()
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note requests, unless there were as many as there may be."""
        moments = self._recent(key, expiry)
        if len(moments) + amount > limit:
            return False
        moments.extend([time.time()] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the window began, and how many requests are in it."""
        del limit
        moments = self._recent(key, expiry)
        return (moments[0] if moments else time.time()), len(moments)

    def _recent(self, key: str, expiry: int) -> deque[float]:
        moments = self._moments.setdefault(key, deque())
        self._moments.move_to_end(key)
        while moments and moments[0] <= time.time() - expiry:
            moments.popleft()
        if len(self._moments) > MOST_CALLERS:
            self._moments.popitem(last=False)
        return moments

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what may fail: nothing does."""
        return ValueError

    def get(self, key: str) -> int:
        """Return how many requests are noted."""
        return len(self._moments.get(key, ()))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Note requests without a limit."""
        self._recent(key, expiry).extend([time.time()] * amount)
        return self.get(key)

    def get_expiry(self, key: str) -> float:
        """Return the moment of the last request."""
        return (self._moments.get(key) or [time.time()])[-1]

    def check(self) -> bool:
        """Tell that memory is there."""
        return True

    def reset(self) -> int:
        """Forget everybody."""
        count = len(self._moments)
        self._moments.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one caller."""
        self._moments.pop(key, None)


class RateLimit:
    """Refuse a caller whose rate is used up, before its request is read; say to the others what is left."""

    def __init__(self, app: ASGIApp, rate: RateLimitItem, *, spares_loopback: bool) -> None:
        self.app = app
        self.rate = rate
        self.spares_loopback = spares_loopback
        self.limiter = MovingWindowRateLimiter(Moments())
        self.policy = f'"default";q={rate.amount};w={rate.get_expiry()}'.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or (self.spares_loopback and is_loopback(scope)):
            await self.app(scope, receive, send)
            return
        caller = _caller(scope)
        is_within = self.limiter.hit(self.rate, caller)
        stats = self.limiter.get_window_stats(self.rate, caller)
        wait = max(1, ceil(stats.reset_time - time.time()))
        left = f'"default";r={stats.remaining};t={wait}'.encode()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = ((b"ratelimit-policy", self.policy), (b"ratelimit", left))
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        if is_within:
            await self.app(scope, receive, counted)
            return
        values = {"limit": self.rate.amount, "seconds": self.rate.get_expiry(), "wait": wait}
        problem = TooManyRequests(Item("too_many_requests", values), headers={"Retry-After": str(wait)})
        await problem_response(Request(scope), problem)(scope, receive, counted)


def _caller(scope: Scope) -> str:
    """Return whose rate counts: the key that is sent, which is not kept as such, or else the address."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return hashlib.sha256(value).hexdigest()
    return str((scope.get("client") or ["local"])[0])
