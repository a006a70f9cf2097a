"""The post room's word that a batch was posted: the last event of the proof."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.errors import CommandRefused
from enforcement.letters.made import made_letters
from enforcement.letters.proof import note
from enforcement.tables import BatchRow


def note_posted(engine: Engine, authority: str, batch_id: int, how: str, *, who: str, now: datetime) -> int:
    """Note each letter of a batch that goes by post as posted, once; gives how many were noted now.

    Raises CommandRefused for a batch that is not finished, or of another authority.
    """
    with Session(engine) as session, session.begin():
        batch = session.get(BatchRow, batch_id)
        if batch is None or batch.authority != authority or batch.finished_at is None:
            raise CommandRefused(f"there is no finished batch {batch_id}; `batch letters` finishes one")
        noted = [
            note(session, letter.row, "posted", who=who, sent_to=letter.planned.address, detail=how, now=now)
            for letter in made_letters(session, batch_id)
            if "handed_over" in letter.events
        ]
        if any(noted):
            audit.record(
                session,
                authority,
                who=who,
                action="batch.posted",
                subject=f"batch:{batch_id}",
                reason=f"{sum(noted)} letters: {how}"[:1000],
                now=now,
            )
    return sum(noted)
