"""Judges a register after a kill: in the database itself, and by what the next server answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import httpx2
from sqlalchemy import func, select

from app.activities.tables import StatementRow
from app.audit import Ledger
from app.audit.tables import AuditEvent
from app.backup.checking import faults_of, known_revisions
from app.deriving.derive import Differences, derive
from app.ledger import create_ledger
from app.platform.prepared import chunks
from app.platform.settings import Settings
from bench.durability.bodies import CONTROLLER, WHOLE
from bench.durability.figures import Figures
from bench.durability.writes import Half, Write

REPLAYED: Final = "idempotency-replayed"
CHAIN: Final = ("chain", "guards")


@dataclass
class Judge:
    """Knows everything that was sent, and what the database has of it."""

    settings: Settings
    figures: Figures
    writes: list[Write] = field(default_factory=list)
    activities: int = 0
    events: Counter[str] = field(default_factory=Counter)
    _seen: int | None = None

    def look(self) -> None:
        """Look into the database while no server runs: is it sound, and which events have come since the last look."""
        ledger = create_ledger(self.settings)
        try:
            for fault in faults_of(ledger.database, known_revisions(self.settings))[1]:
                self.figures.blame("broken" if fault.check in CHAIN else "half-written", str(fault))
            # In this order: deriving waits for the writers' lock, which a commit of the killed server may still hold.
            self._derive_again(ledger)
            self._count_events(ledger)
        finally:
            ledger.database.close()

    def _derive_again(self, ledger: Ledger) -> None:
        """Derive anew what belongs to the new statements: nothing may differ from what is stored."""
        query = select(StatementRow.document_id).distinct().where(StatementRow.born > (self._seen or 0))
        with ledger.changing("bench", keep=False) as session:
            for part in chunks(row.document_id for row in session.all(query)):
                derive(session, part, Differences())
            if session.has_changed:
                self.figures.blame("half-written", f"derived rows after change {self._seen}")

    def _count_events(self, ledger: Ledger) -> None:
        """Count the events of each request, but for those of the time before anything was judged."""
        is_first = self._seen is None
        query = select(AuditEvent.request_id).where(AuditEvent.change_id > (self._seen or 0))
        with ledger.reading() as session:
            found = [str(row.request_id) for row in session.all(query)]
            self._seen = session.value(select(func.max(AuditEvent.change_id))) or 0
        self.events.update([] if is_first else found)

    def judge(self, writes: Iterable[Write], client: httpx2.Client) -> None:
        """Say of each new write whether it is there; send again what has a key."""
        for write in writes:
            self.writes.append(write)
            self._decide(write, client)
            if "Idempotency-Key" in write.headers:
                self._repeat(write, client)
            self.activities += write.adds * write.has_happened
        self._compare_counts(client)

    def _decide(self, write: Write, client: httpx2.Client) -> None:
        """An acknowledged write has its event and all its traces; any other has both or neither."""
        write.has_happened = self._events_of(write) > 0
        self._require_traces(write, client)
        counts = self.figures.counts
        if write.is_acknowledged:
            counts["acknowledged"] += 1
            if not write.has_happened:
                self.figures.blame("lost", f"{write.kind} {write.path}: no event of {write.names[0]}")
        elif write.is_refused:
            counts["refused (412)"] += 1
            if write.has_happened:
                self.figures.blame("half-written", f"{write.kind} {write.path} was refused and has an event")
        elif write.is_in_flight:
            counts["happened" if write.has_happened else "not at all"] += 1
        else:
            self.figures.blame("unexpected", f"{write.kind} {write.path}: {write.status} {write.content!r}")

    def _require_traces(self, write: Write, client: httpx2.Client) -> None:
        try:
            shown = write.shown(client)
        except Half as half:
            self.figures.blame("half-written", str(half))
            return
        if shown != {write.has_happened}:
            fault = "lost" if write.is_acknowledged and False in shown else "half-written"
            self.figures.blame(fault, f"{write.kind} {write.path} {write.names[0]}: shown {shown}")

    def _repeat(self, write: Write, client: httpx2.Client) -> None:
        """Send it again under its key: what is there is answered as before, what is not happens now."""
        answer = write.send(client)
        self.figures.counts["repeated"] += 1
        what = f"{write.kind} {write.headers['Idempotency-Key']}"
        if answer.status_code not in (200, 201):
            self.figures.blame("unexpected", f"{what} sent again: {answer.status_code} {answer.text}")
        if (REPLAYED in answer.headers) != write.has_happened:
            self.figures.blame("half-written", f"{what}: the key and its effect are not there together")
        if write.is_acknowledged and answer.content != write.content:
            self.figures.blame("half-written", f"{what} is answered otherwise than before")
        write.has_happened = True

    def _events_of(self, write: Write) -> int:
        return sum(self.events[name] for name in write.names)

    def _compare_counts(self, client: httpx2.Client) -> None:
        """What is listed, and what is derived, is as much as happened."""
        query = {"controller": CONTROLLER, "limit": "1", "count": "true"}
        listed = client.get("/v1/activities", params=query).raise_for_status().json()["total"]
        grouped = {"controller": CONTROLLER, "group_by": "controller"}
        groups = client.get("/v1/facts/transfers", params=grouped).raise_for_status().json()["items"]
        derived = sum(group["statements"] for group in groups)
        if (listed, derived) != (self.activities, self.activities * WHOLE["transfers"]):
            text = f"{self.activities} activities happened, {listed} are listed, with {derived} transfers"
            self.figures.blame("half-written", text)

    def judge_again(self, client: httpx2.Client) -> None:
        """At the end every write of all rounds is where it was."""
        for write in self.writes:
            self._require_traces(write, client)
        self._compare_counts(client)

    def account(self) -> None:
        """Every write that happened has one event, under whichever of its names; nothing else has any."""
        for write in self.writes:
            count = self._events_of(write)
            if count > 1:
                self.figures.blame("twice", f"{write.kind} {write.path} {write.names}: {count} events")
            elif count != int(write.has_happened):
                self.figures.blame("lost", f"{write.kind} {write.path} {write.names}: {count} events")
        known = {name for write in self.writes for name in write.names}
        for name in sorted(self.events.keys() - known):
            self.figures.blame("half-written", f"an event of a request {name} that nobody sent")
