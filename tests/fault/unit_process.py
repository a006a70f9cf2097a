"""A camera unit whose camera is made up: the unit's own outbox, uplink, heartbeat and main loop.

    python -m tests.fault.unit_process SETTINGS

What the outbox has taken is written down beyond the reach of the faults: that is "sent". Started again it
goes on where it was ended; it ends with 0 when the centre has everything.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from msgspec import Struct, json

from config.clock import system_clock
from config.link import load_or_make_key, load_public_key, set_up_logs
from config.settings import Broker
from config.wire import ClockState, encode, seal
from config.wire.envelope import Header
from edge.messages.losses import LossTeller
from edge.messages.passage import UnitName
from edge.outbox.file import OutboxError
from edge.outbox.outbox import Outbox
from edge.tally import Tally
from edge.unit.agent import Agent, unit_counters
from edge.unit.camera import CameraThread
from edge.unit.health import CameraWatch, Heartbeat
from edge.uplink.uplink import Centre, Pace, Presence, Uplink
from tests.fault import made_up
from tests.fault.deadly import DIE_AT, Deadly
from tests.fault.sent import SentFile

_TRY_AGAIN_AFTER_S = 0.1
_HEARTBEAT_EVERY_S = 2.0
# As patient as a real unit in proportion: one that repeats itself too soon adds to what holds it up.
_PACE = Pace(again_after_s=5.0, longest_s=60.0)


class UnitSettings(Struct, frozen=True, kw_only=True):
    """What the driver tells a unit. `starts_at_s` is of the machine's monotonic clock."""

    seed: int
    unit: made_up.Unit
    count: int
    at_once: int
    per_s: float
    starts_at_s: float
    drain_timeout_s: float
    broker: Broker
    outbox: str
    sent: str
    key: str
    receipt_key: str


class MadeUpCamera(CameraThread):
    """Sees made-up vehicles at an even pace, and tries again while the outbox does not take one."""

    def __init__(
        self, settings: UnitSettings, outbox: Outbox, sent: SentFile, uplink: Uplink, stop: Event
    ) -> None:
        self.is_film = False
        self.film_failed = False
        self._settings = settings
        self._outbox = outbox
        self._sent = sent
        self._uplink = uplink
        self._stop = stop
        self._thread = Thread(target=self._see, name="camera", daemon=True)

    def close(self) -> None:
        """Nothing has to be closed: `stop` ends it."""

    def outcomes(self) -> Counter[str]:
        """Nothing is looked at."""
        return Counter()

    def _see(self) -> None:
        told = self._settings
        for number in range(self._sent.last_number() + 1, told.count + 1):
            due_at_s = told.starts_at_s + (number - told.at_once) / told.per_s
            if self._stop.wait(max(0.0, due_at_s - time.monotonic())):
                return
            taken = made_up.events(told.seed, told.unit, number)
            for event in taken:
                if not self._put(event):
                    return
            self._sent.write(number, taken)
            self._uplink.look()

    def _put(self, event: made_up.Event) -> bool:
        while True:
            try:
                self._outbox.put(event.message_id, event.kind, event.payload, event.pictures)
            except OutboxError:
                if self._stop.wait(_TRY_AGAIN_AFTER_S):
                    return False
            else:
                return True


def main(settings: UnitSettings) -> int:
    """0 when the centre has everything, 1 where it has not within the time."""
    set_up_logs("unit")
    stop, news = Event(), Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    outbox, tally = _opened(Path(settings.outbox)), Tally()
    heart = _heart(settings, outbox, tally)
    uplink = _uplink(settings, heart, tally, news)
    agent = Agent(
        cameras=[MadeUpCamera(settings, outbox, SentFile(Path(settings.sent)), uplink, stop)],
        outbox=outbox,
        uplink=uplink,
        heartbeat=replace(heart, heard=uplink.heard),
        losses=LossTeller(heart.unit, outbox, system_clock, tally, uplink.look),
        health_every_s=_HEARTBEAT_EVERY_S,
        monotonic_s=time.monotonic,
        news=news,
    )
    return agent.run(stop, drain_timeout_s=settings.drain_timeout_s)


def _heart(settings: UnitSettings, outbox: Outbox, tally: Tally) -> Heartbeat:
    """What makes heartbeats, until the uplink can say what it has heard."""
    return Heartbeat(
        unit=UnitName(settings.unit.agent_id, made_up.AUTHORITY, "fault", {}),
        outbox=outbox,
        clock=system_clock,
        clock_state=_clock,
        cameras=[CameraWatch(settings.unit.site_id, 1, time.monotonic)],
        heard=lambda: None,
        counters=lambda: unit_counters(tally, []),
    )


def _opened(path: Path) -> Outbox:
    """The outbox, once the disk lets it be opened."""
    while True:
        try:
            return Outbox(path, Deadly(os.environ.get(DIE_AT, "")))
        except OutboxError as error:
            sys.stderr.write(f"{error}\n")
            time.sleep(_TRY_AGAIN_AFTER_S)


def _uplink(settings: UnitSettings, heart: Heartbeat, tally: Tally, news: Event) -> Uplink:
    agent_id = settings.unit.agent_id
    key = load_or_make_key(Path(settings.key), agent_id)
    kid, receipt_key = load_public_key(Path(settings.receipt_key).read_text())
    header = Header(kid=key.key_id, kind="health")
    presence = Presence(lambda: seal(encode(heart.message("lost")), header, key), news.set)
    centre = Centre(settings.broker, {kid: receipt_key}.get)
    return Uplink(agent_id, heart.outbox, key, centre, tally, time.monotonic, presence, _PACE)


def _clock() -> ClockState:
    return ClockState(source="chrony", offset_s=0.0, error_bound_s=0.01)


if __name__ == "__main__":
    sys.exit(main(json.decode(Path(sys.argv[1]).read_bytes(), type=UnitSettings)))
