"""One camera of a unit in its own thread: source to pipeline to outbox, begun anew when it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event, Thread
from typing import Protocol

import structlog

from edge.errors import EdgeError
from edge.faults import CameraFault, FaultWatch
from edge.frames import Frame
from edge.messages.minutes import MinuteCounts
from edge.messages.recorder import Recorder
from edge.outcomes import Outcomes
from edge.road.measure import NOTHING
from edge.seen import SeenVehicle, TrafficCount
from edge.sources import Source
from edge.tally import Tally
from edge.unit.health import CameraWatch

_BEGIN_ANEW_AFTER_S = 10.0

_log = structlog.get_logger()


class Pipeline(Protocol):
    """What a camera needs of `edge.pipeline.CameraPipeline`."""

    outcomes: Outcomes

    def feed(self, frame: Frame) -> list[SeenVehicle]:
        """Vehicles whose passage has ended with this frame."""
        ...

    def finish(self) -> list[SeenVehicle]:
        """Vehicles that were still followed when the source ended."""
        ...

    def traffic(self) -> list[TrafficCount]:
        """Counts since this was last asked."""
        ...


@dataclass(frozen=True)
class CameraParts:
    """What a camera is made of. `open_source` and `new_pipeline` are called again after a failure."""

    camera_id: str
    is_film: bool
    open_source: Callable[[], Source]
    new_pipeline: Callable[[], Pipeline]
    recorder: Recorder
    minutes: MinuteCounts
    watch: CameraWatch
    faults: FaultWatch


class CameraThread:
    """Runs one camera until its film has ended or it is stopped. `news` is set when its state changes."""

    def __init__(self, parts: CameraParts, tally: Tally, news: Event) -> None:
        self.is_film = parts.is_film
        self.film_failed = False
        self._parts = parts
        self._tally = tally
        self._news = news
        self._stopping = parts.recorder.stop
        self._source: Source | None = None
        self._pipeline: Pipeline | None = None
        self._earlier: Counter[str] = Counter()
        self._fault: CameraFault | None = None
        self._thread = Thread(target=self._run, name=f"camera {parts.camera_id}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Have the source ended; the recorder's `stop` must be set before."""
        source = self._source
        if source is not None:
            source.close()

    def join(self) -> None:
        """Wait for the end."""
        self._thread.join()

    def is_running(self) -> bool:
        """Whether the camera may still show something."""
        return self._thread.is_alive()

    def outcomes(self) -> Counter[str]:
        """How frames, vehicles and reads have ended, over all pipelines of this camera."""
        return self._earlier + (self._pipeline.outcomes.counts if self._pipeline else Counter())

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._watch_once()
            except EdgeError as error:
                self._note_failure(str(error))
            except Exception as error:  # the thread's main: a camera that fails must not stop the others
                _log.exception("camera_failed", camera=self._parts.camera_id)
                self._note_failure(f"{type(error).__name__}: {error}")
            if self._parts.is_film:
                break
            self._stopping.wait(_BEGIN_ANEW_AFTER_S)
        self._news.set()

    def _note_failure(self, reason: str) -> None:
        self.film_failed = self._parts.is_film
        self._tally.count("camera_failures")
        self._parts.watch.became("faulty", reason)
        self._news.set()
        _log.error("camera_faulty", camera=self._parts.camera_id, reason=reason)

    def _watch_once(self) -> None:
        """Show the pipeline everything that the source gives."""
        parts = self._parts
        self._earlier = self.outcomes()
        self._pipeline = pipeline = parts.new_pipeline()
        self._source = source = parts.open_source()
        try:
            self._feed(source, pipeline)
        finally:
            source.close()
        if self._stopping.is_set() and parts.is_film:
            return  # a film that was broken off is seen again from its beginning
        self._record(pipeline.finish())
        parts.minutes.add(pipeline.traffic())
        parts.recorder.record_traffic(parts.minutes.all())
        parts.watch.became("ended")

    def _feed(self, frames: Iterable[Frame], pipeline: Pipeline) -> None:
        parts = self._parts
        counted_at: datetime | None = None
        for frame in frames:
            if self._stopping.is_set():
                return
            self._look_for_faults(frame)
            self._record(pipeline.feed(frame))
            if counted_at is None or (frame.at - counted_at).total_seconds() >= 1.0:
                counted_at = frame.at
                parts.minutes.add(pipeline.traffic())
                parts.recorder.record_traffic(parts.minutes.over_by(frame.at))

    def _look_for_faults(self, frame: Frame) -> None:
        parts, before = self._parts, self._fault
        self._fault = fault = parts.faults.look(frame)
        if not parts.watch.saw(frame.at, fault):
            return
        self._news.set()
        if fault and not (before and before.kind == fault.kind):
            self._tally.count("camera_faults")
            since = fault.since.isoformat()
            _log.error(
                "camera_fault", camera=parts.camera_id, fault=fault.kind, since=since, reason=fault.reason
            )
        elif before and not fault:
            _log.info("camera_fault_over", camera=parts.camera_id, fault=before.kind)

    def _record(self, vehicles: Sequence[SeenVehicle]) -> None:
        """Record what the camera's fault, where it has one, leaves true of `vehicles`."""
        kind = self._fault.kind if self._fault else None
        if kind == "frozen" and vehicles:  # they passed once, at another time
            self._tally.count("vehicles_repeated", len(vehicles))
            return
        if kind == "moved":  # where the road is in the picture, and so which way they went, is not known
            vehicles = [
                replace(vehicle, direction="unknown", lane=None, measured=NOTHING) for vehicle in vehicles
            ]
        self._parts.recorder.record(vehicles)
