"""How full the outbox is, how good the clock and whether the broker is reached, as Prometheus metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from config.wire import ClockState
from edge.outbox.file import OutboxError
from edge.outbox.outbox import Outbox


@dataclass(frozen=True)
class UnitStates(Collector):
    """Gauges `hgv_edge_*`, read when they are asked for. Of an unreadable outbox only that is told."""

    outbox: Outbox
    clock_state: Callable[[], ClockState]
    is_connected: Callable[[], bool]

    def collect(self) -> Iterable[Metric]:
        """All gauges; of a clock that nobody knows there is no offset."""
        return [_gauge(name, told, value) for name, told, value in (*self._outbox(), *self._clock())]

    def _outbox(self) -> Iterator[tuple[str, str, float]]:
        yield "broker_connected", "1 while the broker is reached", self.is_connected()
        writable = self.outbox.storage == "ok"
        yield "outbox_writable", "1 while the disk takes what is written to the outbox", writable
        try:
            state = self.outbox.state()
        except OutboxError:
            yield "outbox_readable", "1 while the outbox can be read", 0
            return
        yield "outbox_readable", "1 while the outbox can be read", 1
        yield "outbox_events", "events without receipt", state.events
        yield "outbox_pictures", "evidence pictures that the centre does not have", state.pictures
        yield "outbox_used_bytes", "what the outbox takes on the disk", state.used_bytes
        yield "outbox_most_bytes", "what it may take", state.most_bytes

    def _clock(self) -> Iterator[tuple[str, str, float]]:
        clock = self.clock_state()
        if clock.offset_s is not None and clock.error_bound_s is not None:
            yield "clock_offset_seconds", "how far the clock is off", clock.offset_s
            yield "clock_error_bound_seconds", "how far that may be wrong", clock.error_bound_s
        within = clock.within_tolerance is not False and clock.source != "unknown"
        yield "clock_within_tolerance", "1 while passages' times can prove something", within


def _gauge(name: str, told: str, value: float) -> Metric:
    family = GaugeMetricFamily(f"hgv_edge_{name}", told)
    family.add_metric([], float(value))
    return family
