"""What sightings prove. Pure: each conclusion with its reasons, the one that decided first.

Domain rules: through needs entry and exit, a defined pair and direction, and an elapsed time inside the
pair's window, edges included; faster than possible is a misread, never a breach; a clock beyond tolerance, or
an error of both clocks together that could change the conclusion, or a camera that was not seeing while it
had to see, gives no inference - never "stayed" and never "through".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.law.orders import CameraPair, CameraPoint
from ingest.pairing import reasons as why
from ingest.pairing.match import Sighting
from ingest.values import Conclusion, Fact, Reason

# Whether a site was seeing for the whole time between two instants, give or take the seconds.
SiteSeeing = Callable[[str, datetime, datetime, float], bool]

Verdict = tuple[Conclusion, tuple[Reason, ...]]


@dataclass(frozen=True)
class Watch:
    """A site that would have seen the other end of a through drive, and from when until when."""

    site_id: str
    start: datetime
    end: datetime


def judge_pair(
    entry: Sighting,
    leaving: Sighting,
    pair: CameraPair,
    between: Sequence[Sighting],
    site_seeing: SiteSeeing,
) -> Verdict:
    """What an entry and an exit on a defined pair amount to."""
    elapsed_s = why.between_s(entry, leaving)
    facts = why.pair_facts(entry, leaving, pair, elapsed_s)
    error_s = why.clocks_within_s(entry, leaving)
    rests_on = why.steps(entry, leaving, pair, between)
    unreliable = _unreliable(entry, leaving, facts)
    if unreliable is not None:
        return "no_inference", (unreliable, *rests_on)
    conclusion = by_time(elapsed_s, pair)
    if error_s is None or {by_time(elapsed_s - error_s, pair), by_time(elapsed_s + error_s, pair)} != {
        conclusion
    }:
        text = "The possible error of the two clocks together could change the conclusion."
        return "no_inference", (Reason("clock_error", text, {**facts, "clock_error_s": error_s}), *rests_on)
    if conclusion == "stayed":
        return _stayed(
            entry, leaving, Reason("time_stayed", _BY_TIME[conclusion], facts), rests_on, site_seeing
        )
    return conclusion, (Reason(f"time_{conclusion}", _BY_TIME[conclusion], facts), *rests_on)


def judge_turn(
    entry: Sighting, leaving: Sighting, between: Sequence[Sighting], site_seeing: SiteSeeing
) -> Verdict:
    """What an entry and an exit at the same site amount to: never through."""
    elapsed_s, error_s = why.between_s(entry, leaving), why.clocks_within_s(entry, leaving)
    facts: dict[str, Fact] = {"elapsed_s": elapsed_s, "site": entry.seen.site_id}
    rests_on = why.steps(entry, leaving, None, between)
    unreliable = _unreliable(entry, leaving, facts)
    if unreliable is not None:
        return "no_inference", (unreliable, *rests_on)
    if error_s is None or elapsed_s < error_s:
        text = "The possible error of the two clocks together leaves open which sighting came first."
        return "no_inference", (Reason("clock_error", text, {**facts, "clock_error_s": error_s}), *rests_on)
    text = "Came out at the end at which it had gone in: it did not drive through."
    return _stayed(entry, leaving, Reason("turned_round", text, facts), rests_on, site_seeing)


def judge_alone(sighting: Sighting, site_seeing: SiteSeeing) -> Verdict:
    """What one sighting without another amounts to; never a breach."""
    facts: dict[str, Fact] = {"site": sighting.seen.site_id}
    sighted = _sighted(sighting)
    if not sighting.seen.clock_ok:
        text = "The unit's clock was outside the tolerance, unknown or not as the unit said."
        return "no_inference", (Reason("clock", text, facts), sighted, why.order(sighting))
    if not sighting.is_end:
        text = "Seen once inside the zone; one sighting proves nothing where there is access."
        return "unresolved", (Reason("seen_once_inside", text, facts), sighted, why.order(sighting))
    blind = _unwatched([sighting], site_seeing)
    if blind is not None:
        blind = Reason(blind.code, blind.text, {**facts, **blind.facts})
        return "no_inference", (blind, sighted, why.order(sighting))
    if sighting.may_enter:
        code, text = (
            "no_exit_seen",
            "Went in and was not seen coming out in time, though the cameras were seeing.",
        )
    else:
        code, text = "no_entry_seen", "Came out and was not seen going in, though the cameras were seeing."
    return "unresolved", (Reason(code, text, facts), sighted, why.order(sighting))


def by_time(elapsed_s: float, pair: CameraPair) -> Conclusion:
    """What the time between entry and exit says; both edges of the window are inside it."""
    if elapsed_s < pair.min_elapsed_s:
        return "implausible"
    return "through" if elapsed_s <= pair.max_elapsed_s else "stayed"


_BY_TIME: dict[Conclusion, str] = {
    "implausible": "Entry and exit lie closer together than the road can be driven: a misread or mispair.",
    "through": "Entry and exit lie as far apart as driving through takes, without time to load or deliver.",
    "stayed": "Between entry and exit there was more time than driving through takes.",
}


def other_ends(sighting: Sighting) -> list[Watch]:
    """Where and when the other end of a through drive would have been seen, by this sighting's clock."""
    off = timedelta(seconds=sighting.seen.clock_within_s or 0.0)
    pairs = sighting.zone.pairs if sighting.is_end else ()
    ends = []
    for pair in pairs:
        ends += [
            watch for watch in (_exit_watch(sighting, pair, off), _entry_watch(sighting, pair, off)) if watch
        ]
    return ends


def _exit_watch(sighting: Sighting, pair: CameraPair, off: timedelta) -> Watch | None:
    if key(pair.entry) != point(sighting):
        return None
    nearest, furthest = timedelta(seconds=pair.min_elapsed_s), timedelta(seconds=pair.max_elapsed_s)
    at = sighting.seen.captured_at
    return Watch(pair.exit.site_id, at + nearest - off, at + furthest + off)


def _entry_watch(sighting: Sighting, pair: CameraPair, off: timedelta) -> Watch | None:
    if key(pair.exit) != point(sighting) or sighting.may_enter:
        return None
    nearest, furthest = timedelta(seconds=pair.min_elapsed_s), timedelta(seconds=pair.max_elapsed_s)
    at = sighting.seen.captured_at
    return Watch(pair.entry.site_id, at - furthest - off, at - nearest + off)


def point(sighting: Sighting) -> tuple[str, str]:
    """The site and direction of a sighting."""
    return sighting.seen.site_id, sighting.seen.direction


def key(of: CameraPoint) -> tuple[str, str]:
    """The site and direction of an end of a pair."""
    return of.site_id, of.direction


def _stayed(
    entry: Sighting,
    leaving: Sighting,
    reason: Reason,
    rests_on: tuple[Reason, ...],
    site_seeing: SiteSeeing,
) -> Verdict:
    """Stayed, unless it could have been out and in again unseen meanwhile."""
    blind = _unwatched([entry, leaving], site_seeing)
    if blind is not None:
        return "no_inference", (Reason(blind.code, blind.text, {**reason.facts, **blind.facts}), *rests_on)
    return "stayed", (reason, *rests_on)


def _unwatched(ends: Iterable[Sighting], site_seeing: SiteSeeing) -> Reason | None:
    """The first end that was not watched all the time in which a through drive would have been seen there."""
    for sighting in ends:
        for watch in other_ends(sighting):
            is_van = watch.site_id in sighting.vans
            if is_van or not site_seeing(watch.site_id, watch.start, watch.end, 0.0):
                return why.not_watched(watch.site_id, watch.start, watch.end, is_van=is_van)
    return None


def _unreliable(entry: Sighting, leaving: Sighting, facts: dict[str, Fact]) -> Reason | None:
    """Why two sightings cannot be reckoned with together, if so."""
    if not (entry.seen.clock_ok and leaving.seen.clock_ok):
        text = (
            "A unit's clock was outside the tolerance, unknown or not as the unit said: no time between "
            "them can be relied on."
        )
        return Reason("clock", text, facts)
    if not (entry.binds and leaving.binds):
        return Reason("hours", "The order's hours held at only one of the two sightings.", facts)
    return None


def _sighted(sighting: Sighting) -> Reason:
    if not sighting.is_end:
        return why.was_inside(sighting)
    return why.went_in(sighting) if sighting.may_enter else why.came_out(sighting)
