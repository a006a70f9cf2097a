"""Counts of traffic per minute, class and direction: all that is kept of vehicles that are not HGVs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from edge.seen import SeenVehicle, TrafficCount


class TrafficCounts:
    """Counts vehicles by the minute in which they were last seen."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[datetime, str, str]] = Counter()

    def add(self, vehicle: SeenVehicle) -> None:
        """Count one vehicle."""
        minute = vehicle.last_seen.replace(second=0, microsecond=0)
        self._counts[minute, vehicle.vehicle_class, vehicle.direction] += 1

    def taken(self) -> list[TrafficCount]:
        """What has been counted, in order of time; begins anew."""
        counts, self._counts = self._counts, Counter()
        return [TrafficCount(*key, vehicles) for key, vehicles in sorted(counts.items())]
