"""What is sent when: which unit sends the passage of each number, and at which instant it is due."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORITY = "bench"


@dataclass(frozen=True)
class Plan:
    """`units` camera units that together send `rate_per_s` passages a second for `seconds` seconds."""

    units: int
    rate_per_s: float
    seconds: float

    @property
    def passages(self) -> int:
        """How many passages the measured time has."""
        return round(self.rate_per_s * self.seconds)

    def unit_of(self, number: int) -> int:
        """The unit that sends passage `number`: they take turns."""
        return number % self.units

    def seq_of(self, number: int) -> int:
        """Its place in that unit's outbox; 1 is the unit's greeting, which comes before the measured time."""
        return number // self.units + 2

    def number_of(self, unit: int, seq: int) -> int | None:
        """The passage that a receipt speaks of; None for a greeting."""
        return None if seq == 1 else (seq - 2) * self.units + unit

    def due_s(self, number: int) -> float:
        """Seconds after the start at which passage `number` is to be sent."""
        return number / self.rate_per_s
