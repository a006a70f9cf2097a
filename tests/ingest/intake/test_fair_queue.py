"""Who waits behind whom at the centre, and what is acknowledged when."""

from __future__ import annotations

from collections import Counter
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.wire import topic_for
from ingest.intake.ack_order import AckOrder
from ingest.intake.arrivals import Arrival
from ingest.intake.fair_queue import FairQueue, UnitLimits, unit_of
from tests.ingest.units import arrival

UNITS = ("unit-a", "unit-b", "unit-c")


def sent_by(unit: str, payload: bytes = b"x") -> Arrival:
    return arrival(topic_for(unit, "passage"), payload)


def taken(queue: FairQueue, most: int) -> list[Arrival]:
    return queue.take(most, first_within_s=0.0, all_within_s=0.0)


def names(arrivals: list[Arrival]) -> list[str]:
    return [unit_of(each.topic) for each in arrivals]


def test_a_unit_with_one_message_does_not_wait_behind_a_flood() -> None:
    queue = FairQueue(UnitLimits(messages=100))
    flood = [sent_by("flood") for _ in range(150)]
    assert queue.put(flood) == flood[100:]
    assert queue.put([sent_by("unit-b")]) == []
    assert names(taken(queue, 2)) == ["flood", "unit-b"]
    assert names(taken(queue, 200)) == ["flood"] * 99
    assert queue.put([sent_by("flood")]) == []  # and it is heard again when its own are worked off


@pytest.mark.parametrize(
    ("limits", "sizes", "expected"),
    [
        (UnitLimits(bytes_=100), [60, 40, 1], [True, True, False]),
        (UnitLimits(bytes_=100), [101, 1], [True, False]),  # everyone may have one message
        (UnitLimits(bytes_of_all=120), [60, 60, 1], [True, True, False]),
    ],
)
def test_memory_is_bounded_for_one_unit_and_for_all(
    limits: UnitLimits, sizes: list[int], expected: list[bool]
) -> None:
    queue = FairQueue(limits)
    assert [queue.put([sent_by("flood", b"x" * size)]) == [] for size in sizes] == expected
    assert queue.put([sent_by("unit-b", b"x" * 60)]) == []  # another's place is not taken
    assert len(taken(queue, 10)) == expected.count(True) + 1


@given(st.lists(st.sampled_from(UNITS)), st.integers(1, 9))
def test_everything_comes_out_once_and_each_units_in_order(order: list[str], most: int) -> None:
    queue = FairQueue(UnitLimits())
    came = [sent_by(unit, str(number).encode()) for number, unit in enumerate(order)]
    assert queue.put(came) == []
    out: list[Arrival] = []
    while batch := taken(queue, most):
        shares, left = Counter(names(batch)), Counter(names(came)) - Counter(names(out))
        fewest = max(shares.values()) - 1
        assert all(shares[unit] >= min(fewest, left[unit]) for unit in left), "a unit was passed over"
        out += batch
    for unit in UNITS:
        assert [e for e in out if unit_of(e.topic) == unit] == [e for e in came if unit_of(e.topic) == unit]


def test_a_taker_that_waits_gets_what_comes() -> None:
    queue, found, waits = FairQueue(UnitLimits()), list[Arrival](), Event()

    def take() -> None:
        waits.set()
        found.extend(queue.take(5, first_within_s=30.0, all_within_s=0.05))

    taker = Thread(target=take)
    taker.start()
    assert waits.wait(10)
    queue.put([sent_by("unit-a")])
    taker.join(10)
    assert names(found) == ["unit-a"]


@pytest.mark.parametrize(
    ("topic", "unit"),
    [("hgv/v1/unit-a/evidence/00", "unit-a"), ("hgv/v1/unit-a", ""), ("x/y/z/z", ""), ("", "")],
)
def test_whose_a_topic_is(topic: str, unit: str) -> None:
    assert unit_of(topic) == unit


@given(st.permutations(range(1, 9)), st.integers(1, 4))
def test_acknowledgements_keep_the_order_of_arrival(worked_off: list[int], at_once: int) -> None:
    order, acked = AckOrder(), list[int]()
    order.came(range(1, 9))
    for start in range(0, len(worked_off), at_once):
        acked += order.done([*worked_off[start : start + at_once], 0])
        assert acked == list(range(1, len(acked) + 1))
        assert set(acked) <= set(worked_off[: start + at_once])
    assert acked == list(range(1, 9))
