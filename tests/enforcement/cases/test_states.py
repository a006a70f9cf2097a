"""The machines as data: nothing skips an officer, the second officer or the clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from enforcement.cases.drawing import PAGE, page
from enforcement.cases.states import (
    COUNTED,
    ENDED,
    FIRST_OFFICER_DID,
    MACHINES,
    OPENED,
    UNDECIDED,
    By,
    CaseState,
    Event,
    Kind,
    Need,
    events_from,
    transition,
)

KINDS = list(Kind)
SENDS = (Event.SEND_FIRST_LETTER, Event.SEND_WARNING, Event.SEND_SPEED_NOTICE, Event.REQUEST_DRIVER)
GOES_ON = (*SENDS, Event.PROPOSE_CHARGE, Event.APPROVE_CHARGE, Event.MAKE_PACK, Event.RECORD_CHARGE)


def _reached(kind: Kind, *, without: Event | None = None) -> set[CaseState]:
    found, new = set(OPENED), list(OPENED)
    while new:
        for each in events_from(kind, new.pop()):
            if each.event is not without and each.after not in found:
                found.add(each.after)
                new.append(each.after)
    return found


def test_page_is_what_the_code_draws() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m enforcement.cases.drawing`"


@pytest.mark.parametrize("kind", KINDS)
def test_without_confirming_a_case_can_only_be_rejected(kind: Kind) -> None:
    assert _reached(kind, without=Event.CONFIRM) == {*OPENED, CaseState.REJECTED}


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_second_officer_nothing_is_sent(kind: Kind) -> None:
    assert _reached(kind, without=Event.AGREE) == {*UNDECIDED, CaseState.REJECTED}


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_second_officer_nothing_is_charged(kind: Kind) -> None:
    reached = _reached(kind, without=Event.APPROVE_CHARGE)
    assert not reached & {CaseState.CHARGE_APPROVED, CaseState.CHARGE_READY, CaseState.CHARGED}


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_of_a_machine_is_reached_and_can_end(kind: Kind) -> None:
    named = {state for each in MACHINES[kind] for state in (each.before, each.after)}
    assert named == _reached(kind)
    ends = set(ENDED & named)
    while grown := {t.before for t in MACHINES[kind] if t.after in ends} - ends:
        ends |= grown
    assert ends == named


def test_every_state_and_event_is_in_a_machine() -> None:
    everything = [each for kind in KINDS for each in MACHINES[kind]]
    assert {each.event for each in everything} == set(Event)
    assert {state for each in everything for state in (each.before, each.after)} == set(CaseState)
    assert max(len(state) for state in CaseState) <= 16
    assert max(len(event) for event in Event) <= 32


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_has_one_outcome_in_a_state(kind: Kind) -> None:
    keys = [(each.before, each.event) for each in MACHINES[kind]]
    assert len(keys) == len(set(keys))
    for each in MACHINES[kind]:
        assert transition(kind, each.before, each.event) is each


def _needed() -> Iterator[tuple[Event, Need]]:
    for event in (Event.CONFIRM, Event.AGREE):
        yield event, Need.LOOKED
        yield event, Need.GROUNDS
        yield event, Need.IN_TIME
    for event in GOES_ON:
        yield event, Need.IN_TIME
        yield event, Need.GROUNDS
    yield Event.SEND_SPEED_NOTICE, Need.NOTICE_IN_TIME
    for event in (Event.SEND_FIRST_LETTER, Event.SEND_WARNING, Event.REQUEST_DRIVER):
        yield event, Need.LADDER_STEP
    for event in GOES_ON[len(SENDS) :]:
        yield event, Need.STEP_STANDS
    yield Event.RECORD_SILENCE, Need.ANSWER_OVERDUE


@pytest.mark.parametrize(("event", "need"), list(_needed()))
def test_needs_hold_wherever_the_event_can_happen(event: Event, need: Need) -> None:
    found = [each for kind in KINDS for each in MACHINES[kind] if each.event is event]
    assert found
    assert all(need in each.needs for each in found)


def test_persons_of_each_event() -> None:
    process = {*SENDS, Event.MAKE_PACK, Event.SEND_WITHDRAWAL, Event.QUESTION_STEP}
    second = {Event.AGREE, Event.APPROVE_CHARGE, Event.DECLINE_CHARGE}
    for each in (each for kind in KINDS for each in MACHINES[kind]):
        wanted = (
            By.PROCESS if each.event in process else By.SECOND_OFFICER if each.event in second else By.OFFICER
        )
        assert each.by is wanted, each
    assert set(FIRST_OFFICER_DID) == second


@pytest.mark.parametrize("kind", KINDS)
def test_a_review_is_confirmed_with_proof_alone(kind: Kind) -> None:
    for state in OPENED:
        confirms = transition(kind, state, Event.CONFIRM)
        assert confirms is not None
        assert (Need.WEIGHT_PROOF in confirms.needs) == (state is CaseState.REVIEW)


def test_weight_cases_know_no_notice_of_intended_prosecution() -> None:
    assert not [each for each in MACHINES[Kind.WEIGHT] if Need.NOTICE_IN_TIME in each.needs]
    assert not [each for each in MACHINES[Kind.WEIGHT] if each.after is CaseState.NOTICE_SENT]


def test_what_counts() -> None:
    uncounted = {*UNDECIDED, CaseState.REJECTED, CaseState.WITHDRAWAL_DUE, CaseState.WITHDRAWN}
    assert set(CaseState) - COUNTED == uncounted
    assert CaseState.CONFIRMED in COUNTED


def test_withdrawn_only_without_a_letter_or_by_a_withdrawal_letter() -> None:
    for each in (each for kind in KINDS for each in MACHINES[kind] if each.after is CaseState.WITHDRAWN):
        assert each.event is Event.SEND_WITHDRAWAL or each.before in (
            CaseState.CONFIRMED,
            CaseState.NOT_PURSUED,
        )
