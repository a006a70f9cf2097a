"""What was sent and is not answered yet: bounded in number, sent again after a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from paho.mqtt.client import MQTTMessageInfo
from paho.mqtt.enums import MQTTErrorCode

K = TypeVar("K", int, str)


@dataclass(frozen=True)
class _Sent:
    at_s: float
    info: MQTTMessageInfo

    def delivered(self) -> bool:
        """Whether the client no longer holds it: acknowledged by the broker, or never taken."""
        return self.info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS or self.info.is_published()


class InFlight(Generic[K]):
    """Keys of what is on its way, at most `most`; safe to use from several threads.

    What the client still holds is not sent again: it repeats that itself when the link is back.
    """

    def __init__(self, most: int, again_after_s: float) -> None:
        self._most = most
        self._again_after_s = again_after_s
        self._lock = Lock()
        self._sent: dict[K, _Sent] = {}
        self._before: set[K] = set()

    def waiting_and_room(self, now_s: float) -> tuple[set[K], int]:
        """The keys still waited for, and how many more may be sent."""
        with self._lock:
            self._sent = {
                key: sent
                for key, sent in self._sent.items()
                if now_s - sent.at_s < self._again_after_s or not sent.delivered()
            }
            return set(self._sent), self._most - len(self._sent)

    def add(self, key: K, now_s: float, info: MQTTMessageInfo) -> bool:
        """Note what was handed to the client; whether that is the first time since its last answer."""
        with self._lock:
            self._sent[key] = _Sent(now_s, info)
            first = key not in self._before
            self._before.add(key)
            return first

    def settle(self, keys: Iterable[K]) -> None:
        """Make room for what was answered."""
        with self._lock:
            for key in keys:
                self._sent.pop(key, None)
                self._before.discard(key)

    def forget_delivered(self) -> None:
        """Have everything sent again that the broker took and has forgotten."""
        with self._lock:
            self._sent = {key: sent for key, sent in self._sent.items() if not sent.delivered()}
