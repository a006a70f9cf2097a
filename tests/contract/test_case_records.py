"""What a paper for court reads of passages: heartbeats next to them, the signed bytes, other sightings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.wire import ClockState, open_envelope
from ingest import records
from ingest.storing.commit import Committer
from tests.ingest.units import NOON, Unit, health, passage

CLOCK = ClockState(source="chrony", offset_s=0.25, error_bound_s=0.05)


def test_three_heartbeats_of_the_unit_on_each_side_within_an_hour(
    engine: Engine, committer: Committer
) -> None:
    unit, other = Unit().enrol(engine), Unit("unit-2").enrol(engine)
    for after_s in (-3601.0, -90.0, -60.0, -30.0, 0.0, 30.0, 3600.0):
        beat = health(after_s=after_s, clock=CLOCK)
        committer.commit([unit.delivers(beat, after_s=after_s + 1)])
    lost = health(after_s=10.0, unit_state="lost")
    committer.commit([unit.delivers(lost, after_s=11.0)])
    committer.commit([other.delivers(health(agent_id="unit-2", after_s=5.0), after_s=6.0)])
    with Session(engine) as session:
        found = records.clock_records(session, "demo", "unit-1", "ashcombe-west", NOON)
        elsewhere = records.clock_records(session, "other", "unit-1", "ashcombe-west", NOON)
    assert [(beat.sent_at - NOON).total_seconds() for beat in found] == [-60, -30, 0, 30, 3600]
    assert {(beat.offset_s, beat.error_s, beat.camera_state, beat.clock_bad) for beat in found} == {
        (0.25, 0.05, "seeing", False)
    }
    assert found[0].least_s == -1.0
    assert open_envelope(found[0].raw, lambda _: unit.key.key).header.kind == "health"
    assert elsewhere == []


def test_a_camera_that_a_heartbeat_does_not_name_has_no_state(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(health(after_s=0.0), after_s=1.0)])
    with Session(engine) as session:
        found = records.clock_records(session, "demo", "unit-1", "another-camera", NOON)
    assert [(beat.camera_state, beat.frames) for beat in found] == [(None, None)]


def test_signed_bytes_are_those_that_came(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    message = passage("one")
    arrival = unit.delivers(message)
    committer.commit([arrival])
    with Session(engine) as session:
        assert records.signed_passage(session, "demo", message.passage_id) == arrival.payload
        with pytest.raises(records.NotFound, match="no passage"):
            records.signed_passage(session, "other", message.passage_id)


def test_sightings_of_one_mark_and_of_all(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    told = [("a", 0.0, "AA19AAA"), ("b", 60.0, "AA19AAB"), ("c", 120.0, "AA19AAA"), ("d", 90.0, None)]
    committer.commit([unit.delivers(passage(name, after_s=at, vrm=vrm)) for name, at, vrm in told])
    since, until = NOON, NOON + timedelta(seconds=120)
    with Session(engine) as session:
        one = records.seen_vehicle(session, "demo", "AA19AAA", since=since, until=until)
        every = records.seen_vehicles(session, "demo", since=since, until=until)
        elsewhere = records.seen_vehicles(session, "other", since=since, until=until)
    assert [(seen.captured_at - NOON).total_seconds() for seen in one] == [0, 120]
    assert [seen.vrm for seen in every] == ["AA19AAA", "AA19AAB", "AA19AAA"]
    assert elsewhere == []
