"""The state of the unit's clock over time: asked for now and then, judged by the tolerance.

A clock that is set while the unit runs makes the times around it doubtful, and whoever steers it says soon
after that all is well. So the wall clock is compared with one that nobody sets, and a step counts as possible
error for as long as a vehicle may have been seen before it and recorded after.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import msgspec
import structlog

from config.wire import ClockState
from edge.tally import Tally
from edge.unit.clock_state import UNKNOWN, clock_state

_ASK_EVERY_S = 10.0
_LEAST_STEP_S = 0.2
# Two clocks that are read further apart than this cannot be compared.
_READ_WITHIN_S = 0.05
_DOUBTFUL_FOR_S = 120.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class Clocks:
    """The system's wall clock, one that nobody sets, and what is known of the first."""

    wall_s: Callable[[], float] = time.time
    monotonic_s: Callable[[], float] = time.monotonic
    ask: Callable[[], ClockState] = clock_state


class ClockWatch:
    """Gives the clock's state, at most some seconds old; safe to use from several threads."""

    def __init__(self, tolerance_s: float, tally: Tally, clocks: Clocks | None = None) -> None:
        self._tolerance_s = tolerance_s
        self._tally = tally
        self._clocks = clocks or Clocks()
        self._lock = Lock()
        self._state = UNKNOWN
        self._ask_at_s = self._doubtful_until_s = float("-inf")
        self._apart_s: float | None = None
        self._step_s = 0.0

    def __call__(self) -> ClockState:
        """The state, and whether it is within tolerance."""
        with self._lock:
            self._look_for_step()
            now_s = self._clocks.monotonic_s()
            if now_s >= self._ask_at_s:
                self._state = self._clocks.ask()
                self._ask_at_s = now_s + _ASK_EVERY_S
            return self._judged(self._state, self._step_s if now_s < self._doubtful_until_s else 0.0)

    def _look_for_step(self) -> None:
        before_s = self._clocks.monotonic_s()
        wall_s = self._clocks.wall_s()
        now_s = self._clocks.monotonic_s()
        if now_s - before_s > _READ_WITHIN_S:
            return
        apart_s = wall_s - now_s
        step_s = 0.0 if self._apart_s is None else apart_s - self._apart_s
        self._apart_s = apart_s
        if abs(step_s) >= _LEAST_STEP_S:
            doubtful = now_s < self._doubtful_until_s
            self._step_s = max(abs(step_s), self._step_s if doubtful else 0.0)
            self._doubtful_until_s = now_s + _DOUBTFUL_FOR_S
            self._ask_at_s = now_s
            self._tally.count("clock_steps")
            _log.error("clock_was_set", by_s=round(step_s, 3), next="see that only chrony sets the clock")

    def _judged(self, state: ClockState, step_s: float) -> ClockState:
        if state.offset_s is None or state.error_bound_s is None:
            return msgspec.structs.replace(state, within_tolerance=False)
        bound_s = state.error_bound_s + step_s
        within = abs(state.offset_s) + bound_s <= self._tolerance_s
        return msgspec.structs.replace(state, error_bound_s=bound_s, within_tolerance=within)
