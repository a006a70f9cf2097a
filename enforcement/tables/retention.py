"""Holds that keep evidence beyond every rule, and what was erased of which case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base


class HoldRow(Base):
    """One reason to keep a case or a passage, whatever its age, until it is released. Names exactly one."""

    __tablename__ = "evidence_holds"
    __table_args__ = (
        ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
        Index("ix_evidence_holds_open", "authority", "released_at"),
    )

    hold_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int | None]
    passage_id: Mapped[str | None] = mapped_column(String(64))
    placed_at: Mapped[datetime]
    placed_by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(1000))
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None] = mapped_column(String(64))
    release_reason: Mapped[str | None] = mapped_column(String(1000))


class ErasedCaseRow(Base):
    """A case whose personal data was deleted: its row, decisions and letters' hashes stay; never changed."""

    __tablename__ = "erased_cases"
    __table_args__ = (ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),)

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    erased_at: Mapped[datetime]
    rule: Mapped[str] = mapped_column(String(64))
