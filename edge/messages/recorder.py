"""Puts what a camera has shown into the outbox, whatever the disk says at the moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

import structlog

from config.settings import Camera
from config.wire import ClockState, Passage, Position, Traffic, encode
from edge.messages.ids import Ids
from edge.messages.passage import UnitName, passage_of
from edge.outbox.file import OutboxError
from edge.outbox.outbox import Kind, Outbox, OutboxPicture
from edge.seen import SeenVehicle
from edge.tally import Tally

_TRY_AGAIN_AFTER_S = 1.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class Recorder:
    """Puts the events of one camera. `put_done` is told after each; `stop` ends waiting for a full disk."""

    camera: Camera
    unit: UnitName
    ids: Ids
    outbox: Outbox
    tally: Tally
    hgv_from: float
    position: Callable[[], Position]
    clock_state: Callable[[], ClockState]
    put_done: Callable[[], None]
    stop: Event

    def record(self, vehicles: Sequence[SeenVehicle]) -> None:
        """Put the passages of those that look like HGVs."""
        for vehicle in vehicles:
            if vehicle.hgv >= self.hgv_from:
                passage = passage_of(
                    vehicle, self.camera, self.unit, self.ids, self.position(), self.clock_state()
                )
                pictures = [OutboxPicture(p.sha256, p.jpeg) for p in vehicle.evidence]
                self._put("passage", passage.passage_id, passage, pictures)

    def record_traffic(self, minutes: Sequence[Traffic]) -> None:
        """Put minutes of counts."""
        for minute in minutes:
            self._put("traffic", minute.traffic_id, minute, [])

    def _put(
        self, kind: Kind, message_id: str, message: Passage | Traffic, pictures: Sequence[OutboxPicture]
    ) -> None:
        names = {"passage": ("passages_put", "passages_known"), "traffic": ("traffic_put", "traffic_known")}
        put, known = names[kind]
        while True:
            try:
                seq = self.outbox.put(message_id, kind, encode(message), pictures)
            except OutboxError as error:
                self.tally.count("puts_failed")
                _log.error("put_failed", camera=self.camera.camera_id, error=str(error))
                if self.stop.wait(_TRY_AGAIN_AFTER_S):
                    self.tally.count("puts_given_up")
                    raise
                continue
            self.tally.count(known if seq is None else put)
            self.put_done()
            return
