"""How fast a service is asked: a token bucket before each request, and longer pauses after each failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

Seconds = Callable[[], float]


@dataclass
class TokenBucket:
    """At most `burst` requests at once and `per_s` a second in the long run; safe between threads."""

    per_s: float
    burst: int
    monotonic_s: Seconds
    sleep: Callable[[float], None]
    _tokens: float = field(init=False)
    _filled_at_s: float = field(init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self._tokens = float(self.burst)
        self._filled_at_s = self.monotonic_s()

    def take(self) -> None:
        """Take one token; sleeps until there is one. Who comes later waits behind who came before."""
        with self._lock:
            now_s = self.monotonic_s()
            filled = self._tokens + (now_s - self._filled_at_s) * self.per_s
            self._tokens = min(float(self.burst), filled) - 1.0
            self._filled_at_s = now_s
            wait_s = -self._tokens / self.per_s
        if wait_s > 0:
            self.sleep(wait_s)


def back_off_s(failures: int, *, first_s: float, most_s: float, share: float) -> float:
    """Seconds to wait after so many failures in a row: doubling from `first_s` up to `most_s`, then spread.

    `share`, drawn from 0 to 1, spreads the wait over its upper half, so that look-ups that failed together
    do not come back together.
    """
    doubled = min(most_s, first_s * 2.0 ** min(max(failures - 1, 0), 32))
    return doubled * (0.5 + 0.5 * share)
