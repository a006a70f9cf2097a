"""Whether a unit's clock can carry a conclusion: what the unit says of it, and what the centre sees of it.

The legal floor for approved civil devices is 10 s over 14 days (SI 2022/71 Sch. 1); the tolerance is a
setting. How long a message was under way nobody knows, so the centre sees bounds only, never an offset: a
heartbeat was sent before it came, and after the receipt that it says it had heard (Cristian, "Probabilistic
clock synchronization", 1989). Both hold however late it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.wire import ClockState, Health

# How far the centre's own clocks may be off, several ingesters' together (domain.md, section 3: under 1 s).
CENTRE_WITHIN_S = 1.0


@dataclass(frozen=True)
class ClockBounds:
    """How far a unit's clock is ahead of the centre's, at least and at most; negative where it is behind.

    `most_s` is None where the unit has heard no receipt yet.
    """

    least_s: float
    most_s: float | None

    def contradict(self, claimed_within_s: float) -> bool:
        """Whether a clock cannot be within the seconds of UTC that are claimed for it.

        Bounds that contradict each other tell of a step of the centre's own clock and of nothing else.
        """
        furthest_s = claimed_within_s + CENTRE_WITHIN_S
        if self.most_s is None:
            return self.least_s > furthest_s
        return self.least_s <= self.most_s and (self.least_s > furthest_s or self.most_s < -furthest_s)


def furthest_off_s(clock: ClockState, source: str) -> float | None:
    """How far from UTC the clock may be at most, in seconds; None where nobody knows.

    A film carries its own time, to which no clock of a unit adds an error.
    """
    if clock.source == "file":
        return 0.0 if source == "file" else None
    if clock.source == "unknown" or clock.offset_s is None or clock.error_bound_s is None:
        return None
    return abs(clock.offset_s) + clock.error_bound_s


def is_clock_ok(clock: ClockState, furthest_off_s: float | None, tolerance_s: float) -> bool:
    """Whether a passage's time can be relied on, by what its unit says; its own doubt counts, too."""
    known = furthest_off_s is not None and furthest_off_s <= tolerance_s
    return known and clock.within_tolerance is not False


def clock_bounds(health: Health, received_at: datetime) -> ClockBounds:
    """What a heartbeat that came at `received_at`, by the centre's clock, tells of the unit's clock."""
    least_s = (health.sent_at - received_at).total_seconds()
    if health.heard is None:
        return ClockBounds(least_s, None)
    return ClockBounds(least_s, (health.sent_at - health.heard.sent_at).total_seconds() - health.heard.held_s)


def is_clock_bad(health: Health, bounds: ClockBounds, tolerance_s: float) -> bool:
    """Whether the clock is out of tolerance by the unit's own word, or its word cannot be true.

    Where the unit claims nothing its live passages prove nothing anyway, and there is nothing to contradict.
    """
    claimed_s = furthest_off_s(health.clock, "live")
    if health.clock.within_tolerance is False:
        return True
    return claimed_s is not None and (claimed_s > tolerance_s or bounds.contradict(claimed_s))
