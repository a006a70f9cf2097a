"""What heartbeats vouch for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.heartbeats.seeing import LONGEST_SILENCE_S, Beat, covers, seeing
from tests.ingest.units import NOON


def beat(
    sent_s: float, state: str = "seeing", frame_s: float | None = None, since_s: float | None = None
) -> Beat:
    """A beat sent some seconds after noon; its newest frame is from then, too, unless said otherwise."""
    frame_at = NOON + timedelta(seconds=sent_s if frame_s is None else frame_s)
    since = None if since_s is None else NOON + timedelta(seconds=since_s)
    return Beat(NOON + timedelta(seconds=sent_s), state, frame_at, since)


@pytest.mark.parametrize(
    ("beats", "expected"),
    [
        ([beat(0)], []),
        ([beat(0), beat(30), beat(60)], [(0, 60)]),
        ([beat(60), beat(0), beat(30)], [(0, 60)]),
        ([beat(0), beat(LONGEST_SILENCE_S)], [(0, LONGEST_SILENCE_S)]),
        ([beat(0), beat(LONGEST_SILENCE_S + 1)], []),
        ([beat(0), beat(30), beat(60, "no_frames", 40), beat(90, "no_frames", 40)], [(0, 30)]),
        ([beat(0), beat(30, "faulty"), beat(60), beat(90)], [(60, 90)]),
        ([beat(0), beat(30), beat(60, "no_frames", 40), beat(90), beat(120)], [(0, 30), (90, 120)]),
        # A fault is noticed after it began: what earlier beats vouched for is taken back.
        ([beat(0), beat(30), beat(60), beat(70, "faulty", since_s=20), beat(100)], [(0, 20)]),
        ([beat(0), beat(90, "faulty", since_s=-9), beat(95), beat(99)], [(95, 99)]),
        ([beat(0), beat(60), beat(70, "faulty", since_s=65), beat(80), beat(90)], [(0, 60), (80, 90)]),
        ([beat(0), beat(60, "ended", since_s=40)], [(0, 40)]),
        (
            [beat(0), beat(30, "ended"), beat(60, frame_s=4000), beat(61, frame_s=4001)],
            [(0, 30), (4000, 4001)],
        ),
        # A film runs faster than life: its frames are its own time, its beats the unit's.
        ([beat(0, frame_s=5000), beat(5, frame_s=5120), beat(9, "ended", 5200)], [(5000, 5200)]),
        ([Beat(NOON, "no_frames", None), beat(30), beat(60)], [(30, 60)]),
    ],
)
def test_a_camera_was_seeing(beats: list[Beat], expected: list[tuple[float, float]]) -> None:
    found = [((i.start - NOON).total_seconds(), (i.end - NOON).total_seconds()) for i in seeing(beats)]
    assert found == expected


@pytest.mark.parametrize(
    ("start_s", "end_s", "covered"), [(10, 50, True), (-5, 65, True), (-6, 50, False), (10, 66, False)]
)
def test_an_interval_covers_a_time(start_s: float, end_s: float, covered: bool) -> None:
    intervals = seeing([beat(0), beat(30), beat(60)])
    start, end = NOON + timedelta(seconds=start_s), NOON + timedelta(seconds=end_s)
    assert covers(intervals, start, end, slack_s=5) is covered
