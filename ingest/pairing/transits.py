"""Sightings of one VRM in one zone, paired into transits. Pure: the same sightings give the same transits.

Two sightings at ends of the zone that follow each other make a pair where one may enter and the next may
exit, whatever order they arrived in; what was seen inside meanwhile does not part them. Where it came out at
the end at which it had gone in, it turned round. A sighting at an end that makes no pair stands alone; a
place that is the exit of one pair and the entry of another may end one transit and begin the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from config.law.orders import CameraPair
from ingest.pairing.match import Sighting
from ingest.pairing.verdicts import SiteSeeing, judge_alone, judge_pair, judge_turn, key, other_ends, point
from ingest.values import Conclusion, Reason

__all__ = [
    "GRACE",
    "LONGEST_STAY",
    "Pairs",
    "SiteSeeing",
    "Transit",
    "pair_between",
    "transit_id",
    "transits_of",
]

# A vehicle that comes out later than this has no entry that could be told to be its own.
LONGEST_STAY = timedelta(hours=24)
# How long after the window a missing sighting may still come before its absence is concluded from.
GRACE = timedelta(minutes=10)


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

    @property
    def is_alone(self) -> bool:
        """Whether it is one sighting at an end, whose other end was not seen."""
        return (self.entry is None or self.exit is None) and self.judged_by.is_end

    @property
    def exit_vrm(self) -> str | None:
        """The mark read at the exit, where it is another one than at the entry."""
        same = self.exit is None or self.exit.seen.vrm == self.judged_by.seen.vrm
        return None if same or self.exit is None else self.exit.seen.vrm


@dataclass(frozen=True)
class Pairs:
    """The transits that sightings make, and the sightings that have to be looked at again, and when."""

    transits: list[Transit]
    waiting: list[tuple[Sighting, datetime]]


@dataclass(frozen=True)
class _Link:
    """An entry and the exit that follows it; no pair where it came out where it went in."""

    entry: Sighting
    exit: Sighting
    pair: CameraPair | None
    between: Sequence[Sighting]


def transits_of(sightings: Iterable[Sighting], site_seeing: SiteSeeing, now: datetime) -> Pairs:
    """What the sightings of one VRM in one zone amount to at `now`.

    A sighting outside the order's hours makes no transit by itself.
    """
    ordered = sorted(sightings, key=lambda s: (s.seen.captured_at, s.seen.passage_id))
    found = Pairs([], [])
    linked: set[str] = set()
    for link in _links(ordered):
        linked |= {each.seen.passage_id for each in (link.entry, *link.between, link.exit)}
        if link.entry.binds or link.exit.binds:
            _add_linked(found, link, site_seeing, now)
    for sighting in ordered:
        if sighting.binds and sighting.seen.passage_id not in linked:
            end = _end_of_wait(sighting)
            if end > now:
                found.waiting.append((sighting, end))
            else:
                found.transits.append(_alone(sighting, site_seeing))
    return found


def pair_between(entry: Sighting, leaving: Sighting) -> CameraPair | None:
    """The pair of the entry's zone whose ends these are, in this order; never one of a single site."""
    if entry.seen.site_id == leaving.seen.site_id or not (entry.may_enter and leaving.may_exit):
        return None
    ends = (point(entry), point(leaving))
    return next((pair for pair in entry.zone.pairs if (key(pair.entry), key(pair.exit)) == ends), None)


def transit_id(judged_by: Sighting, entry: Sighting | None, leaving: Sighting | None) -> str:
    """The name of the transit that rests on these; the same for the same passages, order and zone."""
    ids: Sequence[str] = [each.seen.passage_id if each else "-" for each in (entry, leaving)]
    text = "|".join([judged_by.order.order_id, judged_by.zone.zone_id, *ids])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _links(ordered: Sequence[Sighting]) -> list[_Link]:
    ends = [place for place, sighting in enumerate(ordered) if sighting.is_end]
    found = []
    for here, there in pairwise(ends):
        entry, leaving, between = ordered[here], ordered[there], ordered[here + 1 : there]
        if leaving.seen.captured_at - entry.seen.captured_at > LONGEST_STAY:
            continue
        pair = pair_between(entry, leaving)
        if pair is not None or _turned(entry, leaving):
            found.append(_Link(entry, leaving, pair, between))
    return found


def _turned(entry: Sighting, leaving: Sighting) -> bool:
    same_site = entry.seen.site_id == leaving.seen.site_id
    other_way = entry.seen.direction != leaving.seen.direction
    return same_site and other_way and entry.may_enter and leaving.may_exit


def _add_linked(found: Pairs, link: _Link, site_seeing: SiteSeeing, now: datetime) -> None:
    entry, leaving = link.entry, link.exit
    if link.pair is None:
        conclusion, reasons = judge_turn(entry, leaving, link.between, site_seeing)
    else:
        conclusion, reasons = judge_pair(entry, leaving, link.pair, link.between, site_seeing)
    elapsed_s = (leaving.seen.captured_at - entry.seen.captured_at).total_seconds()
    named = transit_id(entry, entry, leaving)
    found.transits.append(Transit(named, entry, entry, leaving, conclusion, reasons, elapsed_s))
    end = leaving.seen.captured_at + GRACE
    if reasons[0].code == "camera_not_seeing" and end > now:  # its heartbeats may still come
        found.waiting.append((leaving, end))


def _alone(sighting: Sighting, site_seeing: SiteSeeing) -> Transit:
    conclusion, reasons = judge_alone(sighting, site_seeing)
    leaves = sighting.may_exit and not sighting.may_enter
    entry, leaving = (None, sighting) if leaves else (sighting, None)
    named = transit_id(sighting, entry, leaving)
    return Transit(named, sighting, entry, leaving, conclusion, reasons, None)


def _end_of_wait(sighting: Sighting) -> datetime:
    """Until when the other end may come; for a sighting inside the zone nothing else is awaited."""
    if not sighting.is_end:
        return datetime.min.replace(tzinfo=UTC)
    latest = max([watch.end for watch in other_ends(sighting)] + [sighting.seen.captured_at])
    return latest + GRACE
