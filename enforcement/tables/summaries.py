"""Published parish summaries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base


class SummaryRow(Base):
    """The published summary of a parish for a month (`YYYY-MM`). Paths are relative to the data folder."""

    __tablename__ = "summaries"

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    parish: Mapped[str] = mapped_column(String(128), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    path_html: Mapped[str] = mapped_column(String(255))
    path_pdf: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
