"""A video file: every frame, at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from edge.errors import SourceError
from edge.frames import Frame
from edge.sources.decoding import at_offset, frame_of, opened, pictures

USUAL_FRAMES_PER_S = 25.0


class FileSource:
    """Frames of the file at `path`; their instants are `started_at` plus the file's own time stamps."""

    lossless = True

    def __init__(self, path: Path, started_at: datetime) -> None:
        if not path.is_file():
            raise SourceError(f"{path} is not there; check the path")
        self.name = str(path)
        self.skipped = 0
        self.reconnects = 0
        self._started_at = started_at
        self._container = opened(self.name, self.name)

    def __iter__(self) -> Iterator[Frame]:
        """See Source. Raises SourceError when not a single picture can be decoded."""
        rate = float(self._container.streams.video[0].average_rate or USUAL_FRAMES_PER_S)
        number, first_s, last_s = 0, None, -1.0
        for picture in pictures(self._container):
            if picture is None:
                self.skipped += 1
                continue
            stamp_s = picture.time if picture.time is not None else number / rate
            first_s = stamp_s if first_s is None else first_s
            offset_s = max(stamp_s - first_s, last_s + 1e-3) if number else 0.0
            yield frame_of(picture, number, at_offset(self._started_at, offset_s), offset_s)
            number, last_s = number + 1, offset_s
        if not number:
            raise SourceError(
                f"{self.name} holds no picture that can be decoded; it may be cut short: copy it again"
            )

    def close(self) -> None:
        """See Source."""
        self._container.close()
