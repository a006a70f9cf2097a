"""Heartbeats into the database. A unit that vanished is said to be lost by the broker, by its last will."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from config.wire import Health
from ingest.database.inserts import insert_into
from ingest.heartbeats.clocks import ClockBounds, clock_bounds, is_clock_bad
from ingest.heartbeats.seeing import Interval
from ingest.heartbeats.uptime import Camera, store_beat
from ingest.intake.arrivals import Signed
from ingest.intake.outcome import Outcome
from ingest.pairing.clock_doubt import doubt_around
from ingest.pairing.doubt import is_news
from ingest.pairing.due import review_absences, review_camera
from ingest.pairing.transits import LONGEST_STAY
from ingest.tables import HEARTBEATS

# A heartbeat that speaks of an older time may change what was concluded from an absence. An absence is
# concluded from ten minutes later at the earliest; half of that is enough. A unit notices a fault of a
# camera's pictures sooner than that.
_LATE_AFTER = timedelta(minutes=5)


def store_heartbeats(
    session: Session,
    arrived: Sequence[tuple[Signed, Health]],
    tolerance_s: float,
    now: datetime,
    outcome: Outcome,
) -> None:
    """Store each heartbeat once, with what it says of its cameras and what follows from its clock."""
    _lock(session, {(health.authority, health.agent_id) for _, health in arrived})
    known_anew: dict[str, list[Interval]] = {}
    for signed, health in arrived:
        found = _store(session, signed, health, tolerance_s, now)
        outcome.endings["health", "duplicate" if found is None else "stored"] += 1
        late = [stretch for stretch in found or () if stretch.start < now - _LATE_AFTER]
        known_anew.setdefault(health.authority, []).extend(late)
    for authority, stretches in known_anew.items():
        if stretches:
            since, until = min(each.start for each in stretches), max(each.end for each in stretches)
            review_absences(session, authority, now, since=since - LONGEST_STAY, until=until + LONGEST_STAY)


def _store(
    session: Session, signed: Signed, health: Health, tolerance_s: float, now: datetime
) -> list[Interval] | None:
    """Store a heartbeat; the times of which more is known of its cameras now, None for one that was there."""
    bounds = clock_bounds(health, signed.arrival.received_at) if health.state != "lost" else None
    bad = bounds is not None and is_clock_bad(health, bounds, tolerance_s)
    heartbeat_id = session.scalar(
        insert_into(session, HEARTBEATS).on_conflict_do_nothing().returning(HEARTBEATS.c.heartbeat_id),
        {**_row(signed, health), **_clock(bounds), "clock_bad": bad},
    )
    if heartbeat_id is None:
        return None
    if health.state == "lost":
        return []
    stretches = _store_cameras(session, heartbeat_id, health, clock_bad=bad)
    doubt_around(session, health.authority, health.agent_id, health.sent_at, now)
    _review_doubtful(session, health, now)
    return stretches


def _lock(session: Session, units: Iterable[tuple[str, str]]) -> None:
    """Have one ingester at a time reckon with a unit's heartbeats; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        for authority, agent_id in sorted(units):
            lock = text("SELECT pg_advisory_xact_lock(hashtext(:authority), hashtext(:agent_id))")
            session.execute(lock, {"authority": authority, "agent_id": agent_id})


def _row(signed: Signed, health: Health) -> dict[str, Any]:
    # A last will was written when its unit connected; it speaks of the moment it was sent on.
    said_at = signed.arrival.received_at if health.state == "lost" else health.sent_at
    return {
        "authority": health.authority,
        "agent_id": health.agent_id,
        "sent_at": said_at,
        "received_at": signed.arrival.received_at,
        "state": health.state,
        "outbox_id": health.outbox_id,
        "last_seq": health.last_seq,
        "depth": health.depth,
        "storage": health.storage,
        "clock_source": health.clock.source,
        "clock_offset_s": health.clock.offset_s,
        "clock_error_s": health.clock.error_bound_s,
        "raw": signed.envelope.raw,
    }


def _clock(bounds: ClockBounds | None) -> dict[str, float | None]:
    return {
        "clock_least_s": bounds.least_s if bounds else None,
        "clock_most_s": bounds.most_s if bounds else None,
    }


def _review_doubtful(session: Session, health: Health, now: datetime) -> None:
    for camera in health.cameras:
        if camera.faulty_since is not None and is_news(camera):
            review_camera(
                session, health.authority, health.agent_id, camera.camera_id, now, since=camera.faulty_since
            )


def _store_cameras(session: Session, heartbeat_id: int, health: Health, *, clock_bad: bool) -> list[Interval]:
    found = []
    for camera in {camera.camera_id: camera for camera in health.cameras}.values():
        row = {
            "heartbeat_id": heartbeat_id,
            "camera_id": camera.camera_id,
            "authority": health.authority,
            "agent_id": health.agent_id,
            "site_version": camera.site_version,
            "state": camera.state,
            "frames": camera.frames,
            "sent_at": health.sent_at,
            "last_frame_at": camera.last_frame_at,
            "reason": camera.reason,
            "fault": camera.fault,
            "faulty_since": camera.faulty_since,
            "seeing_since": camera.seeing_since,
        }
        which = Camera(health.authority, health.agent_id, camera.camera_id)
        found.append(store_beat(session, which, row, clock_bad=clock_bad))
    return [stretch for stretch in found if stretch is not None]
