"""Heartbeats into the database. A unit that vanished is said to be lost by the broker, by its last will."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.wire import Health
from ingest.arrivals import Signed
from ingest.doubt import is_news
from ingest.inserts import insert_into
from ingest.outcome import Outcome
from ingest.pairing_due import review_absences, review_camera
from ingest.tables import CAMERA_HEARTBEATS, HEARTBEATS
from ingest.transits import LONGEST_STAY

# A heartbeat that speaks of an older time may change what was concluded from an absence. An absence is
# concluded from ten minutes later at the earliest; half of that is enough. A unit notices a fault of a
# camera's pictures sooner than that.
_LATE_AFTER = timedelta(minutes=5)


def store_heartbeats(
    session: Session, arrived: Sequence[tuple[Signed, Health]], now: datetime, outcome: Outcome
) -> None:
    """Store each heartbeat and what it says of its cameras. A redelivered one is stored once."""
    late: dict[str, list[datetime]] = {}
    for signed, health in arrived:
        heartbeat_id = session.scalar(
            insert_into(session, HEARTBEATS).on_conflict_do_nothing().returning(HEARTBEATS.c.heartbeat_id),
            {
                "authority": health.authority,
                "agent_id": health.agent_id,
                "sent_at": _said_at(signed, health),
                "received_at": signed.arrival.received_at,
                "state": health.state,
                "outbox_id": health.outbox_id,
                "last_seq": health.last_seq,
                "depth": health.depth,
                "clock_source": health.clock.source,
                "clock_offset_s": health.clock.offset_s,
                "clock_error_s": health.clock.error_bound_s,
                "raw": signed.envelope.raw,
            },
        )
        outcome.endings["health", "stored" if heartbeat_id is not None else "duplicate"] += 1
        if heartbeat_id is not None and health.state != "lost":
            _store_cameras(session, heartbeat_id, health)
            _review_doubtful(session, health, now)
            times = [camera.last_frame_at for camera in health.cameras if camera.last_frame_at is not None]
            late.setdefault(health.authority, []).extend(at for at in times if at < now - _LATE_AFTER)
    for authority, times in late.items():
        if times:
            review_absences(
                session, authority, now, since=min(times) - LONGEST_STAY, until=max(times) + LONGEST_STAY
            )


def _said_at(signed: Signed, health: Health) -> datetime:
    """A last will was written when its unit connected; it speaks of the moment it was sent on."""
    return signed.arrival.received_at if health.state == "lost" else health.sent_at


def _review_doubtful(session: Session, health: Health, now: datetime) -> None:
    for camera in health.cameras:
        if camera.faulty_since is not None and is_news(camera):
            review_camera(
                session, health.authority, health.agent_id, camera.camera_id, now, since=camera.faulty_since
            )


def _store_cameras(session: Session, heartbeat_id: int, health: Health) -> None:
    cameras = {camera.camera_id: camera for camera in health.cameras}
    rows = [
        {
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
        }
        for camera in cameras.values()
    ]
    if rows:
        session.execute(insert_into(session, CAMERA_HEARTBEATS), rows)
