"""Numbered batches of letters, one a kind: every letter that is due, each once.

Run twice it sends nothing twice. A batch that was cut off is resumed under its own number and date with what
was planned for it, so that a letter made again has the same bytes. A file is on the disk before the database
says so.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement.letters.closing import close_batch
from enforcement.letters.making import make_letters
from enforcement.letters.planning import open_batches
from enforcement.letters.room import Batch, LetterRoom, Run
from enforcement.letters.sending import send_by_mail
from enforcement.tables import BatchRow


def send_letters(room: LetterRoom, now: datetime) -> Run:
    """Finish batches that were cut off, then make those that are due.

    Raises DocumentFailed; what was made until then stays made, and the next run goes on from there.
    """
    resumed = _finish_open(room, now)
    due = open_batches(room, now)
    return Run(resumed + _finish_open(room, now), due.held_back, due.keeper_to_be_asked_for)


def _finish_open(room: LetterRoom, now: datetime) -> tuple[Batch, ...]:
    unfinished = select(BatchRow).where(BatchRow.authority == room.authority, BatchRow.finished_at.is_(None))
    with Session(room.engine) as session:
        batches = list(session.scalars(unfinished.order_by(BatchRow.batch_id)))
    return tuple(_finish(room, batch, now) for batch in batches)


def _finish(room: LetterRoom, batch: BatchRow, now: datetime) -> Batch:
    make_letters(room, batch, now)
    send_by_mail(room, batch, now)
    return close_batch(room, batch, now)
