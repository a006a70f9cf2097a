"""Letters, the batches in which they were made, what they say, and the proof of what was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base, Facts


class BatchRow(Base):
    """Numbered letters of one kind. `created_at` dates them; `finished_at` is empty until all stand."""

    __tablename__ = "batches"

    batch_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    manifest: Mapped[list[Facts]]


class PlannedLetterRow(Base):
    """What a letter of a batch says and to whom, fixed before it is set: a resumed batch has the same bytes.

    `round` counts the withdrawals that the case had before. `left_out` says why it was not made after all.
    """

    __tablename__ = "planned_letters"
    __table_args__ = (
        ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
        Index("ix_planned_letters_case", "authority", "case_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    authority: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int]
    round: Mapped[int]
    content: Mapped[Facts]
    address: Mapped[str] = mapped_column(String(800))
    email: Mapped[str | None] = mapped_column(String(254))
    left_out: Mapped[str | None] = mapped_column(String(1000))


class LetterRow(Base):
    """A letter as made: one of a kind and round for a case. `pdf_path` is relative to the data folder."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("authority", "case_id", "kind", "round"),
        ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
    )

    letter_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    round: Mapped[int] = mapped_column(default=0)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"))
    created_at: Mapped[datetime]
    pdf_path: Mapped[str] = mapped_column(String(255))
    pdf_sha256: Mapped[str] = mapped_column(String(64))


class DispatchRow(Base):
    """One event on a letter's way out, as proof: when, how, by whom, where to and which bytes; append-only.

    `event`: mail_tried, mail_accepted, mail_refused, handed_over (to the post room), posted.
    """

    __tablename__ = "dispatches"
    __table_args__ = (UniqueConstraint("letter_id", "event"),)

    dispatch_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.letter_id"))
    event: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(64))
    sent_to: Mapped[str] = mapped_column(String(800))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(500))
