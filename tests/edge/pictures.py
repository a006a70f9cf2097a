"""What the edge's tests share: where the pictures for measuring are, and drawn pictures of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.colour import Converted
from edge.frames import Frame, Picture

ROOT = Path(__file__).parents[2]
SHARED_DATA = ROOT.parent / "shared" / "data"
BEGAN = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)

needs_shared_data = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"{SHARED_DATA} is missing: the pictures for measuring are not shipped"
)


def frame(picture: Picture, number: int = 0, offset_s: float = 0.0) -> Frame:
    """A BGR picture as a frame."""
    luma = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    return Frame(number, BEGAN + timedelta(seconds=offset_s), offset_s, luma, Converted(lambda: picture))


def with_lettering(
    size_px: tuple[int, int], text: str, at_px: tuple[int, int], ground: tuple[int, int, int], ink: int = 20
) -> Picture:
    """A grey picture of that size (width, height) with `text` on a ground of its own at `at_px`."""
    picture = np.full((size_px[1], size_px[0], 3), 90, np.uint8)
    (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 1)
    x, y = at_px
    cv2.rectangle(picture, (x - 10, y - tall - 12), (x + wide + 10, y + 12), ground, -1)
    cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (ink, ink, ink), 1, cv2.LINE_AA)
    return picture
