"""Whether a unit's clock can carry a conclusion.

The legal floor for approved civil devices is 10 s over 14 days (SI 2022/71 Sch. 1); the tolerance is a
setting.
"""

from __future__ import annotations

from config.wire import ClockState


def furthest_off_s(clock: ClockState, source: str) -> float | None:
    """How far from UTC the clock may be at most, in seconds; None where nobody knows.

    A film carries its own time, to which no clock of a unit adds an error.
    """
    if clock.source == "file":
        return 0.0 if source == "file" else None
    if clock.source == "unknown" or clock.offset_s is None or clock.error_bound_s is None:
        return None
    return abs(clock.offset_s) + clock.error_bound_s
