"""What is found later reverses its own step, and questions those that were counted on it."""

from __future__ import annotations

import pytest

from enforcement.cases.states import CaseState, Event
from enforcement.errors import DecisionRefused
from tests.enforcement.cases.docket import SISTER, STRANGER, Docket


def test_first_letter_is_withdrawn_by_a_letter(docket: Docket) -> None:
    case_id = docket.confirmed()
    docket.send(case_id)
    assert docket.do(case_id, Event.ACCEPT_EXPLANATION) is CaseState.WITHDRAWAL_DUE
    step = docket.step(case_id)
    assert step is not None
    assert step.letter_kind == "withdrawal"
    assert docket.send(case_id) is CaseState.WITHDRAWN
    assert docket.step(case_id) is None


def test_without_a_letter_none_is_taken_back(docket: Docket) -> None:
    case_id = docket.confirmed()
    assert docket.do(case_id, Event.FIND_PERMIT) is CaseState.WITHDRAWN


def test_later_step_is_questioned_and_not_changed(docket: Docket) -> None:
    first, second, other = (
        docket.confirmed(days_ago=3),
        docket.confirmed(SISTER, days_ago=2),
        docket.confirmed(STRANGER),
    )
    for case_id in (first, second, other):
        docket.send(case_id)
    docket.do(first, Event.FIND_PERMIT)
    assert docket.state(second) == CaseState.WARNING_SENT
    assert docket.events(second)[-1] == Event.QUESTION_STEP
    assert docket.state(other) == CaseState.LETTER_SENT
    assert docket.events(other)[-1] == Event.SEND_FIRST_LETTER


def test_reversed_step_is_taken_again_by_the_new_count(docket: Docket) -> None:
    first, second = docket.confirmed(days_ago=3), docket.confirmed(days_ago=2)
    docket.send(first)
    docket.send(second)
    docket.do(first, Event.ACCEPT_EXPLANATION)
    assert docket.do(second, Event.REVERSE_STEP) is CaseState.STEP_REVERSED
    assert docket.send(second) is CaseState.CONFIRMED
    assert docket.send(second) is CaseState.LETTER_SENT


@pytest.mark.parametrize("settle", [Event.UPHOLD_STEP, Event.REVERSE_STEP])
def test_no_charge_while_its_step_is_in_question(docket: Docket, settle: Event) -> None:
    first = docket.confirmed(days_ago=5)
    docket.send(first)
    docket.send(docket.confirmed(days_ago=4))
    third = docket.confirmed(days_ago=1)
    docket.send(third)
    docket.do(third, Event.RECORD_ANSWER)
    docket.do(first, Event.ACCEPT_EXPLANATION)
    with pytest.raises(DecisionRefused, match="Uphold or reverse"):
        docket.do(third, Event.PROPOSE_CHARGE)
    docket.do(third, settle)
    if settle is Event.UPHOLD_STEP:
        assert docket.do(third, Event.PROPOSE_CHARGE) is CaseState.CHARGE_PROPOSED
    else:
        assert docket.state(third) == CaseState.STEP_REVERSED


def test_unsent_cases_are_simply_counted_again(docket: Docket) -> None:
    first, second = docket.confirmed(days_ago=3), docket.confirmed(days_ago=2)
    docket.send(first)
    docket.do(first, Event.ACCEPT_EXPLANATION)
    step = docket.step(second)
    assert step is not None
    assert step.event is Event.SEND_FIRST_LETTER
    assert docket.events(second) == [Event.CONFIRM, Event.AGREE]


def test_closed_charge_is_questioned_too(docket: Docket) -> None:
    first, second = docket.confirmed(days_ago=3), docket.confirmed(days_ago=2)
    docket.send(first)
    docket.send(second)
    docket.do(second, Event.CLOSE)
    docket.do(first, Event.ACCEPT_EXPLANATION)
    assert (docket.state(second), docket.events(second)[-1]) == (CaseState.CLOSED, Event.QUESTION_STEP)
