"""What each unit said last, of itself and of its cameras."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from config.wire import ClockState
from ingest.clocks import ClockBounds, furthest_off_s
from ingest.tables import AGENT_KEYS, CAMERA_HEARTBEATS, HEARTBEATS


@dataclass(frozen=True)
class CameraState:
    """What a unit's last heartbeat said of one camera."""

    camera_id: str
    state: str
    fault: str | None


@dataclass(frozen=True)
class UnitState:
    """The heartbeat of a unit that came last; `state` is "lost" where the broker spoke for it.

    `clock_within_s` is the unit's own claim, None where it makes none; `bounds` are the centre's.
    """

    authority: str
    agent_id: str
    heard_at: datetime
    state: str
    outbox_id: str
    depth: int
    clock_within_s: float | None
    bounds: ClockBounds | None
    clock_bad: bool
    cameras: tuple[CameraState, ...]


def unit_states(session: Session) -> list[UnitState]:
    """The state of every unit that has a key in force and was ever heard."""
    keys = AGENT_KEYS.c
    query = select(keys.authority, keys.agent_id).where(keys.revoked_at.is_(None)).distinct()
    found = []
    for authority, agent_id in session.execute(query.order_by(keys.authority, keys.agent_id)).all():
        state = _unit_state(session, authority, agent_id)
        if state is not None:
            found.append(state)
    return found


def _unit_state(session: Session, authority: str, agent_id: str) -> UnitState | None:
    beats = HEARTBEATS.c
    row = session.execute(
        select(HEARTBEATS)
        .where(beats.authority == authority, beats.agent_id == agent_id)
        .order_by(beats.received_at.desc(), beats.heartbeat_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    least_s = row.clock_least_s
    clock = ClockState(source=row.clock_source, offset_s=row.clock_offset_s, error_bound_s=row.clock_error_s)
    return UnitState(
        authority=authority,
        agent_id=agent_id,
        heard_at=row.received_at,
        state=row.state,
        outbox_id=row.outbox_id,
        depth=row.depth,
        clock_within_s=furthest_off_s(clock, "live"),
        bounds=None if least_s is None else ClockBounds(least_s, row.clock_most_s),
        clock_bad=row.clock_bad,
        cameras=_cameras(session, row),
    )


def _cameras(session: Session, beat: Row[tuple[object, ...]]) -> tuple[CameraState, ...]:
    rows = CAMERA_HEARTBEATS.c
    query = select(rows.camera_id, rows.state, rows.fault).where(rows.heartbeat_id == beat.heartbeat_id)
    return tuple(CameraState(*row) for row in session.execute(query.order_by(rows.camera_id)))
