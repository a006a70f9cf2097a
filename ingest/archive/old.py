"""What is old enough to go, and its deletion; which of it must stay is for the caller to know."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from ingest.database.changing import rows_changed
from ingest.database.slices import slices
from ingest.tables import PASSAGES, QUARANTINE, TRANSITS

# Where no trusted signature named an authority; such a message lies in every authority's own database.
_UNKNOWN = "unknown"


def passages_before(session: Session, authority: str, before: datetime) -> list[str]:
    """The ids of passages captured before an instant, oldest first."""
    rows = PASSAGES.c
    query = select(rows.passage_id).where(rows.authority == authority, rows.captured_at < before)
    return list(session.scalars(query.order_by(rows.captured_at, rows.passage_id)))


def transits_unfounded(
    session: Session, authority: str, before: datetime, going: Collection[str] = ()
) -> list[str]:
    """The ids of transits begun before an instant that name a passage that is not stored, or is `going`.

    Such a transit concludes nothing any more. It holds the mark of each of its ends, and these may be two
    vehicles: with one end gone it would keep the other's mark beyond its time.
    """
    rows, gone = TRANSITS.c, set(going)
    entry, leaving = PASSAGES.alias("entry"), PASSAGES.alias("leaving")
    query = (
        select(
            rows.transit_id,
            rows.entry_passage_id,
            rows.exit_passage_id,
            entry.c.passage_id,
            leaving.c.passage_id,
        )
        .outerjoin(
            entry, and_(entry.c.authority == rows.authority, entry.c.passage_id == rows.entry_passage_id)
        )
        .outerjoin(
            leaving, and_(leaving.c.authority == rows.authority, leaving.c.passage_id == rows.exit_passage_id)
        )
        .where(rows.authority == authority, rows.started_at < before)
        .order_by(rows.started_at, rows.transit_id)
    )
    return [
        transit_id
        for transit_id, came_in, went_out, *stored in session.execute(query)
        if {came_in, went_out} - {None} != {*stored} - {None} - gone
    ]


def delete_transits(session: Session, authority: str, transit_ids: Sequence[str]) -> int:
    """Delete transits; how many."""
    rows = TRANSITS.c
    return sum(
        rows_changed(session, delete(TRANSITS).where(rows.authority == authority, rows.transit_id.in_(some)))
        for some in slices(transit_ids)
    )


def quarantined_before(session: Session, authority: str, before: datetime) -> list[int]:
    """The numbers of the messages in quarantine that first came before an instant, open or settled.

    Those without a known authority are among them: they may hold registrations just the same.
    """
    rows = QUARANTINE.c
    whose = or_(rows.authority == authority, rows.authority == _UNKNOWN)
    query = select(rows.quarantine_id).where(whose, rows.first_at < before)
    return list(session.scalars(query.order_by(rows.quarantine_id)))


def delete_quarantined(session: Session, numbers: Sequence[int]) -> int:
    """Delete messages from quarantine with their bytes; how many."""
    return sum(
        rows_changed(session, delete(QUARANTINE).where(QUARANTINE.c.quarantine_id.in_(some)))
        for some in slices(numbers)
    )
