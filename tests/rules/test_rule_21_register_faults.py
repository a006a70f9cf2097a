"""Rule 21: register errors back off, queue, and imply nothing; the answer used is stored with its date."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from enforcement.errors import LookUpQueued
from enforcement.register import queue
from enforcement.register.kept_answers import newest_answer
from tests.enforcement.register.enquirers import TestClock, a_client, a_register
from tests.enforcement.register.simulator import Fault, simulated_service

LORRY = "AA19BBB"
ENTRIES = {LORRY: {"registrationNumber": LORRY, "typeApproval": "N3", "revenueWeight": 44_000}}


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.FAILING, Fault.MAINTENANCE, Fault.CUT_INSIDE])
def test_a_fault_queues_the_mark_and_implies_nothing(engine: Engine, fault: Fault) -> None:
    clock = TestClock()
    with simulated_service(clock, entries=ENTRIES) as service, httpx.Client(trust_env=False) as http:
        register = a_register(engine, a_client(service.url, clock, http), clock)
        service.fault_of = lambda number: fault if number == 0 else None
        with pytest.raises(LookUpQueued):
            register.look_up(LORRY)
        with Session(engine) as session:
            assert newest_answer(session, "demo", LORRY) is None
            waiting = queue.waiting(session, "demo", LORRY)
        assert waiting is not None
        assert waiting.due_at > clock(), "it waits before it asks again"
        clock.move(seconds=60)
        answer = register.look_up(LORRY)
        assert (answer.revenue_weight_kg, answer.as_of) == (44_000, clock())
        with Session(engine) as session:
            kept = newest_answer(session, "demo", LORRY)
        assert kept is not None
        assert kept.as_of == clock()
