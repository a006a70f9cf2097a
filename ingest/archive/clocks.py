"""What a unit said of its clock and of one camera around an instant: the heartbeats next to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, UnaryExpression, and_, select
from sqlalchemy.orm import Session

from ingest.tables import CAMERA_HEARTBEATS, HEARTBEATS

_NEAR = timedelta(hours=1)
_EACH_SIDE = 3


@dataclass(frozen=True)
class ClockRecord:
    """One heartbeat: the unit's own estimate of its clock, what the centre saw of it, and one camera's state.

    The unit's clock was ahead of the centre's by `least_s` at least and by `most_s` at most; None is not
    known. `raw` is the signed envelope as it came.
    """

    sent_at: datetime
    received_at: datetime
    clock_source: str
    offset_s: float | None
    error_s: float | None
    least_s: float | None
    most_s: float | None
    clock_bad: bool
    camera_state: str | None
    camera_fault: str | None
    frames: int | None
    raw: bytes


def clock_records(
    session: Session, authority: str, agent_id: str, camera_id: str, at: datetime
) -> list[ClockRecord]:
    """The three heartbeats before `at` and the three after it, oldest first; none from beyond an hour.

    A will that the broker sent for a lost unit is none of them.
    """
    beats = HEARTBEATS.c
    before = _records(
        session, authority, agent_id, camera_id, beats.sent_at.between(at - _NEAR, at), beats.sent_at.desc()
    )
    later = and_(beats.sent_at > at, beats.sent_at <= at + _NEAR)
    after = _records(session, authority, agent_id, camera_id, later, beats.sent_at.asc())
    return [*reversed(before), *after]


def _records(
    session: Session,
    authority: str,
    agent_id: str,
    camera_id: str,
    within: ColumnElement[bool],
    nearest: UnaryExpression[datetime],
) -> list[ClockRecord]:
    beats, cameras = HEARTBEATS.c, CAMERA_HEARTBEATS.c
    of_camera = and_(cameras.heartbeat_id == beats.heartbeat_id, cameras.camera_id == camera_id)
    query = (
        select(
            beats.sent_at,
            beats.received_at,
            beats.clock_source,
            beats.clock_offset_s,
            beats.clock_error_s,
            beats.clock_least_s,
            beats.clock_most_s,
            beats.clock_bad,
            cameras.state,
            cameras.fault,
            cameras.frames,
            beats.raw,
        )
        .join(CAMERA_HEARTBEATS, of_camera, isouter=True)
        .where(beats.authority == authority, beats.agent_id == agent_id, beats.state != "lost", within)
        .order_by(nearest)
        .limit(_EACH_SIDE)
    )
    return [ClockRecord(*row) for row in session.execute(query)]
