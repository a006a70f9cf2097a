"""What was sent and is not answered yet: bounded in number, sent again after longer and longer waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from paho.mqtt.client import MQTTMessageInfo
from paho.mqtt.enums import MQTTErrorCode

K = TypeVar("K", int, str)


@dataclass(frozen=True)
class _Sent:
    again_at_s: float
    info: MQTTMessageInfo | None

    def delivered(self) -> bool:
        """Whether the client no longer holds it: acknowledged by the broker, or never taken."""
        if self.info is None or self.info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return True
        return self.info.is_published()


class InFlight(Generic[K]):
    """Keys of what is on its way, at most `most`; safe to use from several threads.

    What the client still holds is not sent again: it repeats that itself when the link is back. What gets no
    answer is sent again after `again_after_s`, then after twice that, up to `longest_s`: a centre that was
    away must not find the broker full of the same.
    """

    def __init__(self, most: int, again_after_s: float, longest_s: float) -> None:
        self._most = most
        self._again_after_s = again_after_s
        self._longest_s = max(longest_s, again_after_s)
        self._lock = Lock()
        self._sent: dict[K, _Sent] = {}
        self._times: Counter[K] = Counter()

    def waiting_and_room(self, now_s: float, most_unacknowledged: int) -> tuple[set[K], int]:
        """The keys still waited for, and how many more may be sent.

        No more than `most_unacknowledged` are with the client at a time, so that what is seen now need not
        stand in line behind them.
        """
        with self._lock:
            self._sent = {
                key: sent
                for key, sent in self._sent.items()
                if now_s < sent.again_at_s or not sent.delivered()
            }
            unacknowledged = sum(not sent.delivered() for sent in self._sent.values())
            room = min(self._most - len(self._sent), most_unacknowledged - unacknowledged)
            return set(self._sent), max(room, 0)

    def add(self, key: K, now_s: float, info: MQTTMessageInfo | None) -> bool:
        """Note what was handed to the client, None for what it cannot take; whether for the first time."""
        with self._lock:
            self._times[key] += 1
            wait_s = self._again_after_s * 2.0 ** (min(self._times[key], 32) - 1)
            self._sent[key] = _Sent(now_s + min(wait_s, self._longest_s), info)
            return self._times[key] == 1

    def settle(self, keys: Iterable[K]) -> None:
        """Make room for what was answered."""
        with self._lock:
            for key in keys:
                self._sent.pop(key, None)
                self._times.pop(key, None)

    def forget(self) -> None:
        """Forget everything: the keys mean something else now."""
        with self._lock:
            self._sent.clear()
            self._times.clear()

    def forget_delivered(self) -> None:
        """Have everything sent again that the broker took and has forgotten."""
        with self._lock:
            self._sent = {key: sent for key, sent in self._sent.items() if not sent.delivered()}
            self._times = Counter({key: times for key, times in self._times.items() if key in self._sent})
