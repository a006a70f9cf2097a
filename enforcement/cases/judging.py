"""Is a through transit a case? Judged by the order version of the transit, before and after the register.

Pure: nothing here reads a database or asks a register.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.law.deadlines import charge_by, is_over
from config.law.orders import Exemption, OrderVersion, Permit
from config.law.weight import Verdict, WeightDecision, category_of, decide_weight
from config.vrm import Format, format_of
from enforcement.register.answers import RegisterAnswer
from ingest.records import PassageRecord, Reason, TransitRecord


class Outcome(StrEnum):
    """How a transit ended. The first two open a case; the last three end nothing and are asked again."""

    PROPOSED = "proposed"
    REVIEW = "review"
    NOT_OVER = "not_over"
    NOT_GOODS_VEHICLE = "not_goods_vehicle"
    PERMIT = "permit"
    EXEMPT = "exempt"
    NO_UK_MARK = "no_uk_mark"
    EVIDENCE_LOST = "evidence_lost"
    OUT_OF_TIME = "out_of_time"
    EVIDENCE_AWAITED = "evidence_awaited"
    REGISTER_UNAVAILABLE = "register_unavailable"
    REGISTER_QUEUED = "register_queued"


@dataclass(frozen=True)
class Question:
    """A transit with all that is needed to judge it but the register's answer."""

    transit: TransitRecord
    entry: PassageRecord
    exit: PassageRecord
    order: OrderVersion
    permits: tuple[Permit, ...]

    @property
    def offence_at(self) -> datetime:
        """When the vehicle came in: the earliest moment of the offence, so that no deadline is late."""
        return self.entry.captured_at


@dataclass(frozen=True)
class Judgement:
    """An outcome and, for a case, why."""

    outcome: Outcome
    reasons: tuple[Reason, ...]


def before_register(question: Question, now: datetime) -> Outcome | None:
    """What ends or halts the question before the register is asked; None to go on."""
    if format_of(question.transit.vrm) in (None, Format.TRAILER):
        return Outcome.NO_UK_MARK
    if _permitted(question):
        return Outcome.PERMIT
    if is_over(charge_by(question.offence_at), now):
        return Outcome.OUT_OF_TIME
    states = {item.state for passage in (question.entry, question.exit) for item in passage.evidence}
    if "lost" in states or not (question.entry.evidence and question.exit.evidence):
        return Outcome.EVIDENCE_LOST
    return Outcome.EVIDENCE_AWAITED if "awaited" in states else None


def _permitted(question: Question) -> bool:
    """Whether a permit covers the way in or out, where the order then lets permit holders through."""
    return any(
        permit.covers(question.order.order_id, vrm, passage.captured_at)
        for vrm in (question.transit.vrm, question.transit.exit_vrm)
        for permit in question.permits
        if vrm is not None
        for passage in (question.entry, question.exit)
        if question.order.exempts(Exemption.PERMIT_HOLDERS, passage.captured_at)
    )


def after_register(question: Question, answer: RegisterAnswer) -> Judgement:
    """What the register's answer makes of the transit.

    Which of the two reads of a close pair is right only a person can see, so none is proposed. But a case is
    about the read that was asked: where that vehicle may drive there, it is none, whichever read is right.
    """
    decision = _weigh(question, answer)
    outcome = _outcome(question, answer, decision)
    if question.transit.conclusion == "close" and outcome is Outcome.PROPOSED:
        outcome = Outcome.REVIEW
    return Judgement(outcome, _reasons(question, answer, decision))


def _weigh(question: Question, answer: RegisterAnswer) -> WeightDecision:
    if not answer.found:
        no_entry = answer.not_found_because or "The register has no entry for this registration."
        return WeightDecision(Verdict.UNKNOWN, no_entry)
    order = question.order
    return decide_weight(
        answer.type_approval,
        answer.revenue_weight_kg,
        trailer_seen=question.entry.trailer is True or question.exit.trailer is True,
        limit_kg=order.limit_kg,
        basis=order.weight_basis,
        purpose=order.purpose,
    )


def _outcome(question: Question, answer: RegisterAnswer, decision: WeightDecision) -> Outcome:
    if decision.verdict is Verdict.NOT_OVER:
        return Outcome.NOT_OVER
    if decision.verdict is Verdict.NOT_GOODS_VEHICLE:
        return Outcome.NOT_GOODS_VEHICLE
    if category_of(answer.type_approval) in ("M2", "M3") and _exempts(question, Exemption.BUSES):
        return Outcome.EXEMPT
    return Outcome.PROPOSED if decision.verdict is Verdict.OVER else Outcome.REVIEW


def _exempts(question: Question, exemption: Exemption) -> bool:
    """Whether the exemption held on the way in or on the way out."""
    ends = (question.entry, question.exit)
    return any(question.order.exempts(exemption, passage.captured_at) for passage in ends)


def _reasons(question: Question, answer: RegisterAnswer, decision: WeightDecision) -> tuple[Reason, ...]:
    """Why this is a case, and what the register cannot show, for the officer and the pack."""
    order = question.order
    left_open = [
        exemption.value.replace("_", " ")
        for exemption in order.exemptions
        if exemption not in (Exemption.PERMIT_HOLDERS, Exemption.ACCESS_LOADING)
        and _exempts(question, exemption)
    ]
    weight = Reason(
        f"weight_{decision.verdict}",
        decision.reason,
        {
            "type_approval": answer.type_approval,
            "revenue_weight_kg": answer.revenue_weight_kg,
            "limit_kg": order.limit_kg,
            "weight_basis": order.weight_basis,
        },
    )
    permit = Reason("no_permit", "No permit under this order covers the vehicle on that day.", {})
    exempt = Reason(
        "exemptions_to_check",
        "The order also lets through what the register cannot show; look for it in the pictures: "
        + ", ".join(left_open)
        + ".",
        {},
    )
    return (weight, permit, exempt) if left_open else (weight, permit)
