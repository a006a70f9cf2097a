"""What is looked at of a frame: a small picture for what it shows, a few whole rows for how it was made."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import cv2
import numpy as np

from edge.frames import Picture, as_picture

SMALL_PX = (80, 45)
"""Width and height of the small picture, whatever the camera's own, so that views stay comparable."""
ROWS = 24


@dataclass(frozen=True)
class Sample:
    """`small` is 45 x 80, `rows` ROWS or fewer rows of the frame as they came, `digest` tells rows apart."""

    small: Picture
    rows: Picture
    digest: bytes


def sample_of(luma: Picture) -> Sample:
    """The sample of a frame's luma (H x W)."""
    rows = np.ascontiguousarray(luma[:: -(-luma.shape[0] // ROWS)])
    small = as_picture(cv2.resize(luma, SMALL_PX, interpolation=cv2.INTER_AREA))
    return Sample(small, rows, blake2b(rows.tobytes(), digest_size=16).digest())
