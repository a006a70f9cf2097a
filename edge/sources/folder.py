"""A folder of pictures, or single pictures, in the order of their names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import cv2

from edge.colour import Converted
from edge.errors import SourceError
from edge.frames import Frame, Picture, as_picture
from edge.sources.decoding import at_offset

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
APART_S = 1.0


def read_picture(path: Path) -> Picture:
    """The picture at `path` as BGR. Raises SourceError when it is not there or not a picture."""
    if not path.is_file():
        raise SourceError(f"{path} is not there; check the path")
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise SourceError(
            f"{path} is not a picture that can be read; give a JPEG or PNG that opens elsewhere"
        )
    return as_picture(picture)


def still_frame(picture: Picture, number: int, at: datetime, offset_s: float) -> Frame:
    """A BGR picture as a frame."""
    luma = as_picture(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    return Frame(number, at, offset_s, luma, Converted(lambda: picture))


class FolderSource:
    """The pictures in a folder as if taken APART_S after each other from `started_at` on."""

    lossless = True

    def __init__(self, folder: Path, started_at: datetime) -> None:
        self.name = str(folder)
        self.skipped = 0
        self.reconnects = 0
        self._started_at = started_at
        self._open = True
        self._paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
        if not self._paths:
            raise SourceError(
                f"{folder} holds no pictures; expected files ending in {', '.join(sorted(SUFFIXES))}"
            )

    def __iter__(self) -> Iterator[Frame]:
        """See Source. Pictures that cannot be read are counted and left out."""
        for number, path in enumerate(self._paths):
            if not self._open:
                return
            try:
                picture = read_picture(path)
            except SourceError:
                self.skipped += 1
                continue
            yield still_frame(
                picture, number, at_offset(self._started_at, number * APART_S), number * APART_S
            )

    def close(self) -> None:
        """See Source."""
        self._open = False
