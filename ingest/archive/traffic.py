"""Reading counts of all traffic."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from ingest.tables import TRAFFIC, TRAFFIC_COUNTS
from ingest.values import TrafficRecord


def traffic(session: Session, authority: str, *, since: datetime, until: datetime) -> list[TrafficRecord]:
    """The counts of the minutes from `since` until before `until`, in order of time and site."""
    minutes, counts = TRAFFIC.c, TRAFFIC_COUNTS.c
    query = (
        select(minutes.site_id, minutes.minute, counts.vehicle_class, counts.direction, counts.vehicles)
        .join(
            TRAFFIC_COUNTS,
            and_(counts.authority == minutes.authority, counts.traffic_id == minutes.traffic_id),
        )
        .where(minutes.authority == authority, minutes.minute >= since, minutes.minute < until)
        .order_by(minutes.minute, minutes.site_id, counts.vehicle_class, counts.direction)
    )
    return [TrafficRecord(*row) for row in session.execute(query)]
