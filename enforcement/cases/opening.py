"""From through transits to cases: each transit is judged once, and every way to end is counted.

No case opens before its pictures are held, and a register that is away concludes nothing: both are asked
again on the next run. The register is asked outside any transaction, so that nobody waits for it.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time

import msgspec
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.clock import LONDON
from config.law.deadlines import CHARGE_MONTHS, local_day, months_before
from enforcement import audit
from enforcement.cases.judging import Judgement, Outcome, Question, after_register, before_register
from enforcement.cases.values import CaseState
from enforcement.errors import LookUpQueued, RegisterUnavailable
from enforcement.insertion import insert_new
from enforcement.register.answers import Register, RegisterAnswer
from enforcement.tables import CaseRow, TransitOutcomeRow
from ingest import records
from ingest.records import TransitRecord

WHO = "process:jobs"

_OPENS = {Outcome.PROPOSED: CaseState.PROPOSED, Outcome.REVIEW: CaseState.REVIEW}


def open_cases(engine: Engine, authority: str, register: Register, now: datetime) -> Counter[Outcome]:
    """Judge every through or close transit that was not judged yet; gives how many ended how.

    Idempotent; commits each transit by itself. Where the register is away, the rest waits for the next run;
    where one look-up is queued, that transit waits alone.
    """
    ended: Counter[Outcome] = Counter()
    for transit in _unjudged(engine, authority, now):
        with Session(records.reading(engine)) as session:
            question = _question(session, transit)
        outcome = _judge(engine, question, register, now) if question else Outcome.EVIDENCE_LOST
        ended[outcome] += 1
        if outcome is Outcome.REGISTER_UNAVAILABLE:
            break
    return ended


def _unjudged(engine: Engine, authority: str, now: datetime) -> list[TransitRecord]:
    """Through and close transits without an outcome; none from over a month before the last charge."""
    since = datetime.combine(months_before(local_day(now), CHARGE_MONTHS + 1), time(), LONDON)
    with Session(records.reading(engine)) as session:
        found = [
            transit
            for conclusion in ("through", "close")
            for transit in records.transits(session, authority, conclusion=conclusion, since=since)
        ]
        judged = set(
            session.scalars(
                select(TransitOutcomeRow.transit_id).where(
                    TransitOutcomeRow.authority == authority, TransitOutcomeRow.offence_at >= since
                )
            )
        )
    return [transit for transit in found if transit.transit_id not in judged]


def _question(session: Session, transit: TransitRecord) -> Question | None:
    """None for a transit without both passages: a single sighting is never a case."""
    if transit.entry_passage_id is None or transit.exit_passage_id is None:
        return None
    try:
        return Question(
            transit=transit,
            entry=records.passage(session, transit.authority, transit.entry_passage_id),
            exit=records.passage(session, transit.authority, transit.exit_passage_id),
            order=records.order_version(session, transit.authority, transit.order_id, transit.order_version),
            permits=tuple(records.permits(session, transit.authority, transit.order_id)),
        )
    except records.NotFound:
        return None


def _judge(engine: Engine, question: Question, register: Register, now: datetime) -> Outcome:
    early = before_register(question, now)
    if early is Outcome.EVIDENCE_AWAITED:
        return early
    if early is not None:
        return _conclude(engine, question, early, now)
    try:
        answer = register.look_up(question.transit.vrm)
    except LookUpQueued:
        return Outcome.REGISTER_QUEUED
    except RegisterUnavailable:
        return Outcome.REGISTER_UNAVAILABLE
    judgement = after_register(question, answer)
    if judgement.outcome in _OPENS:
        return _open(engine, question, answer, judgement, now)
    return _conclude(engine, question, judgement.outcome, now)


def _conclude(engine: Engine, question: Question, outcome: Outcome, now: datetime) -> Outcome:
    with Session(engine) as session, session.begin():
        _remember(session, question, outcome, now)
    return outcome


def _remember(session: Session, question: Question, outcome: Outcome, now: datetime) -> bool:
    """Store the outcome; False where another run has stored one already."""
    return insert_new(
        session,
        TransitOutcomeRow,
        authority=question.transit.authority,
        transit_id=question.transit.transit_id,
        outcome=outcome,
        offence_at=question.offence_at,
        concluded_at=now,
    )


def _open(
    engine: Engine, question: Question, answer: RegisterAnswer, judgement: Judgement, now: datetime
) -> Outcome:
    row = _case(question, answer, judgement, now)
    with Session(engine) as session, session.begin():
        if _remember(session, question, judgement.outcome, now):
            session.add(row)
            session.flush()
            _audit_opening(session, row, now)
    return judgement.outcome


def _case(question: Question, answer: RegisterAnswer, judgement: Judgement, now: datetime) -> CaseRow:
    transit = question.transit
    return CaseRow(
        authority=transit.authority,
        kind="weight",
        transit_id=transit.transit_id,
        order_id=transit.order_id,
        order_version=transit.order_version,
        zone_id=transit.zone_id,
        vrm=transit.vrm,
        state=_OPENS[judgement.outcome],
        opened_at=now,
        offence_at=question.offence_at,
        register_answer=msgspec.to_builtins(answer),
        reasons=[msgspec.to_builtins(reason) for reason in judgement.reasons],
    )


def _audit_opening(session: Session, row: CaseRow, now: datetime) -> None:
    audit.record(
        session,
        row.authority,
        who=WHO,
        action="case.open",
        subject=f"case:{row.case_id}",
        reason=f"transit:{row.transit_id} {row.state}",
        now=now,
    )
