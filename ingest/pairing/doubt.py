"""Passages whose time or direction cannot be relied on, because their camera was stuck or had been moved.

A unit stops telling them when it notices the fault; what it told before that, it takes back by saying since
when the pictures were faulty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.wire import CameraHealth
from ingest.pairing.match import Seen
from ingest.pairing.transits import Transit
from ingest.tables import CAMERA_HEARTBEATS
from ingest.values import Fact, Reason

# A stuck camera shows vehicles again at a time that is not theirs; a moved one shows another way.
DOUBTFUL = ("frozen", "moved")
# A unit notices sooner than this, and beats every half minute.
NOTICED_WITHIN = timedelta(minutes=10)
# The conclusions that a case may be made of.
_CHARGED = ("through", "close")

_Camera = tuple[str, str]


@dataclass(frozen=True)
class _Fault:
    kind: str
    since: datetime
    told_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.since <= at <= self.told_at <= at + NOTICED_WITHIN


def is_news(camera: CameraHealth) -> bool:
    """Whether what a heartbeat says of a camera casts doubt on passages that were told before."""
    return (
        camera.fault in DOUBTFUL
        and camera.faulty_since is not None
        and camera.last_frame_at is not None
        and camera.last_frame_at - camera.faulty_since <= NOTICED_WITHIN
    )


def without_doubtful(session: Session, authority: str, transits: Iterable[Transit]) -> list[Transit]:
    """The same transits, but no inference where a through or close one rests on a doubtful passage."""
    given = list(transits)
    times = [end.captured_at for each in given if each.conclusion in _CHARGED for end in _ends(each)]
    faults = _faults(session, authority, min(times), max(times)) if times else {}
    return [_doubted(each, faults) if faults and each.conclusion in _CHARGED else each for each in given]


def _ends(transit: Transit) -> list[Seen]:
    return [end.seen for end in (transit.entry, transit.exit) if end is not None]


def _doubted(transit: Transit, faults: Mapping[_Camera, Sequence[_Fault]]) -> Transit:
    for seen in _ends(transit):
        told = faults.get((seen.agent_id, seen.camera_id), ())
        fault = next((each for each in told if each.covers(seen.captured_at)), None)
        if fault is not None:
            text = (
                "A camera's pictures were found faulty at this time: when or which way it went is not sure."
            )
            facts: dict[str, Fact] = {
                "site": seen.site_id,
                "fault": fault.kind,
                "faulty_since": fault.since.isoformat(),
            }
            reason = Reason("camera_faulty", text, facts)
            return replace(transit, conclusion="no_inference", reasons=(reason, *transit.reasons[1:]))
    return transit


def _faults(
    session: Session, authority: str, since: datetime, until: datetime
) -> dict[_Camera, list[_Fault]]:
    """The faults that cameras told soon after passages from `since` to `until`, the first told first."""
    beats = CAMERA_HEARTBEATS.c
    query = (
        select(beats.agent_id, beats.camera_id, beats.fault, beats.faulty_since, beats.last_frame_at)
        .where(
            beats.authority == authority,
            beats.faulty_since.is_not(None),
            beats.fault.in_(DOUBTFUL),
            beats.last_frame_at.between(since, until + NOTICED_WITHIN),
        )
        .order_by(beats.last_frame_at, beats.faulty_since)
    )
    found: dict[_Camera, list[_Fault]] = defaultdict(list)
    for agent_id, camera_id, kind, faulty_since, told_at in session.execute(query):
        found[agent_id, camera_id].append(_Fault(kind, faulty_since, told_at))
    return found
