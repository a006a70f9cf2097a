"""How the Vehicle Enquiry Service is left alone: pace, pauses that it asks for, a breaker, longer waits."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from enforcement.register.breaker import CircuitBreaker
from enforcement.register.faults import Cause, ServiceFault
from enforcement.register.pacing import TokenBucket, back_off_s
from enforcement.register.ves_contract import Told, retry_after_s
from tests.enforcement.register.enquirers import TestClock, a_client
from tests.enforcement.register.simulator import Fault, Simulator


def test_pace_holds_after_the_burst(service: Simulator, clock: TestClock, http: httpx.Client) -> None:
    bucket = TokenBucket(2.0, 3, clock.monotonic_s, clock.sleep)
    client = a_client(service.url, clock, http, bucket=bucket)
    for _ in range(7):
        client.enquire("AA19AAA")
    assert clock.slept_s == [0.5] * 4
    clock.move(seconds=60)  # a long silence saves up no more than the burst
    for _ in range(4):
        client.enquire("AA19AAA")
    assert clock.slept_s == [0.5] * 5


def test_retry_after_leaves_the_service_alone(
    service: Simulator, clock: TestClock, http: httpx.Client
) -> None:
    service.fault_of = lambda number: Fault.THROTTLED if number == 0 else None
    service.retry_after = "300"
    client = a_client(service.url, clock, http)
    waits = []
    for _ in range(2):
        with pytest.raises(ServiceFault) as caught:
            client.enquire("AA19AAA")
        waits.append((caught.value.cause, caught.value.retry_after_s))
    assert waits == [(Cause.THROTTLED, 300.0), (Cause.PAUSED, 300.0)]
    clock.move(seconds=300)
    assert client.enquire("AA19AAA").told is Told.FOUND
    assert len(service.asked) == 2


def test_breaker_opens_after_faults_in_a_row_and_tries_once(clock: TestClock) -> None:
    breaker = CircuitBreaker(3, 60, clock.monotonic_s)
    fault = ServiceFault(Cause.FAILING, "")

    def admitted() -> bool:
        try:
            breaker.admit()
        except ServiceFault:
            return False
        return True

    for outcome in (breaker.failed, breaker.failed):
        assert admitted()
        outcome(fault)
    breaker.answered()  # not in a row
    for _ in range(3):
        assert admitted()
        breaker.failed(fault)
    assert not admitted()
    clock.move(seconds=60)
    assert [admitted(), admitted()] == [True, False]
    breaker.failed(fault)
    assert not admitted()
    clock.move(seconds=60)
    assert admitted()
    breaker.answered()
    assert [admitted(), admitted()] == [True, True]


@pytest.mark.parametrize(
    ("failures", "share", "wait_s"),
    [(0, 1, 30), (1, 0, 15), (1, 1, 30), (2, 1, 60), (3, 0.5, 90), (10, 1, 3600), (10_000, 1, 3600)],
)
def test_back_off_doubles_up_to_its_most(failures: int, share: float, wait_s: float) -> None:
    assert back_off_s(failures, first_s=30, most_s=3600, share=share) == wait_s


def test_retry_after_in_every_form(clock: TestClock) -> None:
    now = clock()
    cases = {
        None: 0,
        "": 0,
        "120": 120,
        "-5": 0,
        "1e9": 0,
        "99999999": 86_400,
        "soon": 0,
        "Tue, 99 Foo": 0,
        "١٢": 0,
        format_datetime(now + timedelta(minutes=2), usegmt=True): 120,
        format_datetime(now - timedelta(minutes=2), usegmt=True): 0,
        format_datetime(now + timedelta(days=400), usegmt=True): 86_400,
    }
    assert {text: retry_after_s(text, now) for text in cases} == cases
