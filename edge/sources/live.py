"""A live camera, a stream or a V4L2 device: the newest frame wins, a lost link is opened again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from av.container import InputContainer
from av.video.frame import VideoFrame

from edge.errors import SourceError
from edge.frames import Frame
from edge.sources.decoding import frame_of, pictures

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0


@dataclass(frozen=True)
class _Arrival:
    """A decoded picture, when it came, and by a steady count of seconds: a clock may be set meanwhile."""

    picture: VideoFrame
    at: datetime
    elapsed_s: float
    number: int


class LiveSource:
    """Frames of a camera that `connect` opens, stamped by `clock` when they arrive.

    A reader thread decodes all the time and leaves the newest picture in a mailbox of one; whoever iterates
    takes it from there, so a slow pipeline sees fewer frames, never old ones. After a failure the reader
    waits FIRST_WAIT_S, then twice as long each time up to LONGEST_WAIT_S; `last_error` says why.
    """

    lossless = False

    def __init__(
        self,
        name: str,
        connect: Callable[[], InputContainer],
        clock: Callable[[], datetime],
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.skipped = 0
        self.overtaken = 0
        self.reconnects = 0
        self.last_error: str | None = None
        self._connect, self._clock, self._elapsed_s = connect, clock, elapsed_s
        self._changed = threading.Condition()
        self._newest: _Arrival | None = None
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._read_until_closed, name=f"camera {name}", daemon=True)

    def __iter__(self) -> Iterator[Frame]:
        """See Source. Waits through interruptions; ends only when closed."""
        if not self._reader.is_alive() and not self._closing.is_set():
            self._reader.start()
        began_s: float | None = None
        while (arrived := self._take()) is not None:
            began_s = arrived.elapsed_s if began_s is None else began_s
            yield frame_of(arrived.picture, arrived.number, arrived.at, arrived.elapsed_s - began_s)

    def close(self) -> None:
        """See Source."""
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        if self._reader.is_alive():
            self._reader.join(timeout=5.0)

    def _take(self) -> _Arrival | None:
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._closing.is_set())
            taken, self._newest = self._newest, None
            return None if self._closing.is_set() else taken

    def _leave(self, picture: VideoFrame, number: int) -> None:
        with self._changed:
            self.overtaken += self._newest is not None
            self._newest = _Arrival(picture, self._clock(), self._elapsed_s(), number)
            self._changed.notify_all()

    def _read_until_closed(self) -> None:
        number, wait_s = 0, FIRST_WAIT_S
        while not self._closing.is_set():
            before = number
            try:
                number = self._read_one_connection(number)
                self.last_error = f"{self.name} ended its stream"
            except SourceError as error:
                self.last_error = str(error)
            wait_s = FIRST_WAIT_S if number > before else min(wait_s * 2, LONGEST_WAIT_S)
            if not self._closing.wait(wait_s):
                self.reconnects += 1

    def _read_one_connection(self, number: int) -> int:
        """Decode until the link is lost; the number of the next frame."""
        container = self._connect()
        try:
            for picture in pictures(container):
                if self._closing.is_set():
                    break
                if picture is None:
                    self.skipped += 1
                    continue
                self._leave(picture, number)
                number += 1
        finally:
            container.close()
        return number
