"""When a camera was seeing, from its heartbeats.

A heartbeat says since when a camera has been seeing without a break; what the one before it told of is not
told again. Where it does not say so, two heartbeats in a row that came close enough together, the camera
seeing at both and the later with a newer frame, vouch for the time between their last frames. A fault of its
pictures is noticed some time after it began: that time is taken away again. Frame times are the source's own,
so this holds for a film too. A heartbeat of a unit whose clock was bad vouches for nothing (domain.md, rule
15).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# A unit beats every 30 s; a few lost beats are not an outage, minutes of silence are.
LONGEST_SILENCE_S = 150.0


@dataclass(frozen=True)
class Beat:
    """What one heartbeat says of one camera. Instants are UTC."""

    sent_at: datetime
    state: str
    last_frame_at: datetime | None
    faulty_since: datetime | None = None
    site_version: int = 1
    clock_bad: bool = False
    seeing_since: datetime | None = None


@dataclass(frozen=True)
class Interval:
    """From one instant to another, both inside."""

    start: datetime
    end: datetime


def seeing(beats: Iterable[Beat]) -> list[Interval]:
    """The intervals that a camera's heartbeats vouch for, merged and in order."""
    ordered = sorted(beats, key=lambda beat: beat.sent_at)
    pairs = zip([None, *ordered], ordered, strict=False)
    vouched = [interval for pair in pairs if (interval := vouched_for(*pair)) is not None]
    return without(merged(vouched), faulty(ordered))


def vouched_for(earlier: Beat | None, later: Beat) -> Interval | None:
    """The time for which a heartbeat vouches, together with the one before it where there is one."""
    start, end = _seeing_from(earlier, later), later.last_frame_at
    clock_bad = later.clock_bad or (earlier is not None and earlier.clock_bad)
    if start is None or end is None or start >= end or later.state not in ("seeing", "ended") or clock_bad:
        return None
    return Interval(start, end)


def _seeing_from(earlier: Beat | None, later: Beat) -> datetime | None:
    before = earlier.last_frame_at if earlier is not None else None
    if later.seeing_since is not None:
        return later.seeing_since if before is None else max(before, later.seeing_since)
    if (
        earlier is None
        or earlier.state != "seeing"
        or earlier.site_version != later.site_version
        or (later.sent_at - earlier.sent_at).total_seconds() > LONGEST_SILENCE_S
    ):
        return None
    return before


def faulty(beats: Iterable[Beat]) -> list[Interval]:
    """From when until when the pictures were faulty, as far as the beats tell."""
    return merged(
        Interval(beat.faulty_since, beat.last_frame_at)
        for beat in beats
        if beat.faulty_since is not None
        and beat.last_frame_at is not None
        and beat.faulty_since < beat.last_frame_at
    )


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same times in as few intervals as possible, in order."""
    found: list[Interval] = []
    for interval in sorted(intervals, key=lambda i: (i.start, i.end)):
        if found and interval.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, interval.end))
        else:
            found.append(interval)
    return found


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of `intervals` outside `taken`, in order."""
    left = list(intervals)
    for gone in taken:
        before = [Interval(each.start, min(each.end, gone.start)) for each in left]
        after = [Interval(max(each.start, gone.end), each.end) for each in left]
        left = [each for each in before + after if each.start < each.end]
    return sorted(left, key=lambda each: each.start)


def covers(intervals: Iterable[Interval], start: datetime, end: datetime, *, slack_s: float) -> bool:
    """Whether one interval reaches from `start` to `end`, give or take `slack_s` at each end."""
    slack = timedelta(seconds=slack_s)
    return any(i.start - slack <= start and end <= i.end + slack for i in intervals)


def covered_s(intervals: Iterable[Interval], since: datetime, until: datetime) -> float:
    """How many seconds between `since` and `until` lie in the intervals."""
    clipped = (min(i.end, until) - max(i.start, since) for i in intervals)
    return sum(max(0.0, length.total_seconds()) for length in clipped)
