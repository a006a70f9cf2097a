"""Counts of all traffic, gathered until a minute is over, as messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from config.settings import Camera
from config.wire import Traffic, TrafficCount
from edge import seen
from edge.messages.ids import Ids
from edge.messages.passage import UnitName

# A vehicle that is still followed when its minute ends is counted when it has left; most have by then.
_SETTLED_AFTER = timedelta(seconds=90)
_DIRECTIONS: dict[str, seen.Direction] = {"towards": "towards", "away": "away"}


class MinuteCounts:
    """Counts of one camera, gathered until their minute is over, then given as one message."""

    def __init__(self, camera: Camera, unit: UnitName, ids: Ids) -> None:
        self._camera = camera
        self._unit = unit
        self._ids = ids
        self._gathered: defaultdict[datetime, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._parts: Counter[datetime] = Counter()

    def add(self, counts: Iterable[seen.TrafficCount]) -> None:
        """Gather counts."""
        for count in counts:
            self._gathered[count.minute][count.vehicle_class, count.direction] += count.vehicles

    def over_by(self, now: datetime) -> list[Traffic]:
        """The minutes that were over well before `now`."""
        over = sorted(minute for minute in self._gathered if minute + _SETTLED_AFTER <= now)
        return [self._message(minute) for minute in over]

    def all(self) -> list[Traffic]:
        """All minutes; the source has ended."""
        return [self._message(minute) for minute in sorted(self._gathered)]

    def _message(self, minute: datetime) -> Traffic:
        counted = self._gathered.pop(minute)
        self._parts[minute] += 1
        traffic_id = self._ids.traffic_id(minute, self._parts[minute])
        self._parts = Counter({m: n for m, n in self._parts.items() if minute - m < timedelta(days=1)})
        site = self._camera.site
        return Traffic(
            traffic_id=traffic_id,
            authority=self._unit.authority,
            agent_id=self._unit.agent_id,
            camera_id=self._camera.camera_id,
            site_id=site.site_id,
            site_version=site.site_version,
            minute=minute,
            counts=tuple(_count(*key, vehicles) for key, vehicles in sorted(counted.items())),
        )


def _count(vehicle_class: str, direction: str, vehicles: int) -> TrafficCount:
    known = _DIRECTIONS.get(direction, "unknown")
    return TrafficCount(class_=vehicle_class, direction=known, vehicles=vehicles)
