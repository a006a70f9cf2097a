"""What is still to be done in a round, and when."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable


class Schedule:
    """Deeds by their time, in seconds since the schedule began."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._order = itertools.count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def now_s(self) -> float:
        """How long ago it began."""
        return time.monotonic() - self._began_s

    def at(self, at_s: float, deed: Callable[[], None]) -> None:
        """Have something done at a time."""
        heapq.heappush(self._due, (at_s, next(self._order), deed))

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        """Have something done so many seconds from now."""
        self.at(self.now_s() + seconds, deed)

    def is_done(self) -> bool:
        """Whether nothing is left."""
        return not self._due

    def catch_up(self) -> None:
        """Do everything whose time has come."""
        while self._due and self._due[0][0] <= self.now_s():
            heapq.heappop(self._due)[2]()
