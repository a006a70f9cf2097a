"""The injected clock: what time a process believes it is.

Every process takes a `Clock`; the demo runs on one that is shifted from the real one, tests on one they set.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, as a UTC instant."""
    return datetime.now(UTC)


def clock_from(starts_at: datetime | None) -> Clock:
    """A clock that reads `starts_at` now and runs on from there; the system's clock for None."""
    if starts_at is None:
        return system_clock
    shift: timedelta = starts_at.astimezone(UTC) - system_clock()
    return lambda: system_clock() + shift
