"""What registers answered, which look-ups wait, and who keeps and operates vehicles."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base, Facts


class RegisterAnswerRow(Base):
    """One answer of the register as it was given at `asked_at`; a later answer is another row.

    `answer` is what the rest of the house reads, `entry` all fields of the service (empty where it had none).
    """

    __tablename__ = "register_answers"
    __table_args__ = (Index("ix_register_answers_vrm", "authority", "vrm", "asked_at"),)

    answer_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    vrm: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    correlation_id: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Facts]
    entry: Mapped[Facts]


class RegisterQueueRow(Base):
    """A look-up that has no answer yet, or one of "not known" that is to be asked again.

    `unanswered_since` is when it first stayed without an answer, `cause` why it last did. While a look-up is
    under way, `due_at` lies ahead by a lease, so that nobody else asks and a crash does not lose it.
    """

    __tablename__ = "register_queue"
    __table_args__ = (Index("ix_register_queue_due", "authority", "due_at"),)

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    vrm: Mapped[str] = mapped_column(String(12), primary_key=True)
    wanted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    failures: Mapped[int]
    unanswered_since: Mapped[datetime | None]
    cause: Mapped[str | None] = mapped_column(String(32))


class KeeperImportRow(Base):
    """One file of keepers from the force's systems: who imported it, when and why."""

    __tablename__ = "keeper_imports"
    __table_args__ = (UniqueConstraint("authority", "file_sha256"),)

    import_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    file_sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(1000))


class KeeperRow(Base):
    """Who kept and ran a vehicle from `kept_from` until the day before `kept_to`, as known at `as_of`."""

    __tablename__ = "keepers"
    __table_args__ = (
        Index("ix_keepers_vrm", "authority", "vrm", "kept_from"),
        Index("ix_keepers_operator", "authority", "operator_licence"),
    )

    keeper_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    import_id: Mapped[int] = mapped_column(ForeignKey("keeper_imports.import_id"))
    vrm: Mapped[str] = mapped_column(String(12))
    kept_from: Mapped[date]
    kept_to: Mapped[date | None]
    as_of: Mapped[datetime]
    keeper_name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(500))
    postcode: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    operator_licence: Mapped[str | None] = mapped_column(String(16))
    operator_name: Mapped[str | None] = mapped_column(String(200))
