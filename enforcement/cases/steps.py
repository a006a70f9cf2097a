"""What a batch is to do next with a case, and why, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from enforcement.cases.states import Event
from ingest.records import Reason

LetterKind = Literal["first", "warning", "driver_request", "speed_notice", "withdrawal"]

LETTER_OF: dict[Event, LetterKind] = {
    Event.SEND_FIRST_LETTER: "first",
    Event.SEND_WARNING: "warning",
    Event.REQUEST_DRIVER: "driver_request",
    Event.SEND_SPEED_NOTICE: "speed_notice",
    Event.SEND_WITHDRAWAL: "withdrawal",
}
# Letters after which the keeper's days begin.
ASKS_KEEPER = (Event.REQUEST_DRIVER, Event.SEND_SPEED_NOTICE)


@dataclass(frozen=True)
class Counted:
    """An earlier confirmed breach that the ladder counted, and by what: `vrm` or `operator`."""

    case_id: int
    offence_at: datetime
    counted_by: Literal["vrm", "operator"]


@dataclass(frozen=True)
class DueStep:
    """The event that a batch owes a case. `breach` numbers it on the ladder, 0 where no ladder applies.

    `served_on` is the deemed day of service of a letter posted today, `answer_by` the keeper's last day.
    """

    case_id: int
    event: Event
    letter_kind: LetterKind
    breach: int = 0
    counted: tuple[Counted, ...] = field(default=())
    reasons: tuple[Reason, ...] = field(default=())
    served_on: date | None = None
    answer_by: date | None = None
