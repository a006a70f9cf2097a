"""The one door: who may, when, in what order, what is written down, and two officers at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enforcement.cases.advancing import advance
from enforcement.cases.proving import WeightProof
from enforcement.cases.records import case_file
from enforcement.cases.rows import case_row
from enforcement.cases.states import MACHINES, UNDECIDED, By, CaseState, Event, Kind
from enforcement.errors import DecisionRefused
from enforcement.tables import AuditRow, CaseDecisionRow
from tests.enforcement.cases.docket import LOOKED, SISTER, STRANGER, Docket
from tests.enforcement.county import NOON

SOON = NOON + timedelta(days=40)


def _third_breach(docket: Docket) -> int:
    """A case whose keeper was asked for the driver, as the third breach of its vehicle."""
    for days in (5, 4):
        docket.send(docket.confirmed(days_ago=days))
    case_id = docket.confirmed(days_ago=1)
    assert docket.send(case_id) is CaseState.DRIVER_REQUESTED
    return case_id


def test_the_whole_way_to_a_charge(docket: Docket) -> None:
    case_id = _third_breach(docket)
    assert docket.do(case_id, Event.RECORD_ANSWER) is CaseState.KEEPER_ANSWERED
    assert docket.do(case_id, Event.PROPOSE_CHARGE) is CaseState.CHARGE_PROPOSED
    assert docket.do(case_id, Event.APPROVE_CHARGE, officer=1) is CaseState.CHARGE_APPROVED
    with Session(docket.county.engine) as session, session.begin():
        by = "process:prosecutions"
        ready = advance(session, "demo", case_id, Event.MAKE_PACK, by=by, reason="pack:1", now=NOON)
    assert ready is CaseState.CHARGE_READY
    assert docket.do(case_id, Event.RECORD_CHARGE) is CaseState.CHARGED
    assert docket.do(case_id, Event.CLOSE) is CaseState.CLOSED
    with Session(docket.county.engine) as session:
        file = case_file(session, "demo", case_id, now=NOON)
        audited = session.scalars(select(AuditRow.action).where(AuditRow.subject == f"case:{case_id}"))
        assert [f"case.{each.event}" for each in file.decisions] == list(audited)[1:]
    assert [each.who for each in file.decisions[:3]] == ["user:1", "user:2", "process:batch"]
    assert file.decisions[2].facts["counted"] == [1, 2]
    assert all(later.before is earlier.after for earlier, later in pairwise(file.decisions))


@pytest.mark.parametrize("kind_of_reason", ["weight_unknown", "weight_officer", "weight_not_over"])
def test_a_weight_that_the_register_leaves_open_is_proven_by_a_document(
    docket: Docket, kind_of_reason: str
) -> None:
    case_id = docket.proposed(at=NOON - timedelta(days=1))
    _is_review(docket, case_id, kind_of_reason)
    with pytest.raises(DecisionRefused, match="Get proof of the weight"):
        docket.do(case_id, Event.CONFIRM, looked=LOOKED)
    proven = replace(LOOKED, proof=WeightProof("weighbridge ticket", "4711 of 3 March 2026"))
    assert docket.do(case_id, Event.CONFIRM, looked=proven) is CaseState.SECOND_LOOK
    assert docket.do(case_id, Event.AGREE, officer=1, looked=LOOKED) is CaseState.CONFIRMED
    with Session(docket.county.engine) as session:
        first, second = case_file(session, "demo", case_id, now=NOON).decisions
    assert first.facts == {
        "weight_proof": {"document": "weighbridge ticket", "number": "4711 of 3 March 2026"}
    }
    assert second.facts == {}


def test_a_review_of_a_vehicle_that_the_register_shows_over_needs_no_proof(docket: Docket) -> None:
    case_id = docket.proposed(at=NOON - timedelta(days=1))
    _is_review(docket, case_id, "weight_over")
    assert docket.do(case_id, Event.CONFIRM, looked=LOOKED) is CaseState.SECOND_LOOK


def _is_review(docket: Docket, case_id: int, code: str) -> None:
    with Session(docket.county.engine) as session, session.begin():
        row = case_row(session, "demo", case_id)
        row.state, row.reasons = CaseState.REVIEW, [{"code": code, "text": "A trailer.", "facts": {}}]


def test_two_officers_look_before_anything_is_confirmed(docket: Docket) -> None:
    case_id = docket.proposed(at=NOON - timedelta(days=1))
    assert docket.do(case_id, Event.CONFIRM, looked=LOOKED) is CaseState.SECOND_LOOK
    assert docket.step(case_id) is None, "no letter is due"
    with pytest.raises(DecisionRefused, match="A second officer must look at this; you confirmed this case"):
        docket.do(case_id, Event.AGREE, looked=LOOKED)
    with pytest.raises(DecisionRefused, match="look at both pictures"):
        docket.do(case_id, Event.AGREE, officer=1)
    with pytest.raises(DecisionRefused, match="waits for a second officer"):
        docket.do(case_id, Event.CONFIRM, officer=1, looked=LOOKED)
    assert docket.do(case_id, Event.AGREE, officer=1, looked=LOOKED) is CaseState.CONFIRMED


@pytest.mark.parametrize("officer", [0, 1])
def test_either_officer_may_reject_what_waits_for_the_second(docket: Docket, officer: int) -> None:
    case_id = docket.proposed(at=NOON - timedelta(days=1))
    docket.do(case_id, Event.CONFIRM, looked=LOOKED)
    assert docket.do(case_id, Event.REJECT, officer=officer) is CaseState.REJECTED


def test_what_waits_for_the_second_officer_is_not_counted(docket: Docket) -> None:
    docket.do(docket.proposed(at=NOON - timedelta(days=3)), Event.CONFIRM, looked=LOOKED)
    step = docket.step(docket.confirmed(days_ago=1))
    assert step is not None
    assert (step.event, step.breach) == (Event.SEND_FIRST_LETTER, 1)


@pytest.mark.parametrize("event", [Event.APPROVE_CHARGE, Event.DECLINE_CHARGE])
def test_second_officer_is_never_the_first(docket: Docket, event: Event) -> None:
    case_id = _third_breach(docket)
    docket.do(case_id, Event.RECORD_ANSWER)
    docket.do(case_id, Event.PROPOSE_CHARGE)
    with pytest.raises(DecisionRefused, match="second officer"):
        docket.do(case_id, event)
    docket.do(case_id, Event.DECLINE_CHARGE, officer=1)
    docket.do(case_id, Event.PROPOSE_CHARGE, officer=1)
    with pytest.raises(DecisionRefused, match="second officer"):
        docket.do(case_id, event, officer=1)
    assert docket.do(case_id, Event.APPROVE_CHARGE, officer=0) is CaseState.CHARGE_APPROVED


def test_keeper_is_silent_only_after_the_last_day(docket: Docket) -> None:
    case_id = _third_breach(docket)  # served on 17 September; 28 days end with 15 October, local time
    with pytest.raises(DecisionRefused, match="until 2026-10-15"):
        docket.do(case_id, Event.RECORD_SILENCE, now=NOON.replace(month=10, day=15, hour=22, minute=59))
    over = NOON.replace(month=10, day=15, hour=23)
    assert docket.do(case_id, Event.RECORD_SILENCE, now=over) is CaseState.KEEPER_SILENT
    assert docket.do(case_id, Event.RECORD_ANSWER, now=over) is CaseState.KEEPER_ANSWERED


def test_overdue_case_is_neither_sent_nor_advanced(docket: Docket) -> None:
    asked, waiting = _third_breach(docket), docket.confirmed(STRANGER)
    docket.do(asked, Event.RECORD_ANSWER)
    last = NOON.replace(year=2027, month=3, day=14, hour=23, minute=59)  # offence on 14 September
    with pytest.raises(DecisionRefused, match="six months"):
        docket.send(waiting, now=last + timedelta(minutes=1))
    with pytest.raises(DecisionRefused, match="six months"):
        docket.do(asked, Event.PROPOSE_CHARGE, now=last + timedelta(minutes=1))
    assert docket.send(waiting, now=last) is CaseState.LETTER_SENT
    assert docket.do(asked, Event.PROPOSE_CHARGE, now=last) is CaseState.CHARGE_PROPOSED


def test_no_officers_event_by_a_process_and_no_batch_by_an_officer(docket: Docket) -> None:
    case_id = docket.proposed(at=NOON - timedelta(days=1))
    with Session(docket.county.engine) as session, pytest.raises(DecisionRefused, match="needs an officer"):
        advance(
            session, "demo", case_id, Event.CONFIRM, by="process:jobs", reason="r", now=NOON, looked=LOOKED
        )
    docket.confirm(case_id)
    with pytest.raises(DecisionRefused, match="for a batch alone"):
        docket.do(case_id, Event.SEND_FIRST_LETTER)


def test_letter_needs_the_step_of_this_case(docket: Docket) -> None:
    first, second = docket.confirmed(days_ago=2), docket.confirmed(STRANGER)
    other = docket.step(second)
    for step in (None, other):
        with Session(docket.county.engine) as session, pytest.raises(DecisionRefused, match="not the step"):
            advance(session, "demo", first, Event.SEND_FIRST_LETTER, by="p", reason="r", now=NOON, step=step)


def test_step_worked_out_before_a_count_fell_is_refused(docket: Docket) -> None:
    earlier, later = docket.confirmed(days_ago=2), docket.confirmed(SISTER)
    stale = docket.step(later)
    docket.do(earlier, Event.FIND_PERMIT)
    with Session(docket.county.engine) as session, pytest.raises(DecisionRefused, match="fell away"):
        advance(session, "demo", later, Event.SEND_WARNING, by="p", reason="r", now=NOON, step=stale)
    assert docket.send(later) is CaseState.LETTER_SENT


def test_sightings_that_changed_stop_the_letter(docket: Docket) -> None:
    transit_id = docket.county.through(STRANGER)
    case_id = docket.confirmed(days_ago=3)
    with Session(docket.county.engine) as session:
        transit_id = case_file(session, "demo", case_id, now=NOON).transit.transit_id
    docket.county.withdraw(transit_id)
    with pytest.raises(DecisionRefused, match="may not have driven through"):
        docket.send(case_id)


def test_one_of_two_officers_at_once_confirms(docket: Docket) -> None:
    case_id = docket.proposed(at=NOON - timedelta(days=1))
    docket.officer(1)
    start, ends = threading.Barrier(2), []

    def decide(officer: int) -> None:
        start.wait()
        try:
            docket.do(case_id, Event.CONFIRM, officer=officer, looked=LOOKED)
            ends.append("taken")
        except DecisionRefused:
            ends.append("refused")

    threads = [threading.Thread(target=decide, args=(officer,)) for officer in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["refused", "taken"]
    assert len(docket.events(case_id)) == 1


@pytest.mark.parametrize("statement", ["UPDATE step_grounds SET rests_on = 9", "DELETE FROM step_grounds"])
def test_grounds_of_a_step_cannot_be_changed(docket: Docket, statement: str) -> None:
    docket.confirmed(days_ago=2)
    docket.send(docket.confirmed())
    with docket.county.engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(events=st.lists(st.tuples(st.sampled_from(list(Event)), st.integers(0, 2)), max_size=12))
def test_whatever_is_tried_no_case_skips_an_officer(docket: Docket, events: list[tuple[Event, int]]) -> None:
    """Officers 0 and 1 and a batch (2) try anything in any order; the ledger is a path of the machine."""
    docket.cases += 1
    case_id = docket.proposed(STRANGER, at=NOON - timedelta(days=1, hours=docket.cases))
    for event, person in events:
        try:
            if person == 2:
                docket.send(case_id, now=SOON)
            else:
                docket.do(case_id, event, officer=person, now=SOON, looked=LOOKED)
        except (DecisionRefused, AssertionError):
            continue
    with Session(docket.county.engine) as session:
        query = select(CaseDecisionRow).where(CaseDecisionRow.case_id == case_id)
        ledger = session.scalars(query.order_by(CaseDecisionRow.id)).all()
    allowed: dict[tuple[str, str, str], By] = {
        (t.before, t.event, t.after): t.by for t in MACHINES[Kind.WEIGHT]
    }
    assert all((each.before, each.event, each.after) in allowed for each in ledger)
    assert all(
        (each.user_id is None) == (allowed[(each.before, each.event, each.after)] is By.PROCESS)
        for each in ledger
    )
    if ledger:
        assert ledger[0].before in UNDECIDED
        assert ledger[0].user_id is not None
    lookers = {each.user_id for each in ledger if each.event in (Event.CONFIRM, Event.AGREE)}
    assert len(lookers) == 2 or not any(each.before == CaseState.CONFIRMED for each in ledger)
