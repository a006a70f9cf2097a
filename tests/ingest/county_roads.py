"""A made-up piece of county for situations: three villages' roads, who watches them, and who passed when.

`towards` is into the village and written `in`, `away` is out of it and written `out`:

- the village, watched at `west`, `east` and `north`: any two ends make a pair, 45 to 600 s;
- the lane, which begins where the village ends: in by `east out`, out by `farm out`, and back, 60 to 300 s;
- the ridge, watched at `top` by a camera and at `layby` by a van, 60 to 300 s.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from config.law.orders import CameraPair, CameraPoint, OrderVersion, Zone
from config.sites import Site
from config.wire import ClockState, Deployment, Passage, Plate, Position, Vehicle
from config.wire.values import Direction
from ingest.heartbeats.seeing import Interval
from ingest.pairing.match import Law

LAYBY = (51.8822, -0.3636)
# 300 m from the lay-by, on the same road; and as far off any restricted road.
DOWN_THE_RIDGE, IN_A_FIELD = (51.8796, -0.3618), (51.8822, -0.3590)
_RIDGE = "LINESTRING(512256 222582, 512594 221956, 512911 221317)"
_WAYS: dict[str, Direction] = {"in": "towards", "out": "away"}
_EVER = datetime(2026, 1, 1, tzinfo=UTC)


def _site(site_id: str, kind: str = "fixed") -> Site:
    return Site(
        site_id=site_id,
        site_version=1,
        authority="demo",
        kind="van" if kind == "van" else "fixed",
        name=f"The {site_id} end",
        road="High Street",
        latitude=LAYBY[0],
        longitude=LAYBY[1],
        effective_from=_EVER,
    )


def _pair(entry: tuple[str, str], leaving: tuple[str, str], min_s: float, max_s: float) -> CameraPair:
    ends = [CameraPoint(site_id=site_id, direction=_WAYS[way]) for site_id, way in (entry, leaving)]
    return CameraPair(
        entry=ends[0],
        exit=ends[1],
        min_elapsed_s=min_s,
        max_elapsed_s=max_s,
        calibrated_by="Sergeant Sample",
        calibrated_on=date(2026, 1, 2),
    )


def _order(name: str, pairs: list[CameraPair], sections: tuple[str, ...] = ()) -> OrderVersion:
    return OrderVersion(
        order_id=f"{name}-order",
        version=1,
        authority="demo",
        title=f"The ({name}) Order",
        type="permanent",
        purpose="environmental",
        limit_kg=7500,
        weight_basis="plated_maximum",
        effective_from=date(2026, 1, 1),
        sections=sections,
        zones=(Zone(zone_id=name, name=name, parish=name, pairs=tuple(pairs)),),
    )


_ENDS = ("west", "east", "north")
SITES = (*map(_site, (*_ENDS, "farm", "top")), _site("layby", "van"))
ORDERS = (
    _order("village", [_pair((a, "in"), (b, "out"), 45, 600) for a, b in permutations(_ENDS, 2)]),
    _order(
        "lane",
        [_pair(("east", "out"), ("farm", "out"), 60, 300), _pair(("farm", "in"), ("east", "in"), 60, 300)],
    ),
    _order(
        "ridge",
        [_pair(("top", "in"), ("layby", "out"), 60, 300), _pair(("layby", "in"), ("top", "out"), 60, 300)],
        (_RIDGE,),
    ),
)
LAW = Law({(s.site_id, 1): s for s in SITES}, {order.order_id: (order,) for order in ORDERS})


@dataclass(frozen=True)
class Passed:
    """Who passed where when: `12:00:00 west in AB12CDE`, an hour over 23 being on the next day.

    Words behind: `5s` is how far the clock may be off, `bad` a clock out of tolerance; for a van, what of its
    deployment or place is not as it should be: `ended`, `undeployed`, `down`, `field`.
    """

    text: str
    day: date

    def passage(self) -> Passage:
        """As a unit tells it."""
        clock, site_id, way, vrm, *words = self.text.split()
        at = instant(self.day, clock)
        off_s = next((float(word.removesuffix("s")) for word in words if word[0].isdigit()), 0.0)
        place = {"down": DOWN_THE_RIDGE, "field": IN_A_FIELD}.get(next(iter(words), ""), LAYBY)
        return Passage(
            passage_id=hashlib.sha256(f"{self.day} {self.text}".encode()).hexdigest()[:32],
            authority="demo",
            agent_id=f"unit-{site_id}",
            camera_id="front",
            site_id=site_id,
            site_version=1,
            source="live",
            captured_at=at,
            first_seen=at,
            last_seen=at,
            frame_number=1,
            direction=_WAYS[way],
            position=Position(latitude=place[0], longitude=place[1], source="site"),
            deployment=_deployment(at, words) if site_id == "layby" else None,
            vehicle=Vehicle(class_="truck", hgv=0.9, detector_score=0.9, box=(1, 2, 30, 40)),
            plate=Plate(text=vrm, confidence=0.9, looks=3),
            clock=ClockState(source="chrony", offset_s=0.0, error_bound_s=60.0 if "bad" in words else off_s),
            software="test",
        )


def _deployment(at: datetime, words: list[str]) -> Deployment | None:
    if "undeployed" in words:
        return None
    ends_at = at - timedelta(seconds=1) if "ended" in words else at + timedelta(hours=1)
    return Deployment(deployment_id="d1", started_at=at - timedelta(hours=2), ended_at=ends_at)


def instant(day: date, clock: str) -> datetime:
    """A time of day in UTC, `25:00:00` being one o'clock on the next."""
    hours, minutes, seconds = clock.split(":")
    length = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + length


def seeing(day: date, outages: tuple[str, ...]) -> dict[str, list[Interval]]:
    """When each site was seeing, around a day: all the time but for outages, `east 12:00:00 12:05:00`."""
    found = {}
    for site in SITES:
        at, intervals = instant(day, "-48:00:00"), []
        for outage in sorted(each.split()[1:] for each in outages if each.split()[0] == site.site_id):
            start, end = (instant(day, clock) for clock in outage)
            intervals.append(Interval(at, start))
            at = end
        found[site.site_id] = [*intervals, Interval(at, instant(day, "96:00:00"))]
    return found
