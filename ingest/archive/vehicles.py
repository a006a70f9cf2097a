"""Where one registration was read, and how many others were: for what must be told beside the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import PASSAGES


@dataclass(frozen=True)
class SeenVehicle:
    """One passage with a read registration. Instants are UTC."""

    passage_id: str
    vrm: str
    captured_at: datetime
    site_id: str
    direction: str


def seen_vehicle(
    session: Session, authority: str, vrm: str, *, since: datetime, until: datetime
) -> list[SeenVehicle]:
    """The passages of one registration captured from `since` until `until`, oldest first."""
    return _seen(session, authority, since, until, vrm)


def seen_vehicles(session: Session, authority: str, *, since: datetime, until: datetime) -> list[SeenVehicle]:
    """All passages with a read registration captured from `since` until `until`, oldest first."""
    return _seen(session, authority, since, until, None)


def _seen(
    session: Session, authority: str, since: datetime, until: datetime, vrm: str | None
) -> list[SeenVehicle]:
    rows = PASSAGES.c
    query = (
        select(rows.passage_id, rows.vrm, rows.captured_at, rows.site_id, rows.direction)
        .where(rows.authority == authority, rows.captured_at.between(since, until))
        .where(rows.vrm == vrm if vrm is not None else rows.vrm.is_not(None))
        .order_by(rows.captured_at, rows.passage_id)
    )
    return [SeenVehicle(*row) for row in session.execute(query)]
