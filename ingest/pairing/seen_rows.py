"""Passages out of the database as pairing needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from ingest.pairing.match import Seen
from ingest.tables import PASSAGES

_STORED = PASSAGES.c
_AT_ONCE = 500
# In the order of the fields of Seen.
_COLUMNS = (
    _STORED.passage_id,
    _STORED.vrm,
    _STORED.captured_at,
    _STORED.site_id,
    _STORED.site_version,
    _STORED.direction,
    _STORED.latitude,
    _STORED.longitude,
    _STORED.deployment_started_at,
    _STORED.deployment_ended_at,
    and_(_STORED.clock_ok, ~_STORED.clock_doubted),
    _STORED.clock_within_s,
    _STORED.agent_id,
    _STORED.camera_id,
)


def seen_by_vrm(
    session: Session, authority: str, vrms: Collection[str], *, since: datetime, until: datetime
) -> dict[str, list[Seen]]:
    """The passages of some marks from `since` to `until`, by mark."""
    found: dict[str, list[Seen]] = defaultdict(list)
    within = _STORED.captured_at.between(since, until)
    for seen in _seen(session, authority, and_(_STORED.vrm.in_(vrms), within)):
        found[seen.vrm].append(seen)
    return found


def seen_by_id(session: Session, authority: str, passage_ids: Collection[str]) -> dict[str, Seen]:
    """The passages of these ids that were read and are there."""
    ids = sorted(passage_ids)
    parts = [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
    read = _STORED.vrm.is_not(None)
    return {
        seen.passage_id: seen
        for some in parts
        for seen in _seen(session, authority, and_(_STORED.passage_id.in_(some), read))
    }


def _seen(session: Session, authority: str, which: ColumnElement[bool]) -> Sequence[Seen]:
    rows = session.execute(select(*_COLUMNS).where(_STORED.authority == authority, which))
    return [Seen(*row) for row in rows]
