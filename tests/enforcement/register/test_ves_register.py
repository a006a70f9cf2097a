"""The service as a register: its cache and its queue, on every database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from enforcement.errors import LookUpQueued
from enforcement.register import queue
from enforcement.register.kept_answers import answers_about, newest_answer
from enforcement.register.ves_register import VesRegister
from enforcement.retention import feed_rows
from enforcement.retention.rules import Record
from enforcement.tables import RegisterAnswerRow, RegisterQueueRow
from tests.enforcement.register.enquirers import TestClock, a_client, a_register, counted
from tests.enforcement.register.simulator import MOCK_ENTRY, Fault, Simulator, simulated_service
from tests.enforcement.register_contract import KNOWN, RegisterContract, Subject

LORRY = "AA19BBB"


@pytest.fixture
def service(clock: TestClock) -> Iterator[Simulator]:
    names = ("registrationNumber", "typeApproval", "revenueWeight", "make")
    entries = {
        row[0]: {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in KNOWN
    }
    with simulated_service(clock, entries=entries | {"AA19AAA": MOCK_ENTRY}) as simulator:
        yield simulator


@pytest.fixture
def register(database: Engine, service: Simulator, clock: TestClock, http: httpx.Client) -> VesRegister:
    return a_register(database, a_client(service.url, clock, http), clock)


def _restarted(register: VesRegister, service: Simulator, clock: TestClock) -> VesRegister:
    """The register of another process on the same database."""
    return a_register(register.engine, a_client(service.url, clock, register.client.http), clock, seed=2)


def _queued(register: VesRegister, vrm: str) -> queue.Waiting | None:
    with Session(register.engine) as session:
        return queue.waiting(session, "demo", vrm)


def _fails(service: Simulator, fault: Fault | None) -> None:
    service.fault_of = lambda number: fault


class TestContract(RegisterContract):
    @pytest.fixture
    def subject(self, register: VesRegister, service: Simulator) -> Subject:
        return Subject(register, lambda: _fails(service, Fault.MAINTENANCE))


def test_answer_is_kept_with_its_date_and_asked_once(
    register: VesRegister, service: Simulator, clock: TestClock
) -> None:
    asked_at = clock()
    first = register.look_up("AA19AAA")
    clock.move(days=28, seconds=-1)
    assert _restarted(register, service, clock).look_up("AA19AAA") == first
    assert (len(service.asked), first.as_of) == (1, asked_at)
    clock.move(seconds=1)
    assert register.look_up("AA19AAA").as_of == asked_at + timedelta(days=28)
    assert len(service.asked) == 2
    with Session(register.engine) as session:
        assert [answer.as_of for answer in answers_about(session, "demo", "AA19AAA")] == [asked_at, clock()]
        rows = session.scalars(select(RegisterAnswerRow).order_by(RegisterAnswerRow.answer_id)).all()
        assert [row.correlation_id for row in rows] == [asked.correlation_id for asked in service.asked]
        assert rows[0].entry == MOCK_ENTRY
        old = feed_rows.due(session, "demo", Record.REGISTER_ANSWER, clock(), kept_vrms=())
        assert feed_rows.delete_rows(session, "demo", Record.REGISTER_ANSWER, old, kept_vrms=()) == 1


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_queues_and_implies_nothing(
    register: VesRegister, service: Simulator, clock: TestClock, fault: Fault
) -> None:
    hasty = a_register(
        register.engine, a_client(service.url, clock, register.client.http, timeout_s=0.3), clock
    )
    _fails(service, fault)
    with pytest.raises(LookUpQueued):
        hasty.look_up(LORRY)
    with Session(register.engine) as session:
        assert newest_answer(session, "demo", LORRY) is None
    waiting = _queued(register, LORRY)
    assert waiting is not None
    assert (waiting.failures, waiting.unanswered_since) == (1, clock())
    assert 15 <= (waiting.due_at - clock()).total_seconds() <= 30
    _fails(service, None)
    with pytest.raises(LookUpQueued):  # not before its time, after a restart either
        _restarted(register, service, clock).look_up(LORRY)
    assert len(service.asked) == 1
    clock.move(seconds=30)
    assert _restarted(register, service, clock).look_up(LORRY).revenue_weight_kg == 44000
    assert _queued(register, LORRY) is None


def test_one_queued_mark_does_not_hold_up_another(register: VesRegister, service: Simulator) -> None:
    service.fault_of = lambda number: Fault.HANG if number == 0 else None
    hasty = a_register(
        register.engine,
        a_client(service.url, register.clock, register.client.http, timeout_s=0.3),  # type: ignore[arg-type]  # the test's own clock
        register.clock,  # type: ignore[arg-type]  # the test's own clock
    )
    with pytest.raises(LookUpQueued):
        hasty.look_up(LORRY)
    assert hasty.look_up("AA19AAA").found


def test_not_known_is_an_answer_of_its_day_and_asked_again(
    register: VesRegister, service: Simulator, clock: TestClock
) -> None:
    first_day = clock()
    assert not register.look_up("AB12CDE").found
    service.entries["AB12CDE"] = {"registrationNumber": "AB12CDE", "revenueWeight": 18000}
    clock.move(days=7, seconds=-1)
    assert not register.look_up("AB12CDE").found
    assert register.ask_due() == 0
    clock.move(seconds=1)
    assert _restarted(register, service, clock).ask_due() == 1
    answer = register.look_up("AB12CDE")
    assert (answer.found, answer.revenue_weight_kg, len(service.asked)) == (True, 18000, 2)
    assert register.depth() == {}
    with Session(register.engine) as session:
        kept = [(answer.found, answer.as_of) for answer in answers_about(session, "demo", "AB12CDE")]
    assert kept == [(False, first_day), (True, clock())]


def test_mark_that_stays_unknown_is_given_up_in_the_end(
    register: VesRegister, service: Simulator, clock: TestClock
) -> None:
    register.look_up("AB12CDE")
    for _ in range(30):
        clock.move(days=7)
        register.ask_due()
    assert len(service.asked) == 26  # the last on day 175 of the 180
    assert counted(register) == {"not_known": 26, "given_up": 1}
    assert register.depth() == {}
    assert not register.look_up("AB12CDE").found  # wanted again, asked again
    assert len(service.asked) == 27


def test_mark_that_the_service_refuses_says_so(register: VesRegister) -> None:
    answer = register.look_up("ER19BAD")
    assert not answer.found
    assert "no valid registration" in (answer.not_found_because or "")
    assert register.depth() == {"refused": 1}


def test_long_silence_goes_to_an_officer_and_says_nothing_of_the_vehicle(
    register: VesRegister, service: Simulator, clock: TestClock
) -> None:
    _fails(service, Fault.FAILING)
    started = clock()
    while clock() - started < timedelta(days=7):
        with pytest.raises(LookUpQueued):
            register.look_up(LORRY)
        clock.move(hours=6)
    answer = register.look_up(LORRY)
    assert (answer.found, answer.type_approval, answer.revenue_weight_kg) == (False, None, None)
    assert "has not answered since 15 September 2026" in (answer.not_found_because or "")
    with Session(register.engine) as session:
        assert newest_answer(session, "demo", LORRY) is None
    _fails(service, None)
    clock.move(hours=6)
    assert register.look_up(LORRY).found


def test_pause_after_faults_queues_without_asking(
    register: VesRegister, service: Simulator, clock: TestClock
) -> None:
    _fails(service, Fault.FAILING)
    marks = [f"AB12CD{letter}" for letter in "ABCDEFGH"]
    for mark in marks:
        with pytest.raises(LookUpQueued):
            register.look_up(mark)
    assert (len(service.asked), counted(register)) == (5, {"failing": 5, "paused": 3})
    assert register.depth() == {"failing": 5, "paused": 3}
    _fails(service, None)
    clock.move(seconds=90)
    assert register.ask_due() == 8
    assert not register.look_up(marks[-1]).found


def test_crash_while_asking_loses_nothing(
    register: VesRegister, service: Simulator, clock: TestClock
) -> None:
    with Session(register.engine) as session, session.begin():
        assert queue.claim(session, "demo", LORRY, clock())  # and then the process died
    with pytest.raises(LookUpQueued):
        register.look_up(LORRY)
    assert service.asked == []
    clock.move(seconds=queue.LEASE.total_seconds())
    assert register.ask_due() == 1
    assert register.look_up(LORRY).found


def test_two_processes_ask_one_mark_once(register: VesRegister, service: Simulator, clock: TestClock) -> None:
    registers = [register, _restarted(register, service, clock)]

    def found(number: int) -> bool | None:
        try:
            return registers[number % 2].look_up(LORRY).found
        except LookUpQueued:
            return None

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(found, range(24)))
    assert len(service.asked) == 1
    assert True in told
    assert register.look_up(LORRY).found


def test_authorities_have_answers_and_queues_of_their_own(
    register: VesRegister, service: Simulator, clock: TestClock
) -> None:
    register.look_up(LORRY)
    with Session(register.engine) as session:
        assert newest_answer(session, "other", LORRY) is None
        assert newest_answer(session, "demo", LORRY) is not None
        assert session.get(RegisterQueueRow, ("other", LORRY)) is None


def test_postgresql_and_sqlite_keep_text_that_is_odd(
    register: VesRegister, service: Simulator, tmp_path: Path
) -> None:
    service.entries[LORRY] = {"registrationNumber": LORRY, "make": "CITROËN 'Ü' \\u0041 %s"}
    assert register.look_up(LORRY).make == "CITROËN 'Ü' \\u0041 %s"
