"""How long what is kept, by kind of record, state and age, as data; nothing here deletes anything.

Sources: domain.md section 2 (unconfirmed passages go after 12 months at the latest; evidence in a live case
is held); Data Protection Act 2018 s. 39 (no longer than necessary, with time limits for review). The months
are policy. A month counts by the corresponding date, as the law counts it; on that day the record goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from config.clock import LONDON
from config.law.deadlines import local_day, months_after, months_before
from enforcement.cases.states import UNDECIDED, CaseState
from enforcement.policy import Retention

Months = Literal["unconfirmed_months", "closed_case_months"]


class Record(StrEnum):
    """What a rule is about; the values name it in plans and in the audit log."""

    CASE = "cases"
    PASSAGE = "passages"
    TRANSIT = "transits"
    REGISTER_ANSWER = "register answers"
    LOOK_UP = "look-ups"
    KEEPER = "keepers"
    QUARANTINED = "quarantined messages"


class Since(StrEnum):
    """From what a case's age counts."""

    OFFENCE = "offence"
    ENDED = "ended"


@dataclass(frozen=True)
class Rule:
    """`months` names the policy's figure; of cases `states` and `since` say which ones and from when."""

    name: str
    record: Record
    months: Months
    why: str
    states: frozenset[CaseState] = frozenset()
    since: Since | None = None


CASE_RULES = (
    Rule(
        "case.undecided",
        Record.CASE,
        "unconfirmed_months",
        "no officer decided, and none can any more: the time for a charge is over",
        frozenset(UNDECIDED),
        Since.OFFENCE,
    ),
    Rule(
        "case.rejected",
        Record.CASE,
        "unconfirmed_months",
        "an officer found no breach, so the passages are unconfirmed",
        frozenset({CaseState.REJECTED}),
        Since.OFFENCE,
    ),
    Rule(
        "case.ended",
        Record.CASE,
        "closed_case_months",
        "nothing more is due, and the time for which ended cases are kept is over",
        frozenset({CaseState.WITHDRAWN, CaseState.CLOSED, CaseState.NOT_PURSUED}),
        Since.ENDED,
    ),
)
LIVE = frozenset(CaseState).difference(*(rule.states for rule in CASE_RULES))
"""States in which a case keeps everything, however old it is."""

RECORD_RULES = (
    Rule("passage.unconfirmed", Record.PASSAGE, "unconfirmed_months", "no case and no hold rests on it"),
    Rule("transit.unfounded", Record.TRANSIT, "unconfirmed_months", "a passage that it names is not stored"),
    Rule("answer.old", Record.REGISTER_ANSWER, "unconfirmed_months", "no case is about this vehicle"),
    Rule("look_up.old", Record.LOOK_UP, "unconfirmed_months", "nobody can use an answer any more"),
    Rule("keeper.unused", Record.KEEPER, "unconfirmed_months", "no case is about this vehicle"),
    Rule("quarantine.old", Record.QUARANTINED, "unconfirmed_months", "it may hold a registration"),
)


@dataclass(frozen=True)
class Ages:
    """The rules' months as a policy has them, at one instant."""

    retention: Retention
    now: datetime

    def before(self, rule: Rule) -> datetime:
        """The instant before which records have lived the rule's months."""
        return lived_before(self.now, getattr(self.retention, rule.months))


def lived_before(now: datetime, months: int) -> datetime:
    """The start (Europe/London) of the first day whose records have not yet lived `months` months.

    A record of 29 February has no corresponding day in other years: it goes with those of the 28th.
    """
    today = local_day(now)
    last = max(day for day in _around(months_before(today, months)) if months_after(day, months) <= today)
    return datetime.combine(last + timedelta(days=1), time(), LONDON)


def _around(day: date) -> Iterator[date]:
    """Months are 28 to 31 days long, so the last day that is due is at most three days away."""
    return (day + timedelta(days=days) for days in range(-3, 4))
