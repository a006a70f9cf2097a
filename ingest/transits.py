"""Sightings of one VRM in one zone, paired into transits. Pure: the same sightings give the same transits.

Two sightings in a row make a pair where one may enter and the next may exit, whatever order they arrived in.
Domain rules: through needs entry and exit, the same VRM, a defined pair and direction, and an elapsed time
inside the pair's window, edges included; faster than possible is a misread, never a breach; a clock beyond
tolerance, or an error that could change the conclusion, or a camera that was not seeing, gives no inference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from config.law.orders import CameraPair, CameraPoint
from ingest.match import Sighting
from ingest.values import Conclusion, Fact, Reason

# A vehicle that comes out later than this has no entry that could be told to be its own.
LONGEST_STAY = timedelta(hours=24)
# How long after the window a missing sighting may still come before its absence is concluded from.
GRACE = timedelta(minutes=10)
# Heartbeats come every half minute; a camera's first and last frame may be this far from the window's edge.
_EDGE_S = 60.0

# Whether a site was seeing for the whole time between two instants, give or take the seconds.
SiteSeeing = Callable[[str, datetime, datetime, float], bool]


@dataclass(frozen=True)
class Transit:
    """What one or two sightings amount to."""

    transit_id: str
    judged_by: Sighting
    entry: Sighting | None
    exit: Sighting | None
    conclusion: Conclusion
    reasons: tuple[Reason, ...]
    elapsed_s: float | None

    @property
    def passage_ids(self) -> tuple[str, ...]:
        """The passages that it rests on."""
        return tuple(each.seen.passage_id for each in (self.entry, self.exit) if each is not None)


@dataclass(frozen=True)
class Pairs:
    """The transits that sightings make, and the sightings whose other end may still come, until when."""

    transits: list[Transit]
    waiting: list[tuple[Sighting, datetime]]


def transits_of(sightings: Iterable[Sighting], site_seeing: SiteSeeing, now: datetime) -> Pairs:
    """What the sightings of one VRM in one zone amount to at `now`.

    A sighting outside the order's hours makes no transit by itself.
    """
    ordered = sorted(sightings, key=lambda s: (s.seen.captured_at, s.seen.passage_id))
    found = Pairs([], [])
    linked: set[str] = set()
    for earlier, later in pairwise(ordered):
        pair = _pair(earlier, later)
        if pair is not None:
            linked |= {earlier.seen.passage_id, later.seen.passage_id}
            if earlier.binds or later.binds:
                found.transits.append(_linked(earlier, later, pair))
    for sighting in ordered:
        if sighting.binds and sighting.seen.passage_id not in linked:
            end = _end_of_wait(sighting)
            if end > now:
                found.waiting.append((sighting, end))
            else:
                found.transits.append(_alone(sighting, site_seeing))
    return found


def _pair(earlier: Sighting, later: Sighting) -> CameraPair | None:
    if later.seen.captured_at - earlier.seen.captured_at > LONGEST_STAY:
        return None
    ends = (_point(earlier), _point(later))
    pairs = earlier.zone.pairs
    return next((pair for pair in pairs if (_key(pair.entry), _key(pair.exit)) == ends), None)


def _linked(entry: Sighting, leaving: Sighting, pair: CameraPair) -> Transit:
    elapsed_s = (leaving.seen.captured_at - entry.seen.captured_at).total_seconds()
    conclusion, reason = _judge(entry, leaving, pair, elapsed_s)
    return Transit(
        transit_id=_transit_id(entry, entry, leaving),
        judged_by=entry,
        entry=entry,
        exit=leaving,
        conclusion=conclusion,
        reasons=(reason,),
        elapsed_s=elapsed_s,
    )


def _judge(
    entry: Sighting, leaving: Sighting, pair: CameraPair, elapsed_s: float
) -> tuple[Conclusion, Reason]:
    facts: dict[str, Fact] = {
        "elapsed_s": elapsed_s,
        "min_elapsed_s": pair.min_elapsed_s,
        "max_elapsed_s": pair.max_elapsed_s,
        "entry_site": entry.seen.site_id,
        "exit_site": leaving.seen.site_id,
    }
    if not (entry.seen.clock_ok and leaving.seen.clock_ok):
        text = (
            "A unit's clock was outside the tolerance, unknown or not as the unit said: no time between "
            "them can be relied on."
        )
        return "no_inference", Reason("clock", text, facts)
    if not (entry.binds and leaving.binds):
        text = "The order's hours held at only one of the two sightings."
        return "no_inference", Reason("hours", text, facts)
    error_s = (entry.seen.clock_within_s or 0.0) + (leaving.seen.clock_within_s or 0.0)
    conclusion = _by_time(elapsed_s, pair)
    if {_by_time(elapsed_s - error_s, pair), _by_time(elapsed_s + error_s, pair)} != {conclusion}:
        text = "The possible error of the two clocks together could change the conclusion."
        return "no_inference", Reason("clock_error", text, {**facts, "clock_error_s": error_s})
    return conclusion, Reason(f"time_{conclusion}", _BY_TIME[conclusion], facts)


def _by_time(elapsed_s: float, pair: CameraPair) -> Conclusion:
    if elapsed_s < pair.min_elapsed_s:
        return "implausible"
    return "through" if elapsed_s <= pair.max_elapsed_s else "stayed"


_BY_TIME: dict[Conclusion, str] = {
    "implausible": "Entry and exit lie closer together than the road can be driven: a misread or mispair.",
    "through": "Entry and exit lie as far apart as driving through takes, without time to load or deliver.",
    "stayed": "Between entry and exit there was more time than driving through takes.",
}


def _alone(sighting: Sighting, site_seeing: SiteSeeing) -> Transit:
    conclusion, reason = _judge_alone(sighting, site_seeing)
    enters = sighting.may_enter
    leaves = sighting.may_exit and not enters
    entry, leaving = (None, sighting) if leaves else (sighting, None)
    return Transit(
        transit_id=_transit_id(sighting, entry, leaving),
        judged_by=sighting,
        entry=entry,
        exit=leaving,
        conclusion=conclusion,
        reasons=(reason,),
        elapsed_s=None,
    )


def _judge_alone(sighting: Sighting, site_seeing: SiteSeeing) -> tuple[Conclusion, Reason]:
    seen = sighting.seen
    facts: dict[str, Fact] = {"site": seen.site_id}
    if not seen.clock_ok:
        text = "The unit's clock was outside the tolerance, unknown or not as the unit said."
        return "no_inference", Reason("clock", text, facts)
    if not (sighting.may_enter or sighting.may_exit):
        text = "Seen once inside the zone; one sighting proves nothing where there is access."
        return "unresolved", Reason("seen_once_inside", text, facts)
    for site_id, start, end in _other_ends(sighting):
        if not site_seeing(site_id, start, end, _EDGE_S):
            text = "The camera at the other end was not seeing for the whole time in which it had to see."
            return "no_inference", Reason("camera_not_seeing", text, {**facts, "other_site": site_id})
    if sighting.may_enter:
        text = "Went in and was not seen coming out in time, though the cameras were seeing."
        return "unresolved", Reason("no_exit_seen", text, facts)
    text = "Came out and was not seen going in, though the cameras were seeing."
    return "unresolved", Reason("no_entry_seen", text, facts)


def _other_ends(sighting: Sighting) -> list[tuple[str, datetime, datetime]]:
    """The sites that would have seen the other end of a through drive, and from when until when."""
    at, here = sighting.seen.captured_at, _point(sighting)
    ends = []
    for pair in sighting.zone.pairs:
        nearest, furthest = timedelta(seconds=pair.min_elapsed_s), timedelta(seconds=pair.max_elapsed_s)
        if _key(pair.entry) == here:
            ends.append((pair.exit.site_id, at + nearest, at + furthest))
        if _key(pair.exit) == here and not sighting.may_enter:
            ends.append((pair.entry.site_id, at - furthest, at - nearest))
    return ends


def _end_of_wait(sighting: Sighting) -> datetime:
    """Until when the other end may come; for a sighting inside the zone nothing else is awaited."""
    if not (sighting.may_enter or sighting.may_exit):
        return datetime.min.replace(tzinfo=UTC)
    latest = max([end for _, _, end in _other_ends(sighting)] + [sighting.seen.captured_at])
    return latest + GRACE


def _transit_id(judged_by: Sighting, entry: Sighting | None, leaving: Sighting | None) -> str:
    ids: Sequence[str] = [each.seen.passage_id if each else "-" for each in (entry, leaving)]
    text = "|".join([judged_by.order.order_id, judged_by.zone.zone_id, *ids])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _point(sighting: Sighting) -> tuple[str, str]:
    return sighting.seen.site_id, sighting.seen.direction


def _key(point: CameraPoint) -> tuple[str, str]:
    return point.site_id, point.direction
