"""Callers who write at once, each in its own way, until nobody answers any more."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

import httpx2

from bench.durability.bodies import CONTROLLER, SHARED, activity, bundle
from bench.durability.memory import Memory
from bench.durability.writes import TIMEOUT, Trace, Write

Writer = Callable[[httpx2.Client, str], Iterator[Write]]
IMPORTED: Final = 4
ACTIVITIES: Final = "/v1/activities"


def address_of(code: str) -> str:
    """Return where an activity is read."""
    return f"{ACTIVITIES}/{CONTROLLER}:{code}"


def creation(kind: str, code: str, trace: Trace, **headers: str) -> Write:
    """Return the creation of an activity."""
    return Write(kind, "POST", ACTIVITIES, activity(code, trace.description), (trace,), 1, headers)


def creating(_client: httpx2.Client, name: str) -> Iterator[Write]:
    """Create one activity after another."""
    for code in numbered(name):
        yield creation("create", code, Trace(address_of(code), code))


def changing(client: httpx2.Client, name: str) -> Iterator[Write]:
    """Change the activity that all share, from the state that was read before."""
    path = f"{ACTIVITIES}/{SHARED}"
    for text in numbered(name):
        read = client.get(path).raise_for_status()
        trace = Trace(f"{path}/revisions/{read.json()['revision'] + 1}", text)
        yield Write(
            "change", "PATCH", path, {"description": text}, (trace,), headers={"If-Match": read.headers["etag"]}
        )


def ending(_client: httpx2.Client, name: str) -> Iterator[Write]:
    """Create an activity and end it; its first revision stays."""
    for code in numbered(name):
        made = creation("create", code, Trace(f"{address_of(code)}/revisions/1", code))
        yield made
        end = Trace(address_of(code), is_end=True)
        yield Write("end", "DELETE", end.address, {}, (end,), -1, {"If-Match": made.etag})


def importing(_client: httpx2.Client, name: str) -> Iterator[Write]:
    """Import bundles of several activities; every second one under a key."""
    for number, text in enumerate(numbered(name)):
        codes = [f"{text}-{part}" for part in range(IMPORTED)]
        traces = tuple(Trace(address_of(code), text) for code in codes)
        headers = {"Idempotency-Key": text} if number % 2 else {}
        yield Write("import", "POST", "/v1/import", bundle(codes, text), traces, IMPORTED, headers)


def keyed(_client: httpx2.Client, name: str) -> Iterator[Write]:
    """Create activities, each under a key of its own."""
    for code in numbered(name):
        yield creation("keyed", code, Trace(address_of(code), code), **{"Idempotency-Key": code})


def numbered(name: str) -> Iterator[str]:
    """Name one thing after another."""
    return (f"{name}-{number}" for number in itertools.count())


WRITERS: Final[tuple[Writer, ...]] = (creating, changing, changing, ending, importing, keyed)


class Crowd:
    """All writers, and a reader who asks of instants that are hardly over; each ends when nobody answers it."""

    def __init__(self, address: str, name: str, memory: Memory) -> None:
        self.writes: list[Write] = []
        self.complaints: list[str] = []
        self._address = address
        self._answered = threading.Semaphore(0)
        self._threads = [
            threading.Thread(target=self._write, args=(writer, f"{name}-{number}"))
            for number, writer in enumerate(WRITERS)
        ]
        self._threads.append(threading.Thread(target=self._read, args=(memory,)))

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wait(self, count: int) -> None:
        """Return when so many writes were answered."""
        for _ in range(count):
            if not self._answered.acquire(timeout=TIMEOUT):
                self.complaints.append(f"nothing was answered for {TIMEOUT} s")
                return

    def join(self) -> None:
        """Return when everybody ended."""
        for thread in self._threads:
            thread.join()

    def _write(self, writer: Writer, name: str) -> None:
        with self._calling() as client:
            for write in writer(client, name):
                self.writes.append(write)
                if not write.try_on(client):
                    return
                self._answered.release()

    def _read(self, memory: Memory) -> None:
        with self._calling() as client:
            while True:
                memory.ask(client)

    @contextmanager
    def _calling(self) -> Iterator[httpx2.Client]:
        """Call until nobody answers; any other refusal of a read is worth a complaint."""
        try:
            with httpx2.Client(base_url=self._address, timeout=TIMEOUT) as client:
                yield client
        except httpx2.TransportError:
            return
        except httpx2.HTTPStatusError as refusal:
            if refusal.response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                self.complaints.append(f"{refusal}: {refusal.response.text}")
