"""A still of a road to calibrate on: from a picture, a video or a camera, with what moves taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edge.errors import SourceError
from edge.frames import Picture, as_picture
from edge.sources import open_source
from edge.sources.folder import SUFFIXES, read_picture

MOST_FRAMES, APART_S = 15, 1.0


def still_of(spec: str) -> Picture:
    """The picture as it is; of a video or camera the median of pictures a second apart, as BGR.

    The median shows the road without the vehicles that pass, so that no plate is written to the drawing.
    Raises SourceError where nothing can be read.
    """
    if Path(spec).suffix.lower() in SUFFIXES:
        return read_picture(Path(spec))
    source = open_source(spec)
    kept: list[Picture] = []
    next_s = -np.inf
    try:
        for frame in source:
            if frame.offset_s < next_s or (kept and frame.bgr().shape != kept[0].shape):
                continue
            kept.append(frame.bgr().copy())
            next_s = frame.offset_s + APART_S
            if len(kept) == MOST_FRAMES:
                break
    finally:
        source.close()
    if not kept:
        raise SourceError(f"{spec} gave no picture; try another source")
    return as_picture(np.median(np.stack(kept), axis=0))
