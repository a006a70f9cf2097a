"""How far a unit's clock may be off, from what it says of it."""

from __future__ import annotations

import pytest

from config.wire import ClockState
from ingest.heartbeats.clocks import furthest_off_s


@pytest.mark.parametrize(
    ("clock", "source", "expected"),
    [
        (ClockState(source="chrony", offset_s=-0.25, error_bound_s=0.5), "live", 0.75),
        (ClockState(source="kernel", offset_s=0.25, error_bound_s=0.5), "live", 0.75),
        (ClockState(source="chrony", offset_s=0.1), "live", None),
        (ClockState(source="chrony", error_bound_s=0.1), "live", None),
        (ClockState(source="unknown", offset_s=0.0, error_bound_s=0.0), "live", None),
        (ClockState(source="file"), "file", 0.0),
        (ClockState(source="file", offset_s=0.0, error_bound_s=0.0), "live", None),
    ],
)
def test_how_far_a_clock_may_be_off(clock: ClockState, source: str, expected: float | None) -> None:
    assert furthest_off_s(clock, source) == expected
