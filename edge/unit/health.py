"""What a unit says of itself in its heartbeats: outbox, clock, cameras, counters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Literal

from config.clock import Clock
from config.wire import CameraHealth, ClockState, Health, Heard
from edge.faults import CameraFault
from edge.messages.passage import UnitName
from edge.outbox.outbox import Outbox
from edge.unit.clock_state import UNKNOWN

CameraState = Literal["seeing", "no_frames", "ended", "faulty"]
UnitState = Literal["up", "stopping", "lost"]

# A live camera without a frame for so long is not seeing.
_NO_FRAMES_AFTER_S = 10.0
_LONGEST_REASON = 300


class CameraWatch:
    """What is known of one camera; written by its thread, read by the heartbeat."""

    def __init__(self, camera_id: str, site_version: int, monotonic_s: Callable[[], float]) -> None:
        self._camera_id = camera_id
        self._site_version = site_version
        self._monotonic_s = monotonic_s
        self._lock = Lock()
        self._state: CameraState = "no_frames"
        self._frames = 0
        self._last_frame_at: datetime | None = None
        self._seeing_since: datetime | None = None
        self._seen_at_s = float("-inf")
        self._reason: str | None = None
        self._fault: CameraFault | None = None

    def saw(self, at: datetime, fault: CameraFault | None) -> bool:
        """Note a frame and what is wrong with the pictures; whether the state has changed by it."""
        with self._lock:
            before = self._state, self._fault and self._fault.kind
            unbroken = self._state == "seeing" and not self._is_overdue()
            if fault or not unbroken:
                self._seeing_since = None if fault else at
            self._state = "faulty" if fault else "seeing"
            self._fault, self._reason = fault, fault.reason if fault else None
            self._frames += 1
            self._last_frame_at = at
            self._seen_at_s = self._monotonic_s()
            return before != (self._state, fault and fault.kind)

    def became(self, state: CameraState, reason: str | None = None) -> None:
        """Note that the camera has failed, or ended: then a fault of its last pictures is still told."""
        with self._lock:
            self._state = state
            if state != "ended":
                self._fault, self._reason = None, reason

    def health(self) -> CameraHealth:
        """The camera's part of a heartbeat."""
        with self._lock:
            overdue = self._has_frames() and self._is_overdue()
            state = "no_frames" if overdue else self._state
            return CameraHealth(
                camera_id=self._camera_id,
                site_version=self._site_version,
                state=state,
                frames=self._frames,
                last_frame_at=self._last_frame_at,
                reason=self._reason[:_LONGEST_REASON] if self._reason else None,
                fault=self._fault.kind if self._fault else None,
                faulty_since=self._fault.since if self._fault else None,
                seeing_since=self._seeing_since,
            )

    def _is_overdue(self) -> bool:
        return self._monotonic_s() - self._seen_at_s > _NO_FRAMES_AFTER_S

    def _has_frames(self) -> bool:
        return self._state == "seeing" or (self._state == "faulty" and self._fault is not None)


@dataclass(frozen=True)
class Heartbeat:
    """Makes heartbeats of one unit."""

    unit: UnitName
    outbox: Outbox
    clock: Clock
    clock_state: Callable[[], ClockState]
    cameras: Sequence[CameraWatch]
    heard: Callable[[], Heard | None]
    counters: Callable[[], Mapping[str, int]]

    def message(self, state: UnitState) -> Health:
        """The heartbeat of this moment. Raises OutboxError."""
        return Health(
            authority=self.unit.authority,
            agent_id=self.unit.agent_id,
            sent_at=self.clock(),
            outbox_id=self.outbox.outbox_id,
            last_seq=self.outbox.last_seq(),
            depth=self.outbox.depth(),
            clock=self.clock_state(),
            cameras=tuple(camera.health() for camera in self.cameras),
            software=self.unit.software,
            models=dict(self.unit.models),
            counters=dict(self.counters()),
            heard=self.heard(),
            state=state,
            storage=self.outbox.storage,
        )


def last_will(unit: UnitName, outbox: Outbox, clock: Clock) -> Health:
    """What the broker says for a unit that vanished: of this connection's beginning. Raises OutboxError."""
    return Health(
        authority=unit.authority,
        agent_id=unit.agent_id,
        sent_at=clock(),
        outbox_id=outbox.outbox_id,
        last_seq=outbox.last_seq(),
        depth=outbox.depth(),
        clock=UNKNOWN,
        cameras=(),
        software=unit.software,
        models=dict(unit.models),
        state="lost",
    )
