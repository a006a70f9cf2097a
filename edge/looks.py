"""Which pictures of a vehicle are worth reading: few, large and sharp, and nothing else of them is kept.

A look holds the crop of the vehicle's own box and a mosaic of the scene too coarse to show anything of the
neighbours; the frame itself is let go, so that neither memory nor other people's plates pile up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import cv2
import numpy as np

from edge.frames import BoxPx, Frame, Picture, as_picture
from edge.mosaic import coarse

MARGIN = 0.03
"""What a box is widened by, in parts of its sides: detectors cut bumpers off, and plates with them."""
EDGE_PX = 3
CUT_OFF = 0.4
"""What a look is worth that the edge of the picture cuts."""
SHARPNESS_WIDTH_PX = 320
APART_S = 0.08


@dataclass(frozen=True)
class Look:
    """One look at one vehicle: `copied` gives BGR of `box_px`, `neighbours_px` are others' boxes."""

    frame_number: int
    at: datetime
    offset_s: float
    frame_size_px: tuple[int, int]
    box_px: BoxPx
    copied: Callable[[], Picture] = field(repr=False, compare=False)
    scene: Picture
    neighbours_px: tuple[BoxPx, ...]
    quality: float

    @cached_property
    def crop(self) -> Picture:
        """BGR of `box_px`; its colours are converted when they are first asked for."""
        return self.copied()


def widened_box(box_px: tuple[float, float, float, float], width_px: int, height_px: int) -> BoxPx:
    """A detector's box with MARGIN around it, in whole pixels inside the picture."""
    x1, y1, x2, y2 = box_px
    across, down = MARGIN * (x2 - x1), MARGIN * (y2 - y1)
    left, top = max(0, int(x1 - across)), max(0, int(y1 - down))
    right, bottom = min(width_px, math.ceil(x2 + across)), min(height_px, math.ceil(y2 + down))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def look_at(frame: Frame, box_px: BoxPx, neighbours_px: tuple[BoxPx, ...], quality: float) -> Look:
    """The look of that `quality` that `frame` gives at the vehicle in `box_px`."""
    return Look(
        frame_number=frame.number,
        at=frame.at,
        offset_s=frame.offset_s,
        frame_size_px=(frame.width_px, frame.height_px),
        box_px=box_px,
        copied=frame.colour.copied(box_px),
        scene=coarse(frame),
        neighbours_px=neighbours_px,
        quality=quality,
    )


def quality_of(luma: Picture, box_px: BoxPx) -> float:
    """How promising a look is: the vehicle's width times its lower half's sharpness, less where cut off."""
    x1, y1, x2, y2 = box_px
    lower = luma[(y1 + y2) // 2 : y2, x1:x2]
    if lower.shape[1] > SHARPNESS_WIDTH_PX:
        rows = max(1, round(lower.shape[0] * SHARPNESS_WIDTH_PX / lower.shape[1]))
        lower = as_picture(cv2.resize(lower, (SHARPNESS_WIDTH_PX, rows), interpolation=cv2.INTER_AREA))
    sharpness = float(cv2.Laplacian(np.ascontiguousarray(lower), cv2.CV_16S).std())
    height, width = luma.shape
    cut = x1 < EDGE_PX or y2 > height - EDGE_PX or x2 > width - EDGE_PX
    return (x2 - x1) * sharpness * (CUT_OFF if cut else 1.0)


class BestLooks:
    """At most `most` looks of one vehicle, the best ones, none two within APART_S."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.looks: list[Look] = []

    def wants(self, offset_s: float, quality_now: float) -> bool:
        """Whether a look of that quality at that time would be kept."""
        near = self._near(offset_s)
        if near is not None:
            return quality_now > near.quality
        return len(self.looks) < self._most or quality_now > min(look.quality for look in self.looks)

    def add(self, look: Look) -> None:
        """Keep the look in place of its near one or the worst; for a look that `wants` said yes to."""
        near = self._near(look.offset_s)
        if near is None and len(self.looks) >= self._most:
            near = min(self.looks, key=lambda held: held.quality)
        self.looks = [held for held in self.looks if held is not near] + [look]

    def forget(self) -> None:
        """Let all looks go: the vehicle does not look like an HGV."""
        self.looks = []

    def _near(self, offset_s: float) -> Look | None:
        return next((look for look in self.looks if abs(look.offset_s - offset_s) < APART_S), None)
