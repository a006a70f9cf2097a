"""The tables of enforcement. Every row carries its authority; every instant is UTC.

What ingest knows (transits, passages, orders) is named by id only: no foreign key leaves this room.
The migrations in `enforcement/migrations` make these tables; a test holds both to the same shape.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ingest.records import Instant

Facts = dict[str, Any]


class Base(DeclarativeBase):
    """The enforcement branch's own metadata."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain class attribute
        datetime: Instant,
        Facts: JSON,
        list[Facts]: JSON,
    }


class UserRow(Base):
    """A person who may sign in. `role`: officer, supervisor, administrator, auditor or parish."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("authority", "login"),)

    user_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    login: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    rank: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool]
    created_at: Mapped[datetime]


class WebSessionRow(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "web_sessions"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id"))
    authority: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    csrf_token: Mapped[str] = mapped_column(String(64))


class LoginAttemptRow(Base):
    """One try to sign in, for slowing down guesses."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_at", "authority", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    login: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class CaseRow(Base):
    """One possible offence. `state` is the only column that changes, by `enforcement.cases` alone."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("authority", "kind", "transit_id"),
        UniqueConstraint("authority", "case_id"),
        Index("ix_cases_state", "authority", "state", "offence_at"),
    )

    case_id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    transit_id: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(String(64))
    order_version: Mapped[int]
    zone_id: Mapped[str] = mapped_column(String(64))
    vrm: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    offence_at: Mapped[datetime]
    register_answer: Mapped[Facts]
    reasons: Mapped[list[Facts]]


class TransitOutcomeRow(Base):
    """How the question "is this transit a case?" ended, so that it is not asked again. Holds no VRM."""

    __tablename__ = "transit_outcomes"

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    transit_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(32))
    offence_at: Mapped[datetime]
    concluded_at: Mapped[datetime]


class CaseDecisionRow(Base):
    """One decision of one officer; the database refuses to change it."""

    __tablename__ = "case_decisions"
    __table_args__ = (
        ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
        Index("ix_case_decisions_case", "authority", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int]
    decided_at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id"))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(1000))
    image_matches_plate: Mapped[bool]
    vehicle_matches_register: Mapped[bool]


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


class SummaryRow(Base):
    """The published summary of a parish for a month (`YYYY-MM`). Paths are relative to the data folder."""

    __tablename__ = "summaries"

    authority: Mapped[str] = mapped_column(String(64), primary_key=True)
    parish: Mapped[str] = mapped_column(String(128), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    path_html: Mapped[str] = mapped_column(String(255))
    path_pdf: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
