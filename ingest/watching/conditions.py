"""What is wrong now, as far as the centre can know: each kind is an alert of its own.

`missing`     numbers of an outbox that have not come, and that no receipt has been given for
`quarantine`  messages that could not be taken and that nobody has settled
`clock`       a unit's clock is out of tolerance, or not as the unit says
`storage`     a unit's disk is full or failing
`silent`      a unit's heartbeats have stopped, and it did not say that it would stop
`evidence`    pictures that passages name and that are lost
`outbox`      an outbox that its unit had to give up
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.heartbeats.seeing import LONGEST_SILENCE_S
from ingest.heartbeats.states import UnitState
from ingest.storing.sequences import missing_seqs
from ingest.tables import EVIDENCE, LOSSES, QUARANTINE
from ingest.watching.alerts import Condition

# Entries of a backlog overtake each other, and what was refused by a full disk is sent again.
MISSING_AFTER = timedelta(minutes=10)


def standing_conditions(session: Session, units: Sequence[UnitState], now: datetime) -> list[Condition]:
    """Everything that is wrong at `now`."""
    return [
        *_missing(session, units, now),
        *_quarantined(session),
        *_bad_clocks(units),
        *_bad_disks(units),
        *_silent(units, now),
        *_lost_evidence(session),
        *_given_up(session),
    ]


def _missing(session: Session, units: Sequence[UnitState], now: datetime) -> Iterator[Condition]:
    told = {(unit.authority, unit.agent_id): unit for unit in units}
    for key, count in missing_seqs(session, noticed_before=now - MISSING_AFTER).items():
        waits = _waits(told.get((key.authority, key.agent_id)), key.outbox_id)
        text = f"{count} numbers of outbox {key.outbox_id} have not come for ten minutes; {waits}"
        yield Condition(key.authority, key.agent_id, "missing", key.outbox_id, count, text)


def _waits(unit: UnitState | None, outbox_id: str) -> str:
    """What the unit's last heartbeat says of the numbers of an outbox."""
    if unit is None:
        return "no heartbeat of the unit says whether they wait there"
    if unit.outbox_id != outbox_id:
        return "the unit has another outbox now"
    return f"by the unit {unit.depth} wait there"


def _quarantined(session: Session) -> Iterator[Condition]:
    rows = QUARANTINE.c
    of = (rows.authority, rows.agent_id, rows.code)
    query = select(*of, func.count()).where(rows.settled_at.is_(None)).group_by(*of).order_by(*of)
    for authority, agent_id, code, count in session.execute(query):
        text = f"{count} messages lie in quarantine as {code}; see 'hgv-ingest quarantine list'"
        yield Condition(authority, agent_id, "quarantine", code, int(count), text)


def _bad_clocks(units: Sequence[UnitState]) -> Iterator[Condition]:
    for unit in units:
        if unit.clock_bad and unit.bounds is not None and unit.clock_within_s is not None:
            says = f"the unit says that its clock is within {unit.clock_within_s:.3f} s of UTC"
            most_s = unit.bounds.most_s
            most = "nobody knows how far at most" if most_s is None else f"at most {most_s:+.3f} s"
            text = f"{says}; by its heartbeats it is ahead by at least {unit.bounds.least_s:+.3f} s, {most}"
            disagrees = unit.bounds.contradict(unit.clock_within_s)
            subject = "disagrees" if disagrees else "out_of_tolerance"
            yield Condition(unit.authority, unit.agent_id, "clock", subject, 1, text)


def _bad_disks(units: Sequence[UnitState]) -> Iterator[Condition]:
    suffers = {"full": "the oldest evidence gives way", "failing": "nothing is kept that is seen now"}
    for unit in units:
        if unit.storage != "ok":
            text = f"the unit's disk is {unit.storage}: {suffers[unit.storage]}"
            yield Condition(unit.authority, unit.agent_id, "storage", unit.storage, 1, text)


def _silent(units: Sequence[UnitState], now: datetime) -> Iterator[Condition]:
    longest = timedelta(seconds=LONGEST_SILENCE_S)
    for unit in units:
        if unit.state != "stopping" and now - unit.heard_at > longest:
            text = f"no heartbeat since {unit.heard_at:%Y-%m-%d %H:%M:%S} UTC, when the unit was {unit.state}"
            yield Condition(unit.authority, unit.agent_id, "silent", "", 1, text)


def _lost_evidence(session: Session) -> Iterator[Condition]:
    rows = EVIDENCE.c
    of = (rows.authority, rows.agent_id)
    query = select(*of, func.count()).where(rows.state == "lost").group_by(*of).order_by(*of)
    for authority, agent_id, count in session.execute(query):
        text = f"{count} pictures that passages of this unit name are lost; those passages make no case"
        yield Condition(authority, agent_id, "evidence", "", int(count), text)


def _given_up(session: Session) -> Iterator[Condition]:
    rows = LOSSES.c
    query = select(LOSSES).where(rows.earlier_outbox_id.is_not(None)).order_by(rows.noticed_at, rows.loss_id)
    for row in session.execute(query):
        of = f"outbox {row.earlier_outbox_id} ended at number {row.earlier_last_seq}"
        text = f"{row.words}; {of}, {row.carried} of its events go on in outbox {row.outbox_id}"
        yield Condition(row.authority, row.agent_id, "outbox", row.earlier_outbox_id, 1, text)
