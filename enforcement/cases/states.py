"""The states of a case and the events that move it: one machine per kind, as data; all goes through it.

`enforcement.cases.advancing.advance` is the one door by which a case changes its state; STATES.md is drawn
from these tables. Names are at most 16 (states) and 32 (events) characters, as the columns that hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a case is about."""

    WEIGHT = "weight"
    SPEED = "speed"


class CaseState(StrEnum):
    """REVIEW and PROPOSED wait for an officer and SECOND_LOOK for another one; CONFIRMED, STEP_REVERSED and
    WITHDRAWAL_DUE wait for a batch."""

    REVIEW = "review"
    PROPOSED = "proposed"
    SECOND_LOOK = "second_look"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    LETTER_SENT = "letter_sent"
    WARNING_SENT = "warning_sent"
    NOTICE_SENT = "notice_sent"
    DRIVER_REQUESTED = "driver_requested"
    KEEPER_ANSWERED = "keeper_answered"
    KEEPER_SILENT = "keeper_silent"
    CHARGE_PROPOSED = "charge_proposed"
    CHARGE_DECLINED = "charge_declined"
    CHARGE_APPROVED = "charge_approved"
    CHARGE_READY = "charge_ready"
    CHARGED = "charged"
    STEP_REVERSED = "step_reversed"
    WITHDRAWAL_DUE = "withdrawal_due"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    NOT_PURSUED = "not_pursued"


class Event(StrEnum):
    """What happens to a case. Each is kept for good with who, when and why."""

    CONFIRM = "confirm"
    AGREE = "agree"
    REJECT = "reject"
    SEND_FIRST_LETTER = "send_first_letter"
    SEND_WARNING = "send_warning"
    SEND_SPEED_NOTICE = "send_speed_notice"
    REQUEST_DRIVER = "request_driver"
    RECORD_ANSWER = "record_answer"
    RECORD_SILENCE = "record_silence"
    PROPOSE_CHARGE = "propose_charge"
    APPROVE_CHARGE = "approve_charge"
    DECLINE_CHARGE = "decline_charge"
    MAKE_PACK = "make_pack"
    RECORD_CHARGE = "record_charge"
    ACCEPT_EXPLANATION = "accept_explanation"
    FIND_PERMIT = "find_permit"
    QUESTION_STEP = "question_step"
    UPHOLD_STEP = "uphold_step"
    REVERSE_STEP = "reverse_step"
    SEND_WITHDRAWAL = "send_withdrawal"
    CLOSE = "close"


class By(StrEnum):
    """Who may bring an event about. A process is a batch or a job; it never stands in for an officer."""

    OFFICER = "officer"
    SECOND_OFFICER = "second_officer"
    PROCESS = "process"


class Need(StrEnum):
    """What an event requires beside its state and its person."""

    LOOKED = "looked"
    WEIGHT_PROOF = "weight_proof"
    GROUNDS = "grounds"
    IN_TIME = "in_time"
    LADDER_STEP = "ladder_step"
    STEP_STANDS = "step_stands"
    ANSWER_OVERDUE = "answer_overdue"
    NOTICE_IN_TIME = "notice_in_time"


@dataclass(frozen=True)
class Transition:
    """From one state by one event to the next state; a person always gives a reason."""

    before: CaseState
    event: Event
    after: CaseState
    by: By
    needs: tuple[Need, ...] = ()


# Of an event for a second officer, the event that the first one brought about.
FIRST_OFFICER_DID = {
    Event.AGREE: Event.CONFIRM,
    Event.APPROVE_CHARGE: Event.PROPOSE_CHARGE,
    Event.DECLINE_CHARGE: Event.PROPOSE_CHARGE,
}

OPENED = (CaseState.REVIEW, CaseState.PROPOSED)
UNDECIDED = (*OPENED, CaseState.SECOND_LOOK)
# From the keeper's answer to the charge.
PURSUED = (
    CaseState.KEEPER_ANSWERED,
    CaseState.KEEPER_SILENT,
    CaseState.CHARGE_PROPOSED,
    CaseState.CHARGE_DECLINED,
    CaseState.CHARGE_APPROVED,
    CaseState.CHARGE_READY,
    CaseState.CHARGED,
)
# States in which a step may have to be looked at again, because a case that it was counted on fell away.
_STEP_TAKEN = (CaseState.WARNING_SENT, CaseState.DRIVER_REQUESTED, *PURSUED, CaseState.CLOSED)
# Where nothing more is due. A closed case opens again only for an explanation or a step that lost its count.
ENDED = frozenset({CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.CLOSED, CaseState.NOT_PURSUED})
# What the ladder counts: two officers confirmed the breach, and nothing that took it back was found since.
COUNTED = frozenset(CaseState) - {
    *UNDECIDED,
    CaseState.REJECTED,
    CaseState.WITHDRAWAL_DUE,
    CaseState.WITHDRAWN,
}


def _decided() -> list[Transition]:
    """Two officers look before anything is confirmed; one is enough to reject, the first one too."""
    looked = (Need.LOOKED, Need.GROUNDS, Need.IN_TIME)
    waits, confirmed = CaseState.SECOND_LOOK, CaseState.CONFIRMED
    proof = Need.WEIGHT_PROOF
    return [
        Transition(CaseState.REVIEW, Event.CONFIRM, waits, By.OFFICER, (*looked, proof)),
        Transition(CaseState.PROPOSED, Event.CONFIRM, waits, By.OFFICER, looked),
        Transition(waits, Event.AGREE, confirmed, By.SECOND_OFFICER, looked),
        *(Transition(state, Event.REJECT, CaseState.REJECTED, By.OFFICER) for state in UNDECIDED),
    ]


def _sent(event: Event, after: CaseState, *needs: Need) -> Transition:
    """A letter of a confirmed case: by a batch, in time, on grounds that still hold."""
    return Transition(CaseState.CONFIRMED, event, after, By.PROCESS, (Need.GROUNDS, Need.IN_TIME, *needs))


def _answered(asked: CaseState) -> list[Transition]:
    """The keeper's answer to a request for the driver's details, in time, late or never."""
    silent, answered = CaseState.KEEPER_SILENT, CaseState.KEEPER_ANSWERED
    return [
        Transition(asked, Event.RECORD_ANSWER, answered, By.OFFICER),
        Transition(asked, Event.RECORD_SILENCE, silent, By.OFFICER, (Need.ANSWER_OVERDUE,)),
        Transition(silent, Event.RECORD_ANSWER, answered, By.OFFICER),
    ]


def _charged() -> list[Transition]:
    """One officer proposes, another one approves; nothing goes on once the six months are over."""
    go_on = (Need.GROUNDS, Need.IN_TIME, Need.STEP_STANDS)
    proposed = CaseState.CHARGE_PROPOSED
    from_states = (CaseState.KEEPER_ANSWERED, CaseState.KEEPER_SILENT, CaseState.CHARGE_DECLINED)
    return [
        *(Transition(state, Event.PROPOSE_CHARGE, proposed, By.OFFICER, go_on) for state in from_states),
        Transition(proposed, Event.APPROVE_CHARGE, CaseState.CHARGE_APPROVED, By.SECOND_OFFICER, go_on),
        Transition(proposed, Event.DECLINE_CHARGE, CaseState.CHARGE_DECLINED, By.SECOND_OFFICER),
        Transition(CaseState.CHARGE_APPROVED, Event.MAKE_PACK, CaseState.CHARGE_READY, By.PROCESS, go_on),
        Transition(CaseState.CHARGE_READY, Event.RECORD_CHARGE, CaseState.CHARGED, By.OFFICER, go_on),
    ]


def _taken_back(letter_out: tuple[CaseState, ...], found: tuple[Event, ...]) -> list[Transition]:
    """What was found later takes the case back; where a letter went out, another one must say so."""
    due, gone = CaseState.WITHDRAWAL_DUE, CaseState.WITHDRAWN
    nothing_out = (CaseState.CONFIRMED, CaseState.NOT_PURSUED)
    return [
        *(Transition(state, event, due, By.OFFICER) for state in letter_out for event in found),
        *(Transition(state, event, gone, By.OFFICER) for state in nothing_out for event in found),
        Transition(due, Event.SEND_WITHDRAWAL, gone, By.PROCESS),
    ]


def _looked_at_again() -> list[Transition]:
    """A step whose count fell: marked by the process, upheld or reversed by an officer, never silently."""
    reversed_ = CaseState.STEP_REVERSED
    return [
        transition
        for state in _STEP_TAKEN
        for transition in (
            Transition(state, Event.QUESTION_STEP, state, By.PROCESS),
            Transition(state, Event.UPHOLD_STEP, state, By.OFFICER),
            Transition(state, Event.REVERSE_STEP, reversed_, By.OFFICER),
        )
    ] + [Transition(reversed_, Event.SEND_WITHDRAWAL, CaseState.CONFIRMED, By.PROCESS)]


def _closed(letter_out: tuple[CaseState, ...]) -> list[Transition]:
    """No further action; the breach stays confirmed and counts."""
    return [
        Transition(CaseState.CONFIRMED, Event.CLOSE, CaseState.NOT_PURSUED, By.OFFICER),
        *(Transition(state, Event.CLOSE, CaseState.CLOSED, By.OFFICER) for state in letter_out),
    ]


def _weight() -> tuple[Transition, ...]:
    ladder = Need.LADDER_STEP
    out = (CaseState.LETTER_SENT, CaseState.WARNING_SENT, CaseState.DRIVER_REQUESTED, *PURSUED)
    found = (Event.ACCEPT_EXPLANATION, Event.FIND_PERMIT)
    return (
        *_decided(),
        _sent(Event.SEND_FIRST_LETTER, CaseState.LETTER_SENT, ladder),
        _sent(Event.SEND_WARNING, CaseState.WARNING_SENT, ladder),
        _sent(Event.REQUEST_DRIVER, CaseState.DRIVER_REQUESTED, ladder),
        *_answered(CaseState.DRIVER_REQUESTED),
        *_charged(),
        *_looked_at_again(),
        *_taken_back((*out, CaseState.CLOSED, CaseState.STEP_REVERSED), found),
        *_closed(out),
    )


def _speed() -> tuple[Transition, ...]:
    out = (CaseState.NOTICE_SENT, *PURSUED)
    return (
        *_decided(),
        _sent(Event.SEND_SPEED_NOTICE, CaseState.NOTICE_SENT, Need.NOTICE_IN_TIME),
        *_answered(CaseState.NOTICE_SENT),
        *_charged(),
        *_taken_back((*out, CaseState.CLOSED), (Event.ACCEPT_EXPLANATION,)),
        *_closed(out),
    )


MACHINES: dict[Kind, tuple[Transition, ...]] = {Kind.WEIGHT: _weight(), Kind.SPEED: _speed()}


def transition(kind: str, before: str, event: str) -> Transition | None:
    """What `event` does to a case of `kind` in state `before`; None where it cannot happen there."""
    return next((t for t in MACHINES[Kind(kind)] if (t.before, t.event) == (before, event)), None)


def events_from(kind: str, before: str) -> tuple[Transition, ...]:
    """All that can happen to a case of `kind` in state `before`."""
    return tuple(t for t in MACHINES[Kind(kind)] if t.before == before)
