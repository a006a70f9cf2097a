"""Heartbeats: cameras, clock, counters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.wire import ClockState, Health, Heard, Receipt, decode, encode
from edge.faults import CameraFault
from edge.faults.fault import REASONS
from edge.outbox.outbox import Outbox
from edge.tally import ENDINGS, Exported, Tally
from edge.unit.camera_metrics import CameraStates
from edge.unit.clock_state import UNKNOWN, clock_state, from_chrony
from edge.unit.health import CameraWatch, Heartbeat
from edge.uplink.heard import LastHeard
from tests.edge.units import NOON, UNIT


class Ticks:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield outbox
    outbox.close()


def test_a_camera_sees_while_frames_come() -> None:
    ticks = Ticks()
    watch = CameraWatch("west-1", 2, ticks)
    assert (watch.health().state, watch.health().last_frame_at) == ("no_frames", None)
    assert [watch.saw(NOON, None), watch.saw(NOON + timedelta(seconds=1), None)] == [True, False]
    assert (watch.health().state, watch.health().frames) == ("seeing", 2)
    ticks.now_s += 11
    assert (watch.health().state, watch.health().last_frame_at) == ("no_frames", NOON + timedelta(seconds=1))
    watch.became("faulty", "x" * 999)
    assert (watch.health().state, len(watch.health().reason or "")) == ("faulty", 300)
    assert watch.saw(NOON, None)
    assert (watch.health().state, watch.health().reason) == ("seeing", None)


def test_since_when_a_camera_sees_is_told_whether_heartbeats_come_through_or_not() -> None:
    ticks = Ticks()
    watch = CameraWatch("west-1", 2, ticks)
    assert watch.health().seeing_since is None

    def saw(after_s: float, fault: CameraFault | None = None) -> tuple[float | None, float]:
        ticks.now_s = 100.0 + after_s
        watch.saw(NOON + timedelta(seconds=after_s), fault)
        health = watch.health()
        assert health.last_frame_at is not None
        since = health.seeing_since and (health.seeing_since - NOON).total_seconds()
        return since, (health.last_frame_at - NOON).total_seconds()

    assert [saw(0), saw(5), saw(15)] == [(0, 0), (0, 5), (0, 15)]
    assert [saw(26), saw(30)] == [(26, 26), (26, 30)]  # there was no frame for more than ten seconds
    assert [saw(31, CameraFault("black", NOON)), saw(33)] == [(None, 31), (33, 33)]
    watch.became("faulty", "no route to the camera")
    assert [saw(35), saw(36)] == [(35, 35), (35, 36)]


def test_a_fault_of_the_pictures_is_told_until_it_is_over() -> None:
    ticks, later = Ticks(), NOON + timedelta(seconds=40)
    watch = CameraWatch("west-1", 2, ticks)
    black, moved = CameraFault("black", NOON), CameraFault("moved", NOON)
    said = [watch.saw(later, fault) for fault in (None, black, black, moved)]
    assert said == [True, True, False, True]
    health = watch.health()
    assert (health.state, health.fault, health.faulty_since, health.reason) == (
        "faulty",
        "moved",
        NOON,
        REASONS["moved"],
    )
    ticks.now_s += 11
    assert (watch.health().state, watch.health().fault) == ("no_frames", "moved")
    assert watch.saw(later, None)
    assert (watch.health().state, watch.health().fault, watch.health().faulty_since) == ("seeing", None, None)


def test_a_film_that_ends_with_a_fault_still_tells_it() -> None:
    watch = CameraWatch("west-1", 2, Ticks())
    watch.saw(NOON + timedelta(seconds=40), CameraFault("frozen", NOON))
    watch.became("ended")
    assert (watch.health().state, watch.health().faulty_since) == ("ended", NOON)


def test_the_state_of_each_camera_is_exported() -> None:
    west, east = CameraWatch("west-1", 2, Ticks()), CameraWatch("east-1", 2, Ticks())
    west.saw(NOON, None)
    east.saw(NOON, CameraFault("noise", NOON))
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in CameraStates([west, east]).collect()
        for sample in metric.samples
    }
    assert samples["hgv_edge_camera_seeing", "west-1"] == 1
    assert samples["hgv_edge_camera_seeing", "east-1"] == 0
    faults = {key[1:]: value for key, value in samples.items() if key[0] == "hgv_edge_camera_fault"}
    assert {key for key, value in faults.items() if value} == {("east-1", "noise")}
    assert len(faults) == 2 * len(REASONS)


def test_a_heartbeat_is_a_valid_message_of_this_moment(outbox: Outbox) -> None:
    outbox.put("a", "passage", b"")
    tally = Tally()
    tally.count("receipts", 3)
    watch = CameraWatch("west-1", 2, Ticks())
    heard = LastHeard(Ticks())
    heartbeat = Heartbeat(UNIT, outbox, lambda: NOON, lambda: UNKNOWN, [watch], heard, tally.counts)
    message = heartbeat.message("up")
    assert decode(encode(message), Health) == message
    assert (message.outbox_id, message.last_seq, message.depth) == (outbox.outbox_id, 1, 1)
    assert (message.sent_at, message.state, message.clock) == (NOON, "up", UNKNOWN)
    assert message.counters["receipts"] == 3
    assert [camera.camera_id for camera in message.cameras] == ["west-1"]


def test_a_heartbeat_says_which_receipt_was_heard_last_and_for_how_long_it_was_held() -> None:
    ticks = Ticks()
    heard = LastHeard(ticks)

    def receipt_of(after_s: float | None) -> Receipt:
        sent_at = None if after_s is None else NOON + timedelta(seconds=after_s)
        return Receipt(agent_id="unit-1", outbox_id="0" * 32, sent_at=sent_at)

    heard.note(receipt_of(None))
    assert heard() is None
    heard.note(receipt_of(10))
    ticks.now_s += 4
    assert heard() == Heard(sent_at=NOON + timedelta(seconds=10), held_s=4.0)
    heard.note(receipt_of(9))  # delivered late, or sent by a centre whose clock was set back
    assert heard() == Heard(sent_at=NOON + timedelta(seconds=9), held_s=0.0)


def test_counters_have_names_that_are_explained() -> None:
    tally = Tally()
    with pytest.raises(KeyError):
        tally.count("something else")
    tally.count("receipts")
    exported = {m.name: m.samples[0].value for m in Exported(tally.counts).collect()}
    assert exported["hgv_edge_receipts"] == 1
    assert len(exported) == len(ENDINGS)


CHRONY = "D4F50001,ntp.example,3,1759748400.1,-0.000250,0.0001,0.0002,12.3,0.01,0.1,0.020,0.001,64.2,{}"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            CHRONY.format("Normal"),
            ClockState(source="chrony", offset_s=0.00025, error_bound_s=pytest.approx(0.011)),
        ),
        (CHRONY.format("Not synchronised"), UNKNOWN),
        (CHRONY.format("Normal").replace("D4F50001", "7F7F0101"), UNKNOWN),
        (CHRONY.format("Normal").replace("0.020", "nan"), UNKNOWN),
        ("", UNKNOWN),
        ("506 Cannot talk to daemon", UNKNOWN),
        (CHRONY.format("Normal").replace("-0.000250", "?"), UNKNOWN),
    ],
)
def test_what_chrony_says(told: str, expected: ClockState) -> None:
    assert from_chrony(told) == expected


def test_the_clock_of_this_machine_is_known_or_unknown_with_all_its_figures() -> None:
    state = clock_state()
    known = state.offset_s is not None and state.error_bound_s is not None
    assert known == (state.source in ("chrony", "kernel"))
