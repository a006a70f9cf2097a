"""Passages whose time or direction cannot be relied on, because their camera was stuck or had been moved.

A unit stops telling them when it notices the fault; what it told before that, it takes back by saying since
when the pictures were faulty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from config.wire import CameraHealth
from ingest.match import Seen
from ingest.tables import CAMERA_HEARTBEATS, PASSAGES
from ingest.transits import Transit
from ingest.values import Reason

# A stuck camera shows vehicles again at a time that is not theirs; a moved one shows another way.
DOUBTFUL = ("frozen", "moved")
# A unit notices sooner than this, and beats every half minute.
NOTICED_WITHIN = timedelta(minutes=10)


def is_news(camera: CameraHealth) -> bool:
    """Whether what a heartbeat says of a camera casts doubt on passages that were told before."""
    return (
        camera.fault in DOUBTFUL
        and camera.faulty_since is not None
        and camera.last_frame_at is not None
        and camera.last_frame_at - camera.faulty_since <= NOTICED_WITHIN
    )


def without_doubtful(session: Session, authority: str, transits: Iterable[Transit]) -> list[Transit]:
    """The same transits, but no inference where one that says "through" rests on a doubtful passage."""
    return [_doubted(session, authority, each) if each.conclusion == "through" else each for each in transits]


def _doubted(session: Session, authority: str, transit: Transit) -> Transit:
    ends = [end.seen for end in (transit.entry, transit.exit) if end is not None]
    for seen in ends:
        fault = _fault_at(session, authority, seen)
        if fault is not None:
            text = (
                "A camera's pictures were found faulty at this time: when or which way it went is not sure."
            )
            reason = Reason("camera_faulty", text, {"site": seen.site_id, "fault": fault})
            return replace(transit, conclusion="no_inference", reasons=(reason,))
    return transit


def _fault_at(session: Session, authority: str, seen: Seen) -> str | None:
    """The fault that the passage's camera had, as its next heartbeats tell."""
    beats, passages = CAMERA_HEARTBEATS.c, PASSAGES.c
    same_camera = and_(
        passages.authority == beats.authority,
        passages.agent_id == beats.agent_id,
        passages.camera_id == beats.camera_id,
    )
    return session.scalar(
        select(beats.fault)
        .join(PASSAGES, same_camera)
        .where(passages.authority == authority, passages.passage_id == seen.passage_id)
        .where(beats.last_frame_at.between(seen.captured_at, seen.captured_at + NOTICED_WITHIN))
        .where(beats.faulty_since <= seen.captured_at, beats.fault.in_(DOUBTFUL))
        .limit(1)
    )
