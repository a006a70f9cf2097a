"""The vehicles of one picture, as arrays, and the suppression of boxes that show the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.errors import PictureError

CLASSES = ("car", "motorcycle", "bus", "truck")
"""What the detector tells apart, in the order of the score columns."""


@dataclass(frozen=True)
class Detections:
    """N vehicles: `boxes_px` N x 4 float32 (x1, y1, x2, y2), `class_scores` N x len(CLASSES), 0 to 1.

    Raises PictureError when the arrays do not fit together or a box is inside out.
    """

    boxes_px: NDArray[np.float32]
    class_scores: NDArray[np.float32]

    def __post_init__(self) -> None:
        count = len(self.boxes_px)
        if self.boxes_px.shape != (count, 4):
            raise PictureError(f"boxes have shape {self.boxes_px.shape}, expected ({count}, 4)")
        if self.class_scores.shape != (count, len(CLASSES)):
            raise PictureError(
                f"scores have shape {self.class_scores.shape}, expected ({count}, {len(CLASSES)})"
            )
        if count and not bool((self.boxes_px[:, 2:] > self.boxes_px[:, :2]).all()):
            raise PictureError("a box ends before it begins: expected x1 < x2 and y1 < y2")

    def __len__(self) -> int:
        return len(self.boxes_px)

    @property
    def scores(self) -> NDArray[np.float32]:
        """The best class score of each, N."""
        if not len(self):
            return np.zeros(0, np.float32)
        best: NDArray[np.float32] = self.class_scores.max(axis=1)
        return best

    def only(self, kept: NDArray[np.intp] | NDArray[np.bool_]) -> Detections:
        """Those that `kept` (indices or mask) names, in its order."""
        return Detections(self.boxes_px[kept], self.class_scores[kept])


NONE = Detections(np.zeros((0, 4), np.float32), np.zeros((0, len(CLASSES)), np.float32))


def join(parts: Sequence[Detections]) -> Detections:
    """All detections of several parts of a picture, in the picture's own pixels."""
    if not parts:
        return NONE
    return Detections(
        np.concatenate([part.boxes_px for part in parts]),
        np.concatenate([part.class_scores for part in parts]),
    )


def areas(boxes_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """The area of each box, N."""
    sides = np.maximum(boxes_px[:, 2:] - boxes_px[:, :2], 0)
    area: NDArray[np.float32] = sides[:, 0] * sides[:, 1]
    return area


def shared(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The area that each box of `one` (N x 4) has in common with each of `other` (M x 4): N x M."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    sides = np.maximum(high - low, 0)
    area: NDArray[np.float32] = sides[..., 0] * sides[..., 1]
    return area


def iou(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of each box of `one` with each of `other`: N x M."""
    common = shared(one, other)
    ratio: NDArray[np.float32] = common / np.maximum(areas(one)[:, None] + areas(other)[None] - common, 1e-6)
    return ratio


SMALLEST_PART = 0.08
"""A part of a vehicle is no smaller than this share of it; what is smaller is another vehicle."""


def suppress(found: Detections, overlap: float, inside: float = 0.85) -> Detections:
    """One box per vehicle: weaker boxes go when they overlap a stronger one, whatever class either has.

    A box is the same vehicle from an IoU of `overlap` on, or when `inside` of it lies in a stronger box of
    the same class (a cab inside its lorry) and it is no smaller than a part can be: in a box around a whole
    carriageway the vehicles stay, by which `without_crowds` knows it. The stronger box keeps the best score
    of each class among those it replaces at that IoU, so that "truck" and "bus" on one box are both known
    later.
    """
    order = np.argsort(-found.scores, kind="stable")
    boxes, scores = found.boxes_px[order], found.class_scores[order].copy()
    overlaps = iou(boxes, boxes)
    area = np.maximum(areas(boxes), 1e-6)
    part = (shared(boxes, boxes) >= inside * area[None]) & (area[None] >= SMALLEST_PART * area[:, None])
    best = scores.argmax(axis=1) if len(scores) else np.zeros(0, np.intp)
    same = overlaps >= overlap
    hidden = same | (part & (best[:, None] == best[None]))
    alive = np.ones(len(boxes), bool)
    kept = []
    for i in range(len(boxes)):
        if alive[i]:
            kept.append(i)
            scores[i] = scores[alive & same[i]].max(axis=0)
            alive &= ~hidden[i]
    return Detections(boxes, scores).only(np.array(kept, np.intp))


def without_crowds(found: Detections, inside: float = 0.9, many: int = 3) -> Detections:
    """Without boxes around several vehicles: the detector sees one large one in a whole carriageway.

    Such a box holds `many` or more others, each with `inside` of its area.
    """
    if len(found) <= many:
        return found
    within = shared(found.boxes_px, found.boxes_px) / areas(found.boxes_px)[None]
    held = (within >= inside).sum(axis=1) - 1
    return found.only(held < many)
