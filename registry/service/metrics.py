"""What the front counts, for Prometheus. No station, no address and nobody's name is a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from registry.service.staging import Staging


class Metrics:
    """Counters of one front, and gauges that are read when they are asked for."""

    def __init__(self, staging: Staging, *, sessions: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "waystation_requests", "Requests answered", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.refused = Counter(
            "waystation_refused", "Requests refused, by the reason", ("code",),
            registry=self.registry,
        )  # fmt: skip
        self.received = Counter(
            "waystation_received_bytes", "Bytes of parts taken in", registry=self.registry
        )
        self.part_seconds = Histogram(
            "waystation_part_seconds", "From the head of an upload to its answer",
            buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800),
            registry=self.registry,
        )  # fmt: skip
        self.bundles = Counter(
            "waystation_bundles_staged", "Bundles handed to admission", registry=self.registry
        )
        open_sessions = Gauge("waystation_sessions", "Open sessions", registry=self.registry)
        open_sessions.set_function(lambda: float(sessions()))
        self.registry.register(_Folder(staging))

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)


class _Folder(Collector):
    """What lies in the staging folder, and what admission says of itself."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Read it."""
        waiting = self._staging.waiting()
        yield _gauge("waystation_waiting_bundles", "Bundles that wait", len(waiting))
        yield _gauge("waystation_disk_free_bytes", "Free on the disk", self._staging.free())
        beaten = self._staging.beaten()
        if beaten is not None:
            age, counts = beaten
            yield _gauge("waystation_admission_age_seconds", "Since admission was alive", age)
            for name, value in sorted(counts.items()):
                yield _gauge(f"waystation_admission_{name}", "Counted by admission", value)


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)
