"""Admitting on a thread: the same answers in the same order; trouble with the keys comes through."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from ingest.intake.admission import Admission
from ingest.intake.admit import admit
from ingest.intake.arrivals import Refused
from ingest.intake.keys import KeyRing, TrustedKey
from tests.ingest.units import Unit, arrival, passage


@pytest.fixture
def admission(engine: Engine) -> Iterator[Admission]:
    admission = Admission(KeyRing(engine, time.monotonic))
    yield admission
    admission.stop()


def test_a_batch_is_admitted_as_each_arrival_by_itself(engine: Engine, admission: Admission) -> None:
    unit = Unit().enrol(engine)
    arrivals = [
        unit.delivers(passage(str(number))) if number % 3 else arrival("hgv/v1/unit-1/passage", b"{}")
        for number in range(200)
    ]
    keys = KeyRing(engine, time.monotonic)
    batch = admission.begin(arrivals)
    assert batch.arrivals == tuple(arrivals)
    assert batch.admitted() == [admit(each, keys) for each in arrivals]


def test_keys_that_cannot_be_read_are_told_and_tried_again(engine: Engine, admission: Admission) -> None:
    unit = Unit().enrol(engine)
    arrivals = [unit.delivers(passage("one"))]
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE agent_keys RENAME TO elsewhere"))
    with pytest.raises(OperationalError):
        admission.begin(arrivals).admitted()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO agent_keys"))
    (signed,) = admission.begin(arrivals).admitted()
    assert signed.arrival is arrivals[0]


class BrokenFor(KeyRing):
    """A ring of keys with a mistake in it that one key hits on."""

    mistaken = ""

    def get(self, key_id: str) -> TrustedKey | None:
        """The key."""
        if key_id == self.mistaken:
            raise ZeroDivisionError("a mistake of ours")
        return super().get(key_id)


def test_a_mistake_of_ours_puts_the_message_aside_and_admits_the_others(engine: Engine) -> None:
    unit, other = Unit().enrol(engine), Unit("unit-2").enrol(engine)
    keys = BrokenFor(engine, time.monotonic)
    keys.mistaken = unit.key.key_id
    admission = Admission(keys)
    arrivals = [unit.delivers(passage("one")), other.delivers(passage("two", agent_id="unit-2"))]
    aside, signed = admission.begin(arrivals).admitted()
    admission.stop()
    assert isinstance(aside, Refused)
    assert (aside.code, "a mistake of ours" in aside.reason) == ("unstorable", True)
    assert signed.arrival is arrivals[1]
