"""When a camera was seeing, from its heartbeats.

Two heartbeats in a row that came close enough together, the camera seeing at both and the later with a newer
frame, say that it saw from the one's last frame to the other's. A fault of its pictures is noticed some time
after it began: that time is taken away again. Frame times are the source's own, so this holds for a film too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import CAMERA_HEARTBEATS, CAMERAS

# A unit beats every 30 s; a few lost beats are not an outage, minutes of silence are.
LONGEST_SILENCE_S = 150.0


@dataclass(frozen=True)
class Beat:
    """What one heartbeat says of one camera. Instants are UTC."""

    sent_at: datetime
    state: str
    last_frame_at: datetime | None
    faulty_since: datetime | None = None


@dataclass(frozen=True)
class Interval:
    """From one instant to another, both inside."""

    start: datetime
    end: datetime


def camera_uptime(session: Session, authority: str, *, since: datetime, until: datetime) -> dict[str, float]:
    """Seconds between `since` and `until` in which each camera was seeing, by camera id."""
    beats = _beats(session, authority, since, until)
    return {camera_id: _covered_s(seeing(told), since, until) for camera_id, told in sorted(beats.items())}


def site_seeing(
    session: Session, authority: str, site_id: str, *, since: datetime, until: datetime
) -> list[Interval]:
    """When any camera of a site was seeing, around `since` to `until`."""
    cameras = session.scalars(
        select(CAMERAS.c.camera_id)
        .where(CAMERAS.c.authority == authority, CAMERAS.c.site_id == site_id)
        .distinct()
    ).all()
    beats = _beats(session, authority, since, until)
    return _merged(interval for camera in cameras for interval in seeing(beats.get(camera, [])))


def seeing(beats: Iterable[Beat]) -> list[Interval]:
    """The intervals that a camera's heartbeats vouch for, merged and in order."""
    ordered = sorted(beats, key=lambda beat: beat.sent_at)
    vouched = _merged(
        Interval(earlier.last_frame_at, later.last_frame_at)
        for earlier, later in pairwise(ordered)
        if earlier.last_frame_at is not None
        and later.last_frame_at is not None
        and earlier.last_frame_at < later.last_frame_at
        and earlier.state == "seeing"
        and later.state in ("seeing", "ended")
        and (later.sent_at - earlier.sent_at).total_seconds() <= LONGEST_SILENCE_S
    )
    return _without(vouched, _faulty(ordered))


def covers(intervals: Iterable[Interval], start: datetime, end: datetime, *, slack_s: float) -> bool:
    """Whether one interval reaches from `start` to `end`, give or take `slack_s` at each end."""
    slack = timedelta(seconds=slack_s)
    return any(i.start - slack <= start and end <= i.end + slack for i in intervals)


def _beats(session: Session, authority: str, since: datetime, until: datetime) -> dict[str, list[Beat]]:
    beats = CAMERA_HEARTBEATS.c
    margin = timedelta(seconds=2 * LONGEST_SILENCE_S)
    query = select(
        beats.camera_id, beats.sent_at, beats.state, beats.last_frame_at, beats.faulty_since
    ).where(
        beats.authority == authority,
        beats.last_frame_at >= since - margin,
        beats.last_frame_at < until + margin,
    )
    found: dict[str, list[Beat]] = {}
    for row in session.execute(query):
        beat = Beat(row.sent_at, row.state, row.last_frame_at, row.faulty_since)
        found.setdefault(row.camera_id, []).append(beat)
    return found


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for interval in sorted(intervals, key=lambda i: (i.start, i.end)):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return merged


def _faulty(beats: Iterable[Beat]) -> list[Interval]:
    """From when until when the pictures were faulty, as far as the beats tell."""
    return _merged(
        Interval(beat.faulty_since, beat.last_frame_at)
        for beat in beats
        if beat.faulty_since is not None
        and beat.last_frame_at is not None
        and beat.faulty_since < beat.last_frame_at
    )


def _without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of `intervals` outside `taken`."""
    left = list(intervals)
    for gone in taken:
        before = [Interval(each.start, min(each.end, gone.start)) for each in left]
        after = [Interval(max(each.start, gone.end), each.end) for each in left]
        left = [each for each in before + after if each.start < each.end]
    return sorted(left, key=lambda each: each.start)


def _covered_s(intervals: Iterable[Interval], since: datetime, until: datetime) -> float:
    clipped = (min(i.end, until) - max(i.start, since) for i in intervals)
    return sum(max(0.0, length.total_seconds()) for length in clipped)
