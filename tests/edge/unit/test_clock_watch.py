"""The clock's state over time: judged by the tolerance, doubtful for a while after it was set."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from config.wire import ClockState
from edge.tally import Tally
from edge.unit.clock_state import UNKNOWN
from edge.unit.clock_watch import Clocks, ClockWatch

KNOWN = ClockState(source="chrony", offset_s=-0.002, error_bound_s=0.01)


@dataclass
class Bench:
    """Clocks that a test moves, and a state that it tells."""

    state: ClockState = KNOWN
    now_s: float = 1000.0
    wall_s: float = 1_800_000_000.0
    asked: list[float] = field(default_factory=list)
    slow_s: float = 0.0

    def watch(self, tolerance_s: float = 10.0, tally: Tally | None = None) -> ClockWatch:
        return ClockWatch(
            tolerance_s, tally or Tally(), Clocks(lambda: self.wall_s, self.monotonic, self.ask)
        )

    def monotonic(self) -> float:
        self.pass_s(self.slow_s)
        return self.now_s

    def ask(self) -> ClockState:
        self.asked.append(self.now_s)
        return self.state

    def pass_s(self, seconds: float, *, wall_s: float | None = None) -> None:
        self.now_s += seconds
        self.wall_s += seconds if wall_s is None else wall_s


@pytest.mark.parametrize(
    ("state", "within"),
    [
        (KNOWN, True),
        (ClockState(source="kernel", offset_s=9.0, error_bound_s=1.0), True),
        (ClockState(source="kernel", offset_s=-9.0, error_bound_s=1.1), False),
        (ClockState(source="chrony", offset_s=0.0, error_bound_s=10.1), False),
        (UNKNOWN, False),
    ],
)
def test_passages_are_marked_where_the_clock_is_out_of_tolerance(state: ClockState, within: bool) -> None:
    judged = Bench(state).watch()()
    assert judged.within_tolerance is within
    assert (judged.source, judged.offset_s, judged.error_bound_s) == (
        state.source,
        state.offset_s,
        state.error_bound_s,
    )


def test_it_is_asked_for_now_and_then() -> None:
    bench = Bench()
    watch = bench.watch()
    for wait_s in (0, 9.9, 0.2, 5, 20):
        bench.pass_s(wait_s)
        watch()
    assert bench.asked == [1000.0, 1010.1, 1035.1]


@pytest.mark.parametrize("step_s", [30.0, -30.0, 0.5])
def test_after_the_clock_was_set_times_are_doubtful_by_the_step(step_s: float) -> None:
    bench, tally = Bench(), Tally()
    watch = bench.watch(tally=tally)
    assert watch().within_tolerance
    bench.pass_s(1, wall_s=1 + step_s)
    with capture_logs() as logs:
        stepped = watch()
    assert stepped.error_bound_s == pytest.approx(0.01 + abs(step_s))
    assert stepped.within_tolerance is (abs(step_s) < 9.9)
    assert bench.asked == [1000.0, 1001.0]
    assert [log["event"] for log in logs] == ["clock_was_set"]
    bench.pass_s(60)
    assert watch().error_bound_s == pytest.approx(0.01 + abs(step_s))
    bench.pass_s(61)
    assert watch() == ClockState(source="chrony", offset_s=-0.002, error_bound_s=0.01, within_tolerance=True)
    assert tally.counts()["clock_steps"] == 1


def test_of_two_steps_the_larger_counts() -> None:
    bench = Bench()
    watch = bench.watch()
    watch()
    for step_s in (-40.0, 1.0):
        bench.pass_s(1, wall_s=1 + step_s)
        last = watch()
    assert last.error_bound_s == pytest.approx(40.01)


def test_a_clock_that_is_slewed_is_not_a_clock_that_was_set() -> None:
    bench, tally = Bench(), Tally()
    watch = bench.watch(tally=tally)
    for _ in range(100):
        bench.pass_s(1, wall_s=1.0005)
        watch()
    assert tally.counts()["clock_steps"] == 0


def test_a_machine_that_is_busy_between_two_readings_sees_no_step() -> None:
    bench, tally = Bench(), Tally()
    watch = bench.watch(tally=tally)
    watch()
    for slow_s in (3.0, 0.0, 3.0, 0.0):
        bench.slow_s = slow_s
        assert watch().within_tolerance
    assert tally.counts()["clock_steps"] == 0
