"""Old heartbeats that nothing rests on are forgotten: 33 units send a hundred megabytes of them a day.

What stays: of each unit the last one, whatever tells of a fault, a bad clock, a bad disk or a stop, and the
heartbeats around every passage that is still stored, because they are the record of its clock. Uptime is kept
in a table of its own. A passage that comes later than this finds fewer heartbeats around it, so its clock can
only be doubted more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from ingest.database.slices import slices
from ingest.tables import AGENT_KEYS, CAMERA_HEARTBEATS, HEARTBEATS, PASSAGES

_KEPT = timedelta(days=62)
_AROUND_PASSAGES = timedelta(minutes=2)
# Small enough that storing does not wait, and far more than comes between two steps.
_STEP = timedelta(minutes=20)

_BEATS = HEARTBEATS.c


class OldHeartbeats:
    """Walks through the heartbeats from the oldest on, a step at a time."""

    def __init__(self) -> None:
        self._reached: datetime | None = None

    def forget_some(self, session: Session, now: datetime) -> int:
        """Take the next step; how many heartbeats are gone. The caller commits."""
        start = self._reached or _oldest(session)
        if start is None:
            return 0
        end = min(start + _STEP, now - _KEPT)
        if end <= start:
            return 0
        self._reached = end
        units = session.execute(select(AGENT_KEYS.c.authority, AGENT_KEYS.c.agent_id).distinct()).all()
        return sum(_forget(session, authority, agent_id, start, end) for authority, agent_id in units)


def _oldest(session: Session) -> datetime | None:
    """When the oldest heartbeat came, unit by unit: that is what the index is good for."""
    keys = AGENT_KEYS.c
    of_unit = and_(_BEATS.authority == keys.authority, _BEATS.agent_id == keys.agent_id)
    first = select(func.min(_BEATS.received_at)).where(of_unit).scalar_subquery()
    return min((at for at in session.scalars(select(first).select_from(AGENT_KEYS)) if at), default=None)


def _forget(session: Session, authority: str, agent_id: str, start: datetime, end: datetime) -> int:
    beats = _plain_beats(session, authority, agent_id, start, end)
    if not beats:
        return 0
    seen = _passages(session, authority, agent_id, min(beats.values()), max(beats.values()))
    ids = [heartbeat_id for heartbeat_id, sent_at in beats.items() if not _is_near(sent_at, seen)]
    for some in slices(ids):
        for table in (CAMERA_HEARTBEATS, HEARTBEATS):
            session.execute(delete(table).where(table.c.heartbeat_id.in_(some)))
    return len(ids)


def _plain_beats(
    session: Session, authority: str, agent_id: str, start: datetime, end: datetime
) -> dict[int, datetime]:
    """The heartbeats that came in the step, are followed by others and tell of nothing wrong: when sent."""
    ours = and_(_BEATS.authority == authority, _BEATS.agent_id == agent_id)
    came = and_(_BEATS.received_at >= start, _BEATS.received_at < end)
    plain = and_(_BEATS.state == "up", _BEATS.clock_bad != true(), _BEATS.storage == "ok")
    cameras, later = CAMERA_HEARTBEATS.c, aliased(HEARTBEATS).c
    faulty = exists().where(cameras.heartbeat_id == _BEATS.heartbeat_id, cameras.state != "seeing")
    followed = exists().where(
        later.authority == authority, later.agent_id == agent_id, later.received_at >= end
    )
    query = select(_BEATS.heartbeat_id, _BEATS.sent_at).where(ours, came, plain, followed, ~faulty)
    return {row.heartbeat_id: row.sent_at for row in session.execute(query)}


def _passages(
    session: Session, authority: str, agent_id: str, since: datetime, until: datetime
) -> list[datetime]:
    """When the unit's passages were seen that are still stored, in order."""
    rows = PASSAGES.c
    within = rows.captured_at.between(since - _AROUND_PASSAGES, until + _AROUND_PASSAGES)
    query = select(rows.captured_at).where(rows.authority == authority, rows.agent_id == agent_id, within)
    return list(session.scalars(query.order_by(rows.captured_at)))


def _is_near(sent_at: datetime, seen: Sequence[datetime]) -> bool:
    at = bisect_left(seen, sent_at - _AROUND_PASSAGES)
    return at < len(seen) and seen[at] <= sent_at + _AROUND_PASSAGES
