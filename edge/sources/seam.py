"""The seam between the pipeline and whatever gives it pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from edge.frames import Frame


class Source(Protocol):
    """Gives frames in order of time until it ends or is closed.

    `lossless` says whether every picture comes (a file) or only the newest (a live camera). `skipped` counts
    pictures that could not be decoded, `reconnects` how often a live source had to be opened again.
    """

    name: str
    lossless: bool
    skipped: int
    reconnects: int

    def __iter__(self) -> Iterator[Frame]:
        """The frames. Raises SourceError when the source cannot be read at all."""
        ...

    def close(self) -> None:
        """Let go of the source; an iteration in another thread ends. May be called twice."""
        ...
