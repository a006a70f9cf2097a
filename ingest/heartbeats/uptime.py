"""When cameras were seeing, kept in the database as merged intervals while heartbeats come in any order.

Each stored beat remembers from when on it vouches together with the one before it. A new beat changes only
what lies between its neighbours and what its fault takes back; that stretch alone is reckoned anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_into
from ingest.heartbeats.seeing import Beat, Interval, covered_s, faulty, merged, vouched_for, without
from ingest.tables import CAMERA_HEARTBEATS, CAMERA_UPTIME, CAMERAS, HEARTBEATS


@dataclass(frozen=True)
class Camera:
    """One camera of one unit."""

    authority: str
    agent_id: str
    camera_id: str


@dataclass(frozen=True)
class _Stored:
    """A stored beat, and from when on it vouches with the one before it."""

    heartbeat_id: int
    beat: Beat
    seeing_from: datetime | None

    def vouches(self) -> Interval | None:
        if self.seeing_from is None or self.beat.last_frame_at is None:
            return None
        return Interval(self.seeing_from, self.beat.last_frame_at)


def store_beat(session: Session, camera: Camera, row: dict[str, Any], *, clock_bad: bool) -> Interval | None:
    """Store what a heartbeat says of a camera (a row of camera_heartbeats), and what uptime follows.

    The time of which something else may be known now than before, if any.
    """
    beat = Beat(
        row["sent_at"],
        row["state"],
        row["last_frame_at"],
        row["faulty_since"],
        row["site_version"],
        clock_bad,
        row["seeing_since"],
    )
    earlier = _neighbour(session, camera, _BEATS.sent_at < beat.sent_at, _BEATS.sent_at.desc())
    later = _neighbour(session, camera, _BEATS.sent_at > beat.sent_at, _BEATS.sent_at.asc())
    vouched = vouched_for(earlier.beat if earlier else None, beat)
    session.execute(
        insert_into(session, CAMERA_HEARTBEATS), {**row, "seeing_from": vouched.start if vouched else None}
    )
    changed = [vouched, *faulty([beat])]
    if later is not None:
        changed += [later.vouches(), _vouch_anew(session, camera, beat, later)]
    touched = [interval for interval in changed if interval is not None]
    if not touched:
        return None
    stretch = Interval(min(i.start for i in touched), max(i.end for i in touched))
    _reckon_anew(session, camera, stretch)
    return stretch


def site_uptime(session: Session, authority: str, *, since: datetime, until: datetime) -> dict[str, float]:
    """Seconds between `since` and `until` in which any camera of a site was seeing, by site id.

    A site of whose cameras heartbeats came, though none was seeing, has 0.
    """
    same_camera = and_(*(CAMERAS.c[name] == _BEATS[name] for name in (*_CAMERA, "site_version")))
    beat = exists().where(same_camera, _BEATS.last_frame_at.between(since, until))
    heard = select(CAMERAS.c.site_id).where(CAMERAS.c.authority == authority, beat).distinct()
    found: dict[str, list[Interval]] = {site_id: [] for site_id in session.scalars(heard)}
    query = select(CAMERAS.c.site_id, _UP.started_at, _UP.ended_at).where(
        CAMERAS.c.authority == authority, _watches(), _UP.started_at <= until, _UP.ended_at >= since
    )
    for site_id, started_at, ended_at in session.execute(query):
        found.setdefault(site_id, []).append(Interval(started_at, ended_at))
    return {site_id: covered_s(merged(each), since, until) for site_id, each in sorted(found.items())}


def site_seeing(
    session: Session, authority: str, site_id: str, *, since: datetime, until: datetime
) -> list[Interval]:
    """When any camera of a site was seeing, around `since` to `until`."""
    query = (
        _uptime_within(since, until)
        .join(CAMERAS, _watches())
        .where(CAMERAS.c.authority == authority, CAMERAS.c.site_id == site_id)
    )
    return merged(Interval(row.started_at, row.ended_at) for row in session.execute(query))


_BEATS = CAMERA_HEARTBEATS.c
_UP = CAMERA_UPTIME.c
_CAMERA = ("authority", "agent_id", "camera_id")


def _watches() -> ColumnElement[bool]:
    """That a camera's uptime is that of a site; a camera's id is only its unit's."""
    return and_(*(CAMERAS.c[name] == _UP[name] for name in (*_CAMERA, "site_version")))


def _uptime_within(since: datetime, until: datetime) -> Any:
    return select(CAMERA_UPTIME).where(_UP.started_at <= until, _UP.ended_at >= since)


def _is(camera: Camera, table: Table) -> list[ColumnElement[bool]]:
    return [table.c[name] == getattr(camera, name) for name in _CAMERA]


def _neighbour(
    session: Session, camera: Camera, side: ColumnElement[bool], nearest: ColumnElement[Any]
) -> _Stored | None:
    query = (
        select(
            _BEATS.heartbeat_id,
            _BEATS.sent_at,
            _BEATS.state,
            _BEATS.last_frame_at,
            _BEATS.faulty_since,
            _BEATS.site_version,
            HEARTBEATS.c.clock_bad,
            _BEATS.seeing_since,
            _BEATS.seeing_from,
        )
        .join(HEARTBEATS, HEARTBEATS.c.heartbeat_id == _BEATS.heartbeat_id)
        .where(*_is(camera, CAMERA_HEARTBEATS), side)
        .order_by(nearest)
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else _Stored(row[0], Beat(*row[1:8]), row[8])


def _vouch_anew(session: Session, camera: Camera, beat: Beat, later: _Stored) -> Interval | None:
    """Let the beat after a new one vouch with it instead of with the one before both."""
    vouched = vouched_for(beat, later.beat)
    start = vouched.start if vouched else None
    if start != later.seeing_from:
        its_row = [*_is(camera, CAMERA_HEARTBEATS), _BEATS.heartbeat_id == later.heartbeat_id]
        session.execute(update(CAMERA_HEARTBEATS).where(*its_row).values(seeing_from=start))
    return vouched


def _reckon_anew(session: Session, camera: Camera, within: Interval) -> None:
    """Make the camera's uptime right between two instants, and leave it as it is elsewhere."""
    told: dict[int, list[Interval]] = {}
    for version, start, end in _told(session, camera, within, "seeing_from"):
        told.setdefault(version, []).append(Interval(max(start, within.start), min(end, within.end)))
    faults = merged(Interval(start, end) for _, start, end in _told(session, camera, within, "faulty_since"))
    stored: dict[int, list[Interval]] = {}
    query = _uptime_within(within.start, within.end).where(*_is(camera, CAMERA_UPTIME))
    for row in session.execute(query):
        stored.setdefault(row.site_version, []).append(Interval(row.started_at, row.ended_at))
    for version in sorted({*told, *stored}):
        before = stored.get(version, [])
        inside = without(merged(told.get(version, [])), faults)
        _replace(session, camera, version, before, merged([*inside, *without(before, [within])]))


def _told(
    session: Session, camera: Camera, within: Interval, since_column: str
) -> Sequence[tuple[int, datetime, datetime]]:
    since = _BEATS[since_column]
    query = select(_BEATS.site_version, since, _BEATS.last_frame_at).where(
        *_is(camera, CAMERA_HEARTBEATS), since <= within.end, _BEATS.last_frame_at >= within.start
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _replace(
    session: Session, camera: Camera, version: int, before: Sequence[Interval], after: Iterable[Interval]
) -> None:
    new = {interval.start: interval.end for interval in after}
    old = {interval.start: interval.end for interval in before}
    ours = [*_is(camera, CAMERA_UPTIME), _UP.site_version == version]
    gone = sorted(set(old) - set(new))
    if gone:
        session.execute(delete(CAMERA_UPTIME).where(*ours, _UP.started_at.in_(gone)))
    key = {name: getattr(camera, name) for name in _CAMERA} | {"site_version": version}
    rows = [
        {**key, "started_at": start, "ended_at": end} for start, end in new.items() if old.get(start) != end
    ]
    if rows:
        insert = insert_into(session, CAMERA_UPTIME)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=list(CAMERA_UPTIME.primary_key.columns),
                set_={"ended_at": insert.excluded.ended_at},
            ),
            rows,
        )
