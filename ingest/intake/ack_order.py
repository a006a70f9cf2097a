"""Acknowledgements in the order in which the deliveries came, whatever order they were worked off in.

MQTT asks for it (v5, 4.6, [MQTT-4.6.0-2]), and the embedded broker ends a connection that does otherwise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


class AckOrder:
    """Deliveries of one connection by their message ids. Not safe for several threads by itself."""

    def __init__(self) -> None:
        self._came: deque[int] = deque()
        self._done: set[int] = set()

    def came(self, mids: Iterable[int]) -> None:
        """Note deliveries, in order."""
        self._came.extend(mids)

    def done(self, mids: Iterable[int]) -> list[int]:
        """Note deliveries that are worked off; those that may be acknowledged now, in order.

        A delivery without an id (QoS 0) asks for nothing.
        """
        self._done.update(mid for mid in mids if mid)
        ready = []
        while self._came and self._came[0] in self._done:
            mid = self._came.popleft()
            self._done.discard(mid)
            ready.append(mid)
        return ready
