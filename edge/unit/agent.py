"""A camera unit: cameras, outbox and uplink in one process, with a heartbeat.

A unit whose sources are all films ends by itself when the films were seen and the centre has taken all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from threading import Event

import structlog

from config.wire import encode
from edge.messages.losses import LossTeller
from edge.outbox.file import OutboxError
from edge.outbox.outbox import Outbox
from edge.tally import Tally
from edge.unit.camera import CameraThread
from edge.unit.health import Heartbeat, UnitState
from edge.uplink.uplink import Uplink

_LOOK_EVERY_S = 0.2
# A film can wait for the broker, so that the heartbeats tell of all of it; a camera does not.
_FILM_WAITS_S = 10.0
_FAREWELL_WITHIN_S = 2.0
_TELL_LOSSES_EVERY_S = 10.0

_log = structlog.get_logger()


class Agent:
    """Runs a unit. `news` is set by the cameras when a heartbeat should not wait for its turn."""

    def __init__(
        self,
        cameras: Sequence[CameraThread],
        outbox: Outbox,
        uplink: Uplink,
        heartbeat: Heartbeat,
        losses: LossTeller,
        health_every_s: float,
        monotonic_s: Callable[[], float],
        news: Event,
    ) -> None:
        self._cameras = cameras
        self._outbox = outbox
        self._uplink = uplink
        self._heartbeat = heartbeat
        self._losses = losses
        self._health_every_s = health_every_s
        self._monotonic_s = monotonic_s
        self._news = news
        self._beat_at_s = self._told_at_s = float("-inf")

    def run(self, stop: Event, *, drain_timeout_s: float) -> int:
        """Work until `stop` is set, or until all films are seen and taken.

        1 where a film failed, or where the centre has not taken everything within `drain_timeout_s`.
        """
        self._uplink.start()
        if all(camera.is_film for camera in self._cameras):
            self._uplink.wait_until_reached(_FILM_WAITS_S)
        for camera in self._cameras:
            camera.start()
        try:
            while not stop.is_set() and any(camera.is_running() for camera in self._cameras):
                self._beat_when_due(stop)
            drained = stop.is_set() or self._drain(stop, drain_timeout_s)
        finally:
            stop.set()
            for camera in self._cameras:
                camera.close()
                camera.join()
            self._tell_losses()
            self._beat("stopping", within_s=_FAREWELL_WITHIN_S)
            self._uplink.stop()
        return 0 if drained and not any(camera.film_failed for camera in self._cameras) else 1

    def _drain(self, stop: Event, within_s: float) -> bool:
        """Wait until the centre has taken everything; whether it has."""
        ends_at_s = self._monotonic_s() + within_s
        while self._outbox.depth() or self._outbox.pictures_waiting():
            if self._monotonic_s() > ends_at_s:
                _log.error(
                    "not_taken",
                    events=self._outbox.depth(),
                    pictures=self._outbox.pictures_waiting(),
                    next="see that the ingester runs and that this unit's key is enrolled, then run again",
                )
                return False
            if stop.is_set():
                return True
            self._beat_when_due(stop)
        return True

    def _beat_when_due(self, stop: Event) -> None:
        """Wait a moment; send a heartbeat when its time has come, or when there is news: of a camera's state,
        or that the broker is reached (again)."""
        self._news.wait(_LOOK_EVERY_S)
        now_s = self._monotonic_s()
        if now_s - self._told_at_s >= _TELL_LOSSES_EVERY_S:
            self._told_at_s = now_s
            self._tell_losses()
        if self._news.is_set() or now_s - self._beat_at_s >= self._health_every_s:
            self._news.clear()
            if self._beat("up"):
                self._beat_at_s = now_s
            else:
                stop.wait(_LOOK_EVERY_S)
                self._news.set()

    def _tell_losses(self) -> None:
        try:
            self._losses.tell()
        except OutboxError as error:
            _log.error("losses_not_told", error=str(error), next="tried again; none is forgotten")

    def _beat(self, state: UnitState, *, within_s: float | None = None) -> bool:
        try:
            message = self._heartbeat.message(state)
        except OutboxError as error:
            _log.error("no_heartbeat", error=str(error))
            return False
        return self._uplink.send_health(encode(message), within_s=within_s)


def unit_counters(tally: Tally, cameras: Sequence[CameraThread]) -> dict[str, int]:
    """All counters of a unit, its cameras' summed."""
    totals = Counter(tally.counts())
    for camera in cameras:
        totals.update(camera.outcomes())
    return dict(totals)
