"""Reading transits. One that later arrivals contradicted is withdrawn: no longer listed, still explained."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from ingest.errors import NotFound
from ingest.tables import TRANSITS
from ingest.values import Reason, TransitRecord


def transits(
    session: Session,
    authority: str,
    *,
    conclusion: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[TransitRecord]:
    """The standing transits that started from `since` until before `until`, oldest first."""
    query = select(TRANSITS).where(TRANSITS.c.authority == authority, TRANSITS.c.withdrawn_at.is_(None))
    if conclusion is not None:
        query = query.where(TRANSITS.c.conclusion == conclusion)
    if since is not None:
        query = query.where(TRANSITS.c.started_at >= since)
    if until is not None:
        query = query.where(TRANSITS.c.started_at < until)
    rows = session.execute(query.order_by(TRANSITS.c.started_at, TRANSITS.c.transit_id))
    return [_record(row) for row in rows]


def transit(session: Session, authority: str, transit_id: str) -> TransitRecord:
    """One transit; a withdrawn one concludes nothing and says so. Raises NotFound."""
    row = session.execute(
        select(TRANSITS).where(TRANSITS.c.authority == authority, TRANSITS.c.transit_id == transit_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"no transit {transit_id} is stored for {authority}")
    return _record(row)


def _record(row: Row[Any]) -> TransitRecord:
    reasons = tuple(Reason(**reason) for reason in row.reasons)
    conclusion = row.conclusion
    if row.withdrawn_at is not None:
        text = (
            "Later arrivals showed another course of events, or a passage was deleted; no inference stands."
        )
        reasons += (Reason("withdrawn", text, {"withdrawn_at": row.withdrawn_at.isoformat()}),)
        conclusion = "no_inference"
    return TransitRecord(
        transit_id=row.transit_id,
        authority=row.authority,
        order_id=row.order_id,
        order_version=row.order_version,
        zone_id=row.zone_id,
        vrm=row.vrm,
        exit_vrm=row.exit_vrm,
        entry_passage_id=row.entry_passage_id,
        exit_passage_id=row.exit_passage_id,
        conclusion=conclusion,
        reasons=reasons,
        elapsed_s=row.elapsed_s,
        started_at=row.started_at,
        concluded_at=row.concluded_at,
    )
