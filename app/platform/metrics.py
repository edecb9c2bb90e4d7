"""Figures of one process for Prometheus: requests by operation, writers that wait, connections in use."""

from collections.abc import Awaitable, Callable, Iterator

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from app import __version__
from app.platform.addresses import address_of, is_loopback
from app.platform.database import Database
from app.platform.http import problem_response
from app.platform.problems import Item, NotFound
from app.platform.settings import Networks
from app.platform.snapshots import Replica

disable_created_metrics()  # type: ignore[no-untyped-call]
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class DatabaseCollector(Collector):
    """Reads what the database's sessions know of themselves when somebody asks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def collect(self) -> Iterator[Metric]:
        """Return the figures of this moment."""
        waits = self.database.waits
        yield GaugeMetricFamily("envanter_writers_waiting", "Writers waiting for their turn", value=waits.waiting)
        yield SummaryMetricFamily(
            "envanter_write_wait_seconds",
            "Waits for the turn to write",
            count_value=waits.count,
            sum_value=waits.seconds,
        )
        used = GaugeMetricFamily("envanter_connections_in_use", "Database connections in use", labels=["pool"])
        most = GaugeMetricFamily("envanter_connections_most", "Database connections at most", labels=["pool"])
        for name, count in self.database.connections().items():
            used.add_metric([name], count)
        for name, count in self.database.most_connections().items():
            most.add_metric([name], count)
        yield used
        yield most
        if self.database.replica is not None:
            yield from _figures_of(self.database.replica)


def _figures_of(replica: Replica) -> Iterator[Metric]:
    """Return how far the replica is, and how many reads it gave or left to the primary."""
    state = replica.state()
    is_read = state.state in {"in_step", "behind"}
    yield GaugeMetricFamily("envanter_replica_up", "Whether the replica can be read", value=int(is_read))
    if state.behind_seconds is not None:
        help_text = "Age of the oldest change that the replica lacks"
        yield GaugeMetricFamily("envanter_replica_behind_seconds", help_text, value=state.behind_seconds)
    reads = CounterMetricFamily("envanter_reads", "Reads of callers by what gave them", labels=["given"])
    for name in ("replica", "primary_behind", "primary_away"):
        reads.add_metric([name], replica.given[name])
    yield reads


class Meters:
    """Counts what one process does; several processes are read one by one, each at its own address."""

    def __init__(self, database: Database) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self.registry.register(DatabaseCollector(database))
        self.requests = Counter(
            "envanter_requests", "Requests answered", ["operation", "status"], registry=self.registry
        )
        self.durations = Histogram(
            "envanter_request_duration_seconds",
            "Time from a request to the end of its answer",
            ["operation"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        Info("envanter_build", "Version that answers", registry=self.registry).info({"version": __version__})
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def observe(self, operation: str, status: int, seconds: float) -> None:
        """Count one answered request; status 0 is an answer that broke off."""
        found = self._known.get((operation, status))
        if found is None:
            found = self.requests.labels(operation, str(status)), self.durations.labels(operation)
            self._known[operation, status] = found
        found[0].inc()
        found[1].observe(seconds)


def metrics_page(meters: Meters, readers: Networks) -> Callable[[Request], Awaitable[Response]]:
    """Return the handler of /metrics: for this machine and the networks that the operator names, nothing for others."""

    async def read_metrics(request: Request) -> Response:
        address = address_of(request.scope)
        is_reader = is_loopback(request.scope) or (address is not None and any(address in one for one in readers))
        if not is_reader:
            return problem_response(request, NotFound(Item("no_such_path")))
        # A replica is asked how far it is, on a thread that no request waits for.
        content = await anyio.to_thread.run_sync(generate_latest, meters.registry, limiter=CapacityLimiter(1))
        return Response(content, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return read_metrics
