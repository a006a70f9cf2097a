"""Cases and what officers decided on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from enforcement.tables.base import Base, Facts


class CaseRow(Base):
    """One possible offence. `state` is the only column that changes, by `enforcement.cases.advancing` alone.

    A weight case rests on a transit under an order. A speed case rests on a device's reading, whose id stands
    in `transit_id`, and on no order: `order_id` and `zone_id` are empty and `order_version` is 0.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("authority", "kind", "transit_id"),
        UniqueConstraint("authority", "case_id"),
        Index("ix_cases_state", "authority", "state", "offence_at"),
        Index("ix_cases_vrm", "authority", "vrm", "offence_at"),
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
    """One event of one case; the database refuses to change it. `who` is `user:ID` or the process.

    `user_id` is empty for a process; the two ticks are empty unless the event is an officer's look.
    """

    __tablename__ = "case_decisions"
    __table_args__ = (
        ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
        Index("ix_case_decisions_case", "authority", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int]
    decided_at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id"))
    who: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(1000))
    facts: Mapped[Facts]
    image_matches_plate: Mapped[bool | None]
    vehicle_matches_register: Mapped[bool | None]


class StepGroundRow(Base):
    """An earlier case that a step of the ladder was counted on, so that it is found when that one falls."""

    __tablename__ = "step_grounds"
    __table_args__ = (
        ForeignKeyConstraint(["authority", "case_id"], ["cases.authority", "cases.case_id"]),
        Index("ix_step_grounds_rests_on", "authority", "rests_on"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("case_decisions.id"), primary_key=True)
    rests_on: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int]
    counted_by: Mapped[str] = mapped_column(String(16))
