"""The hash-chained audit log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base


class AuditRow(Base):
    """One entry of an authority's hash chain, numbered from 1; the database refuses to change or drop it."""

    __tablename__ = "audit"

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(String(1000))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """The end of each chain: makes writers take turns, and shows when entries were cut off the end."""

    __tablename__ = "audit_heads"

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
