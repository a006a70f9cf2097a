"""Setting the letters of an open batch: first the file, then its row and the case's step in one transaction.

What was planned is set as it was planned. A case that may no longer get the letter is left out, and why.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.law.deadlines import local_day
from enforcement import audit
from enforcement.cases.advancing import advance
from enforcement.cases.rows import case_row
from enforcement.cases.steps import LetterKind
from enforcement.documents import Press
from enforcement.errors import DecisionRefused
from enforcement.files import write_whole
from enforcement.letters.due import checked_step
from enforcement.letters.kinds import FORMS
from enforcement.letters.room import LetterRoom
from enforcement.tables import BatchRow, LetterRow, PlannedLetterRow

BATCH = "process:batch"


def make_letters(room: LetterRoom, batch: BatchRow, now: datetime) -> None:
    """Make every planned letter that is not made yet. Raises DocumentFailed; what was made stays made."""
    press, kind = Press(), _kind(batch)
    for planned in _unmade(room, batch):
        refused = _refusal(room, batch, planned, now)
        if refused is not None:
            _leave_out(room, planned, kind, refused)
            continue
        pdf = press.set_pdf(FORMS[kind].template, planned.content, batch.created_at)
        write_whole(room.data_dir / letter_path(planned, kind), pdf)
        _record(room, batch, planned, hashlib.sha256(pdf).hexdigest(), now)


def folder_of(batch_id: int) -> Path:
    """Where the papers of a batch lie, below the data folder."""
    return Path("letters") / f"batch-{batch_id:06d}"


def letter_path(planned: PlannedLetterRow, kind: str) -> Path:
    """The file of a letter, below the data folder."""
    return folder_of(planned.batch_id) / f"{planned.content['reference']}-{kind}.pdf"


def _kind(batch: BatchRow) -> LetterKind:
    return next(kind for kind in FORMS if kind == batch.kind)


def _unmade(room: LetterRoom, batch: BatchRow) -> list[PlannedLetterRow]:
    made = select(LetterRow.case_id).where(LetterRow.batch_id == batch.batch_id)
    query = select(PlannedLetterRow).where(
        PlannedLetterRow.batch_id == batch.batch_id,
        PlannedLetterRow.left_out.is_(None),
        PlannedLetterRow.case_id.not_in(made),
    )
    with Session(room.engine) as session:
        return list(session.scalars(query.order_by(PlannedLetterRow.position)))


def _refusal(room: LetterRoom, batch: BatchRow, planned: PlannedLetterRow, now: datetime) -> str | None:
    """Why the letter must not be made any more, if so."""
    if FORMS[_kind(batch)].dated and local_day(now) != local_day(batch.created_at):
        return "The batch was begun on another day, and the days in this letter run from its posting."
    with Session(room.engine) as session:
        case = case_row(session, room.authority, planned.case_id)
        try:
            step = checked_step(session, room, case, now)
        except DecisionRefused as refusal:
            return str(refusal)
    return (
        None if step.letter_kind == batch.kind else f"The case is now due another letter: {step.letter_kind}."
    )


def _leave_out(room: LetterRoom, planned: PlannedLetterRow, kind: str, why: str) -> None:
    (room.data_dir / letter_path(planned, kind)).unlink(missing_ok=True)
    with Session(room.engine) as session, session.begin():
        session.execute(
            update(PlannedLetterRow)
            .where(
                PlannedLetterRow.batch_id == planned.batch_id, PlannedLetterRow.position == planned.position
            )
            .values(left_out=why[:1000])
        )


def _record(
    room: LetterRoom, batch: BatchRow, planned: PlannedLetterRow, pdf_sha256: str, now: datetime
) -> None:
    """Take the step and keep the letter in one transaction; whoever was faster has done both."""
    with Session(room.engine) as session, session.begin():
        case = case_row(session, room.authority, planned.case_id, lock=True)
        step = checked_step(session, room, case, now)
        letter = LetterRow(
            authority=room.authority,
            case_id=planned.case_id,
            kind=batch.kind,
            round=planned.round,
            batch_id=batch.batch_id,
            created_at=batch.created_at,
            pdf_path=letter_path(planned, batch.kind).as_posix(),
            pdf_sha256=pdf_sha256,
        )
        session.add(letter)
        reason = f"batch:{batch.batch_id}"
        advance(
            session, room.authority, planned.case_id, step.event, by=BATCH, reason=reason, now=now, step=step
        )
        audit.record(
            session,
            room.authority,
            who=room.who,
            action=f"letter.{batch.kind}",
            subject=f"case:{planned.case_id}",
            reason=reason,
            now=now,
        )
