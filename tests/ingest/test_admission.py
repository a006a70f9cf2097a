"""Admitting on several threads: the same answers in the same order; trouble with the keys comes through."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from ingest.admission import Admission
from ingest.admit import admit
from ingest.keys import KeyRing
from tests.ingest.units import Unit, arrival, passage


@pytest.fixture
def admission(engine: Engine) -> Iterator[Admission]:
    admission = Admission(KeyRing(engine, time.monotonic), threads=2)
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
