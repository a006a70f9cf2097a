"""The door of a case on PostgreSQL: two officers at once, and a step whose count falls meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from enforcement.cases.advancing import advance
from enforcement.cases.states import CaseState, Event
from enforcement.errors import DecisionRefused
from ingest import records
from tests.enforcement.cases.docket import LOOKED, SISTER, Docket
from tests.enforcement.county import NOON

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    engine = records.open_database(postgresql_url)
    yield engine
    engine.dispose()


def test_one_of_two_officers_at_once_confirms(docket: Docket) -> None:
    docket.officer(1)
    for days in range(2, 8):
        case_id = docket.proposed(at=NOON.replace(day=days))
        start = Barrier(2)

        def decide(
            officer: int, event: Event, case_id: int = case_id, start: Barrier = start
        ) -> CaseState | None:
            start.wait()
            try:
                return docket.do(case_id, event, officer=officer, looked=LOOKED)
            except DecisionRefused:
                return None

        with ThreadPoolExecutor(2) as pool:
            ends = list(pool.map(decide, (0, 1), (Event.CONFIRM, Event.CONFIRM)))
        assert ends.count(None) == 1
        assert len(docket.events(case_id)) == 1
        assert docket.state(case_id) in ends


def test_step_waits_for_a_count_that_is_just_falling(docket: Docket) -> None:
    earlier, later = docket.confirmed(days_ago=2), docket.confirmed(SISTER)
    step = docket.step(later)
    officer = docket.officer()
    with Session(docket.county.engine) as falling, falling.begin():
        advance(falling, "demo", earlier, Event.FIND_PERMIT, by=officer, reason="permit", now=NOON)
        with ThreadPoolExecutor(1) as pool:

            def send() -> CaseState:
                with Session(docket.county.engine) as session, session.begin():
                    return advance(
                        session, "demo", later, Event.SEND_WARNING, by="p", reason="r", now=NOON, step=step
                    )

            sent = pool.submit(send)
            with docket.county.engine.connect() as other:
                while not other.scalar(text(_WAITING)):
                    assert not sent.done(), "the batch did not wait for the officer"
                    other.rollback()
            falling.commit()
            with pytest.raises(DecisionRefused, match="fell away"):
                sent.result(timeout=60)


def test_later_step_is_questioned(docket: Docket) -> None:
    first, second = docket.confirmed(days_ago=3), docket.confirmed(SISTER, days_ago=2)
    docket.send(first)
    docket.send(second)
    docket.do(first, Event.ACCEPT_EXPLANATION)
    assert docket.events(second)[-1] == Event.QUESTION_STEP
