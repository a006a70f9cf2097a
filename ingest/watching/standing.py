"""What stands at the centre, as Prometheus sees it: units, cameras, clocks and alerts in one view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ingest.evidence.rows import AwaitedEvidence
from ingest.heartbeats.states import UnitState
from ingest.watching.alerts import Alert

_UNIT = ("authority", "unit")


@dataclass(frozen=True)
class View:
    """Everything that stood when somebody looked last."""

    units: Sequence[UnitState]
    alerts: Sequence[Alert]
    evidence: AwaitedEvidence


class Standing(Collector):
    """Shows the newest view; a scrape never sees half of it."""

    def __init__(self) -> None:
        self._view = View((), (), AwaitedEvidence(0, None))

    def show(self, view: View) -> None:
        """Show this view from now on."""
        self._view = view

    def collect(self) -> Iterator[Metric]:
        """The gauges of the newest view."""
        view = self._view
        yield from _alerts(view.alerts)
        yield from _units(view.units)
        yield from _clocks(view.units)
        yield _cameras(view.units)
        yield from _evidence(view.evidence)


def _alerts(alerts: Sequence[Alert]) -> Iterator[Metric]:
    standing, missing = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for alert in alerts:
        condition = alert.condition
        unit = (condition.authority, condition.agent_id)
        standing[*unit, condition.kind] += alert.accepted_at is None
        if condition.kind == "missing":
            missing[unit] += condition.figure
    yield _gauge("alerts", "Open alerts that nobody has accepted", (*_UNIT, "kind"), standing)
    told = "Outbox numbers that have not come for ten minutes, accepted or not"
    yield _gauge("missing_sequences", told, _UNIT, missing)


def _units(units: Sequence[UnitState]) -> Iterator[Metric]:
    heard = {_name(unit): unit.heard_at.timestamp() for unit in units}
    yield _gauge("unit_heard_timestamp_seconds", "When a unit's last heartbeat came", _UNIT, heard)
    up = {_name(unit): unit.state == "up" for unit in units}
    yield _gauge("unit_up", "1 where the last that was heard of a unit is that it is up", _UNIT, up)
    depth = {_name(unit): unit.depth for unit in units}
    yield _gauge("unit_outbox_depth", "Events that wait in a unit's outbox, by its word", _UNIT, depth)


def _clocks(units: Sequence[UnitState]) -> Iterator[Metric]:
    bad = {_name(unit): unit.clock_bad for unit in units}
    yield _gauge("unit_clock_bad", "1 for a clock out of tolerance or not as the unit says", _UNIT, bad)
    claimed = {_name(u): u.clock_within_s for u in units if u.clock_within_s is not None}
    yield _gauge("unit_clock_claimed_seconds", "How far a clock is off at most, by its unit", _UNIT, claimed)
    bounded = [(_name(unit), unit.bounds) for unit in units if unit.bounds is not None]
    least = {name: bounds.least_s for name, bounds in bounded}
    yield _gauge("unit_clock_ahead_least_seconds", "How far a clock is ahead at least", _UNIT, least)
    most = {name: bounds.most_s for name, bounds in bounded if bounds.most_s is not None}
    yield _gauge("unit_clock_ahead_most_seconds", "How far a clock is ahead at most", _UNIT, most)


def _cameras(units: Sequence[UnitState]) -> Metric:
    seeing = {
        (*_name(unit), camera.camera_id): unit.state == "up" and camera.state == "seeing"
        for unit in units
        for camera in unit.cameras
    }
    return _gauge("camera_seeing", "1 for a camera that sees, by its unit", (*_UNIT, "camera"), seeing)


def _evidence(awaited: AwaitedEvidence) -> Iterator[Metric]:
    yield _gauge("evidence_awaited", "Pictures that have not come yet", (), {(): awaited.pictures})
    since: dict[tuple[str, ...], float] = {}
    if awaited.oldest_at is not None:
        since[()] = awaited.oldest_at.timestamp()
    yield _gauge("evidence_awaited_since_timestamp_seconds", "Since when the oldest is awaited", (), since)


def _name(unit: UnitState) -> tuple[str, ...]:
    return unit.authority, unit.agent_id


def _gauge(name: str, told: str, labels: Sequence[str], values: Mapping[tuple[str, ...], float]) -> Metric:
    gauge = GaugeMetricFamily(f"hgv_ingest_{name}", told, labels=labels)
    for key, value in values.items():
        gauge.add_metric(key, value)
    return gauge
