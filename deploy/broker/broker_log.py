"""mosquitto's log as it comes: who was turned away is counted, packets are passed over, the rest is kept."""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Event, Thread

import structlog

from deploy.broker.door_metrics import DoorMetrics
from deploy.broker.turned_away import TurnedAway, is_routine, turned_away

# Who knocks a thousand times a second is counted each time, and told of once.
_TOLD_EVERY_S = 1.0

_log = structlog.get_logger()


class BrokerLog(Thread):
    """Reads the log until it ends. `reloaded` is set when mosquitto has read its settings again."""

    def __init__(self, lines: Iterable[str], metrics: DoorMetrics) -> None:
        super().__init__(name="broker-log", daemon=True)
        self.reloaded = Event()
        self._lines = lines
        self._metrics = metrics
        self._told_at_s: dict[tuple[str, str], float] = {}

    def run(self) -> None:
        """Read to the end."""
        for line in self._lines:
            if is_routine(line):
                continue
            away = turned_away(line)
            if away is not None:
                self._turned_away(away)
                continue
            said = line.partition(": ")[2].strip()
            if said.startswith("Reloading config"):
                self.reloaded.set()
            _log.info("mosquitto", said=said)

    def _turned_away(self, away: TurnedAway) -> None:
        self._metrics.turned_away.labels(away.why, away.unit).inc()
        now_s = time.monotonic()
        if now_s - self._told_at_s.get((away.why, away.unit), float("-inf")) >= _TOLD_EVERY_S:
            self._told_at_s[away.why, away.unit] = now_s
            _log.warning("turned_away", why=away.why, unit=away.unit, said=away.said)
