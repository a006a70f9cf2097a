"""Letters and the batches in which they were made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base, Facts


class BatchRow(Base):
    """A numbered run of letters. `created_at` dates its letters; `finished_at` is empty until all stand."""

    __tablename__ = "batches"

    batch_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    manifest: Mapped[list[Facts]]


class LetterRow(Base):
    """A letter as made: at most one of a kind for a case. `pdf_path` is relative to the data folder."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("authority", "case_id", "kind"),
        ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
    )

    letter_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.batch_id"))
    created_at: Mapped[datetime]
    pdf_path: Mapped[str] = mapped_column(String(255))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
