"""What each unit said last, of itself and of its cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from config.wire import ClockState
from ingest.heartbeats.clocks import ClockBounds, furthest_off_s
from ingest.tables import AGENT_KEYS, CAMERA_HEARTBEATS, HEARTBEATS

_AT_ONCE = 500


@dataclass(frozen=True)
class CameraState:
    """What a unit's last heartbeat said of one camera."""

    camera_id: str
    state: str
    fault: str | None


@dataclass(frozen=True)
class UnitState:
    """The heartbeat of a unit that came last; `state` is "lost" where the broker spoke for it.

    `storage` is how its disk took the last that was written: "ok", "full" or "failing".
    `clock_within_s` is the unit's own claim, None where it makes none; `bounds` are the centre's.
    """

    authority: str
    agent_id: str
    heard_at: datetime
    state: str
    outbox_id: str
    depth: int
    storage: str
    clock_within_s: float | None
    bounds: ClockBounds | None
    clock_bad: bool
    cameras: tuple[CameraState, ...]


def unit_states(session: Session) -> list[UnitState]:
    """The state of every unit that has a key in force and was ever heard."""
    rows = session.execute(_last_beats()).all()
    cameras = _cameras(session, [row.heartbeat_id for row in rows])
    return [_unit_state(row, tuple(cameras.get(row.heartbeat_id, ()))) for row in rows]


def _last_beats() -> Select[Any]:
    """One row for each unit: the heartbeat that came last, without its bytes."""
    of_unit = HEARTBEATS.alias()
    keys = select(AGENT_KEYS.c.authority, AGENT_KEYS.c.agent_id).where(AGENT_KEYS.c.revoked_at.is_(None))
    units = keys.distinct().subquery()
    last = (
        select(of_unit.c.heartbeat_id)
        .where(of_unit.c.authority == units.c.authority, of_unit.c.agent_id == units.c.agent_id)
        .order_by(of_unit.c.received_at.desc(), of_unit.c.heartbeat_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    beats = HEARTBEATS.c
    columns = [column for column in beats if column.name not in ("raw", "sent_at", "last_seq")]
    joined = units.join(HEARTBEATS, beats.heartbeat_id == last)
    return select(*columns).select_from(joined).order_by(beats.authority, beats.agent_id)


def _unit_state(row: Row[Any], cameras: tuple[CameraState, ...]) -> UnitState:
    least_s = row.clock_least_s
    clock = ClockState(source=row.clock_source, offset_s=row.clock_offset_s, error_bound_s=row.clock_error_s)
    return UnitState(
        authority=row.authority,
        agent_id=row.agent_id,
        heard_at=row.received_at,
        state=row.state,
        outbox_id=row.outbox_id,
        depth=row.depth,
        storage=row.storage,
        clock_within_s=furthest_off_s(clock, "live"),
        bounds=None if least_s is None else ClockBounds(least_s, row.clock_most_s),
        clock_bad=row.clock_bad,
        cameras=cameras,
    )


def _cameras(session: Session, heartbeat_ids: Sequence[int]) -> dict[int, list[CameraState]]:
    rows = CAMERA_HEARTBEATS.c
    columns = (rows.heartbeat_id, rows.camera_id, rows.state, rows.fault)
    found: dict[int, list[CameraState]] = {}
    for start in range(0, len(heartbeat_ids), _AT_ONCE):
        query = select(*columns).where(rows.heartbeat_id.in_(heartbeat_ids[start : start + _AT_ONCE]))
        for heartbeat_id, *told in session.execute(query.order_by(rows.camera_id)):
            found.setdefault(heartbeat_id, []).append(CameraState(*told))
    return found
