"""What an officer may do next with a case, and the last days that its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from enforcement.cases.proving import weight_unproven
from enforcement.cases.states import (
    FIRST_OFFICER_DID,
    UNDECIDED,
    By,
    CaseState,
    Event,
    Need,
    Transition,
    events_from,
)
from enforcement.cases.steps import ASKS_KEEPER
from enforcement.cases.values import AnyCaseFile, SpeedCaseFile
from enforcement.people import User

DECISIONS = (Event.CONFIRM, Event.AGREE, Event.REJECT)
_BEFORE_NOTICE = (*UNDECIDED, CaseState.CONFIRMED)


@dataclass(frozen=True)
class LastDay:
    """Something that must be done by a day, with the law that says so."""

    words: str
    day: date
    source: str


def possible_events(case: AnyCaseFile, user: User) -> tuple[Transition, ...]:
    """What this person may bring about on a case that is decided; the door itself checks it again."""
    return tuple(each for each in _possible(case, user) if each.event not in DECISIONS)


def possible_decisions(case: AnyCaseFile, user: User) -> tuple[Event, ...]:
    """Which verdicts this person may give on a case that waits for one; the door itself checks it again."""
    return tuple(each.event for each in _possible(case, user) if each.event in DECISIONS)


def needs_weight_proof(case: AnyCaseFile) -> bool:
    """Whether whoever confirms the case now must name a document that proves the weight."""
    needed = any(
        Need.WEIGHT_PROOF in each.needs for each in events_from(case.summary.kind, case.summary.state)
    )
    return needed and weight_unproven(case.summary.kind, {reason.code for reason in case.reasons})


def _possible(case: AnyCaseFile, user: User) -> tuple[Transition, ...]:
    if not user.may_decide:
        return ()
    return tuple(
        each
        for each in events_from(case.summary.kind, case.summary.state)
        if each.by is By.OFFICER or (each.by is By.SECOND_OFFICER and not _was_first(case, each.event, user))
    )


def _was_first(case: AnyCaseFile, event: Event, user: User) -> bool:
    first = [each for each in case.decisions if each.event is FIRST_OFFICER_DID[event]]
    return bool(first) and first[-1].who == f"user:{user.user_id}"


def deadlines(case: AnyCaseFile) -> tuple[LastDay, ...]:
    """The last days beside the one for the charge that still matter in the case's state."""
    found = []
    if isinstance(case, SpeedCaseFile) and case.summary.state in _BEFORE_NOTICE:
        found.append(
            LastDay("Notice to be served", case.serve_by, "Road Traffic Offenders Act 1988 s. 1, 14 days")
        )
    asked = [each.facts.get("answer_by") for each in case.decisions if each.event in ASKS_KEEPER]
    if asked and asked[-1] and case.summary.state in (CaseState.DRIVER_REQUESTED, CaseState.NOTICE_SENT):
        found.append(LastDay("Keeper to answer", date.fromisoformat(asked[-1]), "days from service"))
    return tuple(found)
