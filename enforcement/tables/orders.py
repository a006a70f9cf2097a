"""Drafts of orders from elsewhere, and their approval. Neither is ever changed; the database refuses it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base, Facts


class OrderDraftRow(Base):
    """An order as a file told it; `gaps` is what it did not tell, `unused` what could not be used of it."""

    __tablename__ = "order_drafts"
    __table_args__ = (
        UniqueConstraint("authority", "file_sha256", "reference"),
        UniqueConstraint("authority", "draft_id"),
    )

    draft_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(300))
    file_sha256: Mapped[str] = mapped_column(String(64))
    fields: Mapped[Facts]
    gaps: Mapped[list[Facts]]
    unused: Mapped[list[Facts]]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str] = mapped_column(String(64))


class OrderApprovalRow(Base):
    """An officer's approval of a draft, and what they gave to complete it; at most one for a draft."""

    __tablename__ = "order_approvals"
    __table_args__ = (
        ForeignKeyConstraint(["authority", "draft_id"], ["order_drafts.authority", "order_drafts.draft_id"]),
    )

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    draft_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_id: Mapped[str] = mapped_column(String(64))
    order_version: Mapped[int]
    approved_at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id"))
    reason: Mapped[str] = mapped_column(String(1000))
    completion: Mapped[str] = mapped_column(Text)
