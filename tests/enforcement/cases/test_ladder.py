"""The ladder: confirmed breaches only, by registration and by operator, inside the look-back of its day."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from enforcement.cases.states import Event
from enforcement.errors import DecisionRefused
from enforcement.policy import ladder_in_force
from tests.enforcement.cases.docket import LORRY, POLICY, SISTER, STRANGER, Docket, policy, utc
from tests.enforcement.county import NOON
from tests.enforcement.operators import RunBy


def test_steps_follow_the_confirmed_breaches(docket: Docket) -> None:
    wanted = [
        (Event.SEND_FIRST_LETTER, "first"),
        (Event.SEND_WARNING, "warning"),
        (Event.REQUEST_DRIVER, "driver_request"),
        (Event.REQUEST_DRIVER, "driver_request"),
    ]
    cases = [docket.confirmed(days_ago=10 - n) for n in range(4)]
    for number, (case_id, (event, letter)) in enumerate(zip(cases, wanted, strict=True), start=1):
        step = docket.step(case_id)
        assert step is not None
        assert (step.event, step.letter_kind, step.breach) == (event, letter, number)
        assert [each.case_id for each in step.counted] == cases[: number - 1]
        assert [reason.code for reason in step.reasons] == ["ladder_step"] + ["counted_breach"] * (number - 1)


@pytest.mark.parametrize(
    ("vrm", "count_by", "counted_by"),
    [
        (LORRY, ("vrm",), ["vrm"]),
        (SISTER, ("vrm", "operator"), ["operator"]),
        (SISTER, ("vrm",), []),
        (STRANGER, ("vrm", "operator"), []),
        (LORRY, ("operator",), ["operator"]),
    ],
)
def test_counted_by_registration_and_operator(
    docket: Docket, vrm: str, count_by: tuple[str, ...], counted_by: list[str]
) -> None:
    docket.policy = policy(count_by=count_by)
    docket.confirmed(LORRY, days_ago=5)
    step = docket.step(docket.confirmed(vrm, days_ago=1))
    assert step is not None
    assert [each.counted_by for each in step.counted] == counted_by


def test_two_vehicles_without_a_known_operator_are_not_one_operator(docket: Docket) -> None:
    docket.operators = RunBy()
    docket.confirmed(LORRY, days_ago=5)
    step = docket.step(docket.confirmed(SISTER, days_ago=1))
    assert step is not None
    assert step.breach == 1


@pytest.mark.parametrize(
    ("offence", "event"),
    [
        ("2026-04-15T00:00:00", Event.SEND_WARNING),  # 01:00 BST of the day six months back: inside
        ("2026-04-14T23:00:00", Event.SEND_WARNING),  # local midnight of that day
        ("2026-04-14T22:59:59", Event.SEND_FIRST_LETTER),  # 23:59:59 BST of the day before: outside
    ],
)
def test_look_back_begins_with_its_first_local_day(docket: Docket, offence: str, event: Event) -> None:
    docket.policy = policy(look_back_months=5)
    earlier = docket.proposed(at=utc(offence))
    docket.confirm(earlier, now=utc("2026-05-01T12:00:00"))
    step = docket.step(docket.confirmed(days_ago=1 / 24))
    assert step is not None
    assert step.event is event


def test_only_what_an_officer_confirmed_counts(docket: Docket) -> None:
    docket.proposed(at=NOON - timedelta(days=9))
    rejected = docket.proposed(at=NOON - timedelta(days=8))
    docket.do(rejected, Event.REJECT)
    explained = docket.confirmed(days_ago=7)
    docket.do(explained, Event.ACCEPT_EXPLANATION)
    closed = docket.confirmed(days_ago=6)
    docket.do(closed, Event.CLOSE)
    step = docket.step(docket.confirmed(days_ago=1))
    assert step is not None
    assert [each.case_id for each in step.counted] == [closed]


def test_later_breaches_do_not_count(docket: Docket) -> None:
    docket.confirmed(days_ago=1)
    step = docket.step(docket.confirmed(days_ago=5))
    assert step is not None
    assert step.breach == 1


def test_ladder_is_the_one_of_the_day_of_the_offence(docket: Docket) -> None:
    old = msgspec.structs.replace(POLICY.ladders[0], effective_to=date(2026, 9, 14))
    new = msgspec.structs.replace(POLICY.ladders[0], effective_from=date(2026, 9, 14), steps=old.steps[1:2])
    docket.policy = msgspec.structs.replace(POLICY, ladders=(old, new))
    before, after = docket.confirmed(days_ago=3), docket.confirmed(STRANGER, days_ago=1)
    steps = [docket.step(before), docket.step(after)]
    assert [step and step.event for step in steps] == [Event.SEND_FIRST_LETTER, Event.SEND_WARNING]


@pytest.mark.parametrize(
    ("at", "found"),
    [("2026-09-13T22:59:59", 0), ("2026-09-13T23:00:00", 1), ("2025-12-31T23:59:59", None)],
)
def test_ladders_change_at_local_midnight(at: str, found: int | None) -> None:
    old = msgspec.structs.replace(POLICY.ladders[0], effective_to=date(2026, 9, 14))
    new = msgspec.structs.replace(POLICY.ladders[0], effective_from=date(2026, 9, 14), look_back_months=24)
    ladders = (old, new)
    in_force = ladder_in_force(msgspec.structs.replace(POLICY, ladders=ladders), utc(at))
    assert in_force == (None if found is None else ladders[found])


def test_offence_before_any_ladder_is_told(docket: Docket) -> None:
    docket.policy = policy(effective_from=date(2026, 9, 15))
    case_id = docket.confirmed(days_ago=2)
    with pytest.raises(DecisionRefused, match="no ladder for 2026-09-13"):
        docket.step(case_id)


def test_request_for_the_driver_says_by_when(docket: Docket) -> None:
    for days in (5, 4):
        docket.send(docket.confirmed(days_ago=days))
    step = docket.step(docket.confirmed(days_ago=1))
    assert step is not None
    assert (step.served_on, step.answer_by) == (date(2026, 9, 17), date(2026, 10, 15))


def test_nothing_is_due_before_an_officer_or_after_the_letter(docket: Docket) -> None:
    proposed = docket.proposed(at=NOON - timedelta(days=3))
    assert docket.step(proposed) is None
    docket.confirm(proposed)
    docket.send(proposed)
    assert docket.step(proposed) is None
