"""The ladder over rows of cases alone: whose breaches count, from which day on, and what the step says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from enforcement.cases.ladder import due_step, earlier_breaches
from enforcement.cases.states import COUNTED, CaseState, Event
from enforcement.cases.steps import Counted, DueStep
from enforcement.errors import DecisionRefused
from enforcement.policy import Ladder, Policy, load_policy
from enforcement.tables import CaseRow
from tests.enforcement.operators import RunBy

POLICY = load_policy(Path(__file__).parents[3] / "config" / "pilot" / "policy.yaml", "demo")
OFFENCE = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
NOW = datetime(2026, 9, 17, 9, 0, tzinfo=UTC)  # a Thursday: the second working day after it is a Monday
LORRY, SISTER, STRANGER = "AB12CDE", "CD34EFG", "EF56GHJ"
OPERATORS = RunBy({LORRY: "OK100", SISTER: "OK100"})


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    CaseRow.metadata.create_all(engine, [CaseRow.metadata.tables["cases"]])
    with Session(engine) as session:
        yield session
    engine.dispose()


def add(session: Session, case_id: int, vrm: str = LORRY, **changes: Any) -> CaseRow:
    """A confirmed case of weight."""
    row = CaseRow(
        **{
            "case_id": case_id,
            "authority": "demo",
            "kind": "weight",
            "transit_id": f"t{case_id}",
            "order_id": "o",
            "order_version": 1,
            "zone_id": "z",
            "vrm": vrm,
            "state": CaseState.CONFIRMED,
            "opened_at": OFFENCE,
            "offence_at": OFFENCE,
            "register_answer": {},
            "reasons": [],
            **changes,
        }
    )
    session.add(row)
    session.flush()
    return row


def ladder(**changes: Any) -> Ladder:
    return msgspec.structs.replace(POLICY.ladders[0], **changes)


def policy(**changes: Any) -> Policy:
    return msgspec.structs.replace(POLICY, ladders=(ladder(**changes),))


def counted(session: Session, case: CaseRow, **changes: Any) -> list[tuple[int, str]]:
    found = earlier_breaches(session, case, ladder(**changes), OPERATORS)
    return [(each.case_id, each.counted_by) for each in found]


def due(session: Session, case: CaseRow, policy: Policy = POLICY) -> DueStep:
    step = due_step(session, case, policy, OPERATORS, NOW)
    assert step is not None
    return step


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"authority": "other"}, False),
        ({"kind": "speed"}, False),
        ({"vrm": STRANGER}, False),
        *(({"state": state}, state in COUNTED) for state in CaseState),
    ],
)
def test_what_counts_as_an_earlier_breach(session: Session, changes: dict[str, Any], counts: bool) -> None:
    add(session, 1, **{"offence_at": OFFENCE - timedelta(days=1), **changes})
    assert counted(session, add(session, 2)) == ([(1, "vrm")] if counts else [])


@pytest.mark.parametrize(
    ("offence", "months", "earlier", "counts"),
    [
        # the look-back begins with local midnight of the same day of the month
        ("2026-09-14T12:00:00", 12, "2025-09-13T23:00:00", True),
        ("2026-09-14T12:00:00", 12, "2025-09-13T22:59:59", False),
        ("2026-09-14T12:00:00", 1, "2026-08-13T23:00:00", True),
        ("2026-09-14T12:00:00", 1, "2026-08-13T22:59:59", False),
        # in winter local midnight is that of UTC
        ("2026-01-31T12:00:00", 1, "2025-12-31T00:00:00", True),
        ("2026-01-31T12:00:00", 1, "2025-12-30T23:59:59", False),
        # a month that has no such day counts from its last
        ("2026-05-31T12:00:00", 3, "2026-02-28T00:00:00", True),
        ("2028-05-31T12:00:00", 3, "2028-02-28T23:59:59", False),
        ("2028-05-31T12:00:00", 3, "2028-02-29T00:00:00", True),
        # 23:30 UTC on a summer day is the next day in London
        ("2026-06-14T23:30:00", 1, "2026-05-14T22:59:59", False),
        ("2026-06-14T23:30:00", 1, "2026-05-14T23:00:00", True),
        # a breach of the same instant counts where its case is the older one; a later one never
        ("2026-09-14T12:00:00", 12, "2026-09-14T12:00:00", True),
        ("2026-09-14T12:00:00", 12, "2026-09-14T12:00:01", False),
    ],
)
def test_from_when_to_when_breaches_count(
    session: Session, offence: str, months: int, earlier: str, counts: bool
) -> None:
    at = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (earlier, offence)]
    add(session, 1, offence_at=at[0])
    case = add(session, 2, offence_at=at[1])
    assert counted(session, case, look_back_months=months) == ([(1, "vrm")] if counts else [])


def test_of_two_breaches_of_one_instant_the_first_does_not_count_the_second(session: Session) -> None:
    case = add(session, 1)
    add(session, 2)
    assert counted(session, case) == []


def test_breaches_are_counted_oldest_first(session: Session) -> None:
    for case_id, days in ((1, 1), (2, 3), (4, 2), (3, 2)):
        add(session, case_id, offence_at=OFFENCE - timedelta(days=days))
    assert counted(session, add(session, 9)) == [(each, "vrm") for each in (2, 3, 4, 1)]


@pytest.mark.parametrize(
    ("count_by", "found"),
    [
        (("vrm",), [(1, "vrm")]),
        (("operator",), [(1, "operator"), (2, "operator")]),
        (("vrm", "operator"), [(1, "vrm"), (2, "operator")]),
    ],
)
def test_by_registration_and_by_operator(
    session: Session, count_by: tuple[str, ...], found: list[tuple[int, str]]
) -> None:
    for case_id, vrm in ((1, LORRY), (2, SISTER), (3, STRANGER)):
        add(session, case_id, vrm, offence_at=OFFENCE - timedelta(days=9 - case_id))
    assert counted(session, add(session, 9), count_by=count_by) == found


def test_nobody_known_is_nobodys_operator(session: Session) -> None:
    add(session, 1, STRANGER, offence_at=OFFENCE - timedelta(days=1))
    assert counted(session, add(session, 2, "GH78JKL"), count_by=("operator",)) == []


@pytest.mark.parametrize(("vrm", "asked"), [(LORRY, [3]), (STRANGER, [])])
def test_of_the_countys_breaches_only_those_of_the_fleet_are_looked_at(
    session: Session, vrm: str, asked: list[int]
) -> None:
    operators = RunBy(OPERATORS.licences)
    for case_id, other in ((1, LORRY), (2, SISTER), (3, STRANGER), (4, "GH78JKL")):
        add(session, case_id, other, offence_at=OFFENCE - timedelta(days=9 - case_id))
    earlier_breaches(session, add(session, 9, vrm), ladder(count_by=("vrm", "operator")), operators)
    assert operators.asked == asked


ACTIONS = [
    (0, Event.SEND_FIRST_LETTER, "first", None),
    (1, Event.SEND_WARNING, "warning", None),
    (2, Event.REQUEST_DRIVER, "driver_request", date(2026, 10, 19)),
    (3, Event.REQUEST_DRIVER, "driver_request", date(2026, 10, 19)),
]


@pytest.mark.parametrize(("before", "event", "letter", "answer_by"), ACTIONS)
def test_each_breach_has_its_step_and_its_clocks(
    session: Session, before: int, event: Event, letter: str, answer_by: date | None
) -> None:
    for case_id in range(1, before + 1):
        add(session, case_id, offence_at=OFFENCE - timedelta(days=9 - case_id))
    step = due(session, add(session, 9))
    assert (step.case_id, step.event, step.letter_kind, step.breach) == (9, event, letter, before + 1)
    assert (step.served_on, step.answer_by) == (date(2026, 9, 21), answer_by)
    earlier = [OFFENCE - timedelta(days=9 - case_id) for case_id in range(1, before + 1)]
    assert step.counted == tuple(Counted(n, at, "vrm") for n, at in enumerate(earlier, start=1))


def test_a_step_says_its_reasons(session: Session) -> None:
    add(session, 1, offence_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))  # 1 July in London
    add(session, 2, SISTER, offence_at=OFFENCE - timedelta(days=2))
    step = due(session, add(session, 9))
    assert [(each.code, each.text, each.facts) for each in step.reasons] == [
        (
            "ladder_step",
            "Breach number 3 in 12 months, counted by registration and operator: prosecution. "
            "Ladder in force from 2026-01-01.",
            {"breach": 3, "action": "prosecution", "look_back_months": 12},
        ),
        (
            "counted_breach",
            "Case 1, confirmed, of 2026-07-01, same registration.",
            {"case_id": 1, "counted_by": "vrm"},
        ),
        (
            "counted_breach",
            "Case 2, confirmed, of 2026-09-12, same operator.",
            {"case_id": 2, "counted_by": "operator"},
        ),
    ]
    first = due(session, add(session, 10, STRANGER))
    assert "counted by registration and operator: first letter." in first.reasons[0].text


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        *(
            ({"state": state}, Event.SEND_WITHDRAWAL)
            for state in (CaseState.WITHDRAWAL_DUE, CaseState.STEP_REVERSED)
        ),
        ({"kind": "speed"}, Event.SEND_SPEED_NOTICE),
        ({"state": CaseState.PROPOSED}, None),
        ({"state": CaseState.CLOSED}, None),
        ({"state": CaseState.WITHDRAWN}, None),
        ({"kind": "speed", "state": CaseState.PROPOSED}, None),
    ],
)
def test_what_is_due_without_a_ladder(session: Session, changes: dict[str, Any], event: Event | None) -> None:
    none_in_force = policy(effective_from=date(2030, 1, 1))
    step = due_step(session, add(session, 1, **changes), none_in_force, OPERATORS, NOW)
    letters = {Event.SEND_WITHDRAWAL: "withdrawal", Event.SEND_SPEED_NOTICE: "speed_notice"}
    assert (step and step.event) == event
    if step is not None and event is not None:
        posted = (date(2026, 9, 21), date(2026, 10, 19)) if event is Event.SEND_SPEED_NOTICE else (None, None)
        assert (step.case_id, step.letter_kind, step.breach) == (1, letters[event], 0)
        assert (step.counted, step.reasons) == ((), ())
        assert (step.served_on, step.answer_by) == posted


def test_a_day_without_a_ladder_is_told(session: Session) -> None:
    case = add(session, 1, offence_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    with pytest.raises(DecisionRefused, match=r"has no ladder for 2026-07-01; add one to its file\.$"):
        due(session, case, policy(effective_from=date(2026, 7, 2)))


def test_holidays_and_days_to_answer_are_the_policys(session: Session) -> None:
    for case_id in (1, 2):
        add(session, case_id, offence_at=OFFENCE - timedelta(days=9 - case_id))
    service = msgspec.structs.replace(POLICY.service, bank_holidays=(date(2026, 9, 18),))
    answer = msgspec.structs.replace(POLICY.keeper_answer, days=14)
    step = due(
        session, add(session, 9), msgspec.structs.replace(POLICY, service=service, keeper_answer=answer)
    )
    assert (step.served_on, step.answer_by) == (date(2026, 9, 22), date(2026, 10, 6))
