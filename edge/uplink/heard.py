"""Which receipt was heard last, and how long ago by a clock that nobody sets.

Heartbeats carry it, so that the centre can tell how far ahead a unit's clock may be at most.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from config.wire import Heard, Receipt


class LastHeard:
    """The last receipt's time; noted by the link's thread, read by the heartbeat.

    Not the newest by its own time: a centre whose clock was wrong for a while would stay the newest.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._lock = Lock()
        self._last: tuple[datetime, float] | None = None

    def note(self, receipt: Receipt) -> None:
        """Remember a receipt that was just heard. One delivered late bounds less, but nothing wrongly."""
        if receipt.sent_at is not None:
            with self._lock:
                self._last = receipt.sent_at, self._monotonic_s()

    def __call__(self) -> Heard | None:
        """What a heartbeat says of it; None before any receipt."""
        with self._lock:
            if self._last is None:
                return None
            sent_at, heard_at_s = self._last
            return Heard(sent_at=sent_at, held_s=max(0.0, self._monotonic_s() - heard_at_s))
