"""The letters of a batch as they stand: each with what was planned for it and how far it has got."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement.tables import DispatchRow, LetterRow, PlannedLetterRow


@dataclass(frozen=True)
class MadeLetter:
    """A letter, its place in the batch and the events on its way out so far."""

    row: LetterRow
    planned: PlannedLetterRow
    events: frozenset[str]

    @property
    def by_mail(self) -> bool:
        """Whether it has gone by e-mail, or may have: then it does not go by post as well."""
        return "mail_tried" in self.events and "mail_refused" not in self.events

    @property
    def unsure(self) -> bool:
        """Whether an e-mail was begun and nobody knows how that ended."""
        return self.by_mail and "mail_accepted" not in self.events


def made_letters(session: Session, batch_id: int) -> list[MadeLetter]:
    """The letters of a batch in its order."""
    events: dict[int, set[str]] = {}
    for letter_id, event in session.execute(
        select(DispatchRow.letter_id, DispatchRow.event)
        .join(LetterRow, LetterRow.letter_id == DispatchRow.letter_id)
        .where(LetterRow.batch_id == batch_id)
    ):
        events.setdefault(letter_id, set()).add(event)
    found = session.execute(
        select(LetterRow, PlannedLetterRow)
        .join(
            PlannedLetterRow,
            (PlannedLetterRow.batch_id == LetterRow.batch_id)
            & (PlannedLetterRow.case_id == LetterRow.case_id),
        )
        .where(LetterRow.batch_id == batch_id)
        .order_by(PlannedLetterRow.position)
    )
    return [MadeLetter(row, planned, frozenset(events.get(row.letter_id, ()))) for row, planned in found]
