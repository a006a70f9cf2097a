"""Passages told by a clock that was bad: between two heartbeats of a unit, where either shows a bad clock.

By the unit's own clock a passage lies between two heartbeats. Whichever of the three comes last, the same
passages end up doubted: a heartbeat settles those around it, a passage looks at the heartbeats around it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select, true, update
from sqlalchemy.orm import Session

from config.wire import Passage
from ingest.pairing.due import pair_soon
from ingest.tables import AGENT_KEYS, HEARTBEATS, PASSAGES

_BEATS, _STORED = HEARTBEATS.c, PASSAGES.c
_UNIT = (_BEATS.authority, _BEATS.agent_id)


@dataclass(frozen=True)
class _Unit:
    authority: str
    agent_id: str

    def beats(self) -> ColumnElement[bool]:
        """Heartbeats that the unit itself has sent."""
        ours = and_(_BEATS.authority == self.authority, _BEATS.agent_id == self.agent_id)
        return and_(ours, _BEATS.state != "lost")

    def passages(self) -> ColumnElement[bool]:
        """The unit's passages whose time is its clock's."""
        ours = and_(_STORED.authority == self.authority, _STORED.agent_id == self.agent_id)
        return and_(ours, _STORED.source == "live")


def doubt_around(session: Session, authority: str, agent_id: str, sent_at: datetime, now: datetime) -> None:
    """Settle the doubt about the passages between the heartbeat sent then and those before and after it."""
    unit = _Unit(authority, agent_id)
    bad = _nearest(session, unit, _BEATS.sent_at == sent_at, _BEATS.clock_bad.desc())[1]
    before, was_bad = _nearest(session, unit, _BEATS.sent_at < sent_at, _BEATS.sent_at.desc())
    after, becomes_bad = _nearest(session, unit, _BEATS.sent_at > sent_at, _BEATS.sent_at.asc())
    earlier, later = [_STORED.captured_at < sent_at], [_STORED.captured_at >= sent_at]
    if before is not None:
        earlier.append(_STORED.captured_at >= before)
    if after is not None:
        later.append(_STORED.captured_at < after)
    _set_doubt(session, unit, and_(*earlier), was_bad or bad, now)
    _set_doubt(session, unit, and_(*later), bad or becomes_bad, now)


def doubt_arrived(session: Session, arrived: Iterable[Passage], now: datetime) -> None:
    """Settle the doubt about passages that have come, of units that ever had a bad clock."""
    live = [passage for passage in arrived if passage.source == "live"]
    ever_bad = _ever_bad(session, {passage.agent_id for passage in live})
    for passage in live:
        if (passage.authority, passage.agent_id) in ever_bad:
            unit, at = _Unit(passage.authority, passage.agent_id), passage.captured_at
            _, was_bad = _nearest(session, unit, _BEATS.sent_at <= at, _BEATS.sent_at.desc())
            _, becomes_bad = _nearest(session, unit, _BEATS.sent_at > at, _BEATS.sent_at.asc())
            this = _STORED.passage_id == passage.passage_id
            _set_doubt(session, unit, this, was_bad or becomes_bad, now)


def doubt_again(session: Session, received_since: datetime, now: datetime) -> None:
    """Settle the doubt around bad heartbeats that came lately once more.

    Two ingesters that store a heartbeat and a passage at the same moment don't see each other's.
    """
    lately = select(*_UNIT, _BEATS.sent_at).where(_BEATS.clock_bad, _BEATS.received_at >= received_since)
    for authority, agent_id, sent_at in session.execute(lately).all():
        doubt_around(session, authority, agent_id, sent_at, now)


def _ever_bad(session: Session, agent_ids: Collection[str]) -> set[tuple[str, str]]:
    """Which of the units (authority and name) had a bad clock at any time; quick, for it is asked for all."""
    if not agent_ids:
        return set()
    keys = AGENT_KEYS.c
    of_unit = and_(_BEATS.authority == keys.authority, _BEATS.agent_id == keys.agent_id)
    bad = exists().where(of_unit, _BEATS.clock_bad == true())
    query = select(keys.authority, keys.agent_id).where(keys.agent_id.in_(agent_ids), bad).distinct()
    return {(authority, agent_id) for authority, agent_id in session.execute(query)}


def _nearest(
    session: Session, unit: _Unit, side: ColumnElement[bool], first: ColumnElement[Any]
) -> tuple[datetime | None, bool]:
    """When the first heartbeat on a side was sent and whether its clock was bad; None and False for none."""
    query = select(_BEATS.sent_at, _BEATS.clock_bad).where(unit.beats(), side).order_by(first).limit(1)
    row = session.execute(query).one_or_none()
    return (None, False) if row is None else (row[0], row[1])


def _set_doubt(
    session: Session, unit: _Unit, which: ColumnElement[bool], doubted: bool, now: datetime
) -> None:
    changed = session.execute(
        update(PASSAGES)
        .where(unit.passages(), which, _STORED.clock_doubted != doubted)
        .values(clock_doubted=doubted)
        .returning(_STORED.authority, _STORED.passage_id, _STORED.vrm, _STORED.captured_at)
    )
    pair_soon(session, [dict(row) for row in changed.mappings() if row["vrm"] is not None], now)
