"""What a run is worth: the rate and the delays that units saw, and what the database holds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.bench.plan import AUTHORITY, Plan
from ingest.tables import PAIRING_DUE, PASSAGES, QUARANTINE


@dataclass(frozen=True)
class Delays:
    """Seconds from the scheduled send to the receipt after the commit; None where nothing was receipted."""

    p50_s: float
    p99_s: float
    longest_s: float
    last_receipt_s: float
    without_receipt: int


def delays(plan: Plan, receipt_at_s: list[float | None]) -> Delays:
    """The delays of all passages. One without a receipt counts as endless."""
    waits = sorted(
        math.inf if at_s is None else at_s - plan.due_s(number) for number, at_s in enumerate(receipt_at_s)
    )
    return Delays(
        p50_s=_quantile(waits, 0.50),
        p99_s=_quantile(waits, 0.99),
        longest_s=waits[-1],
        last_receipt_s=max((at_s for at_s in receipt_at_s if at_s is not None), default=math.inf),
        without_receipt=sum(at_s is None for at_s in receipt_at_s),
    )


@dataclass(frozen=True)
class Stored:
    """What the database holds of a run."""

    missing: int
    duplicated: int
    quarantined: int
    to_be_paired: int


def stored(session: Session, plan: Plan) -> Stored:
    """Compare what was sent, greetings too, with what is there.

    A passage is missing where its outbox has fewer numbers than it sent, and there twice where one of them
    has several rows.
    """
    rows = PASSAGES.c
    per_unit = session.execute(
        select(func.count().label("rows"), func.count(rows.seq.distinct()).label("seqs"))
        .where(rows.authority == AUTHORITY)
        .group_by(rows.agent_id, rows.outbox_id)
    ).all()
    different = sum(unit.seqs for unit in per_unit)
    return Stored(
        missing=plan.passages + plan.units - different,
        duplicated=sum(unit.rows for unit in per_unit) - different,
        quarantined=session.scalar(select(func.count()).select_from(QUARANTINE)) or 0,
        to_be_paired=session.scalar(select(func.count()).select_from(PAIRING_DUE)) or 0,
    )


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(math.ceil(share * len(ordered)), len(ordered)) - 1]
