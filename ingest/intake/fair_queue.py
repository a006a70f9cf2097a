"""Arrivals that wait for their turn: units take turns, and one that floods loses only messages of its own.

A unit's outbox has a hundred entries and a few pictures without answer at once, so whoever has more waiting
here is not telling passages. What is shed has no receipt, and an outbox sends it again.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Condition

from ingest.intake.arrivals import Arrival

# A batch is closed when nothing came for so long: the broker may wait for acknowledgements to send on.
_IDLE_S = 0.01


@dataclass(frozen=True)
class UnitLimits:
    """How much of one unit, and in bytes of all together, may wait in memory."""

    messages: int = 400
    bytes_: int = 32_000_000
    bytes_of_all: int = 256_000_000


class FairQueue:
    """A queue for each unit, served in turn. One thread puts, one takes."""

    def __init__(self, limits: UnitLimits) -> None:
        self._limits = limits
        self._changed = Condition()
        self._queues: OrderedDict[str, deque[Arrival]] = OrderedDict()
        self._bytes: Counter[str] = Counter()
        self._bytes_of_all = self._waiting = self._came = 0
        self._wanted = 1

    def put(self, arrivals: Iterable[Arrival]) -> list[Arrival]:
        """Let arrivals wait for their turn; gives back those whose units have too much waiting already."""
        with self._changed:
            waiting = self._waiting
            shed = [arrival for arrival in arrivals if not self._has_taken(arrival)]
            if waiting == 0 < self._waiting or waiting < self._wanted <= self._waiting:
                self._changed.notify()
            return shed

    def take(self, most: int, *, first_within_s: float, all_within_s: float) -> list[Arrival]:
        """The next arrivals: up to `most`, waiting for the first, then no longer than `all_within_s`."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting, first_within_s):
                return []
            self._wanted = most
            ends_at_s = time.monotonic() + all_within_s
            while self._waiting < most and (left_s := ends_at_s - time.monotonic()) > 0:
                came = self._came
                self._changed.wait(min(left_s, _IDLE_S))
                if self._came == came:
                    break
            return [self._next() for _ in range(min(most, self._waiting))]

    def _next(self) -> Arrival:
        """The oldest of the unit whose turn it is; the unit goes to the end of the line."""
        unit, queue = next(iter(self._queues.items()))
        arrival = queue.popleft()
        size = len(arrival.payload)
        self._bytes[unit] -= size
        self._bytes_of_all -= size
        self._waiting -= 1
        if queue:
            self._queues.move_to_end(unit)
        else:
            del self._queues[unit], self._bytes[unit]
        return arrival

    def _has_taken(self, arrival: Arrival) -> bool:
        unit, size = unit_of(arrival.topic), len(arrival.payload)
        if self._is_too_much(unit, size):
            return False
        self._queues.setdefault(unit, deque()).append(arrival)
        self._bytes[unit] += size
        self._bytes_of_all += size
        self._waiting += 1
        self._came += 1
        return True

    def _is_too_much(self, unit: str, size: int) -> bool:
        queue = self._queues.get(unit)
        if queue is None:
            return False  # everyone may have one
        held = self._bytes[unit] + size
        share = self._limits.bytes_of_all / len(self._queues)
        return (
            len(queue) >= self._limits.messages
            or held > self._limits.bytes_
            or (self._bytes_of_all + size > self._limits.bytes_of_all and held > share)
        )


def unit_of(topic: str) -> str:
    """The unit under whose name a topic stands; all topics that are not ours are one."""
    parts = topic.split("/", 3)
    return parts[2] if len(parts) > 3 and parts[:2] == ["hgv", "v1"] else ""
