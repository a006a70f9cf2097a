"""The rule that says which drawings a person can read, from the drawing itself and never from a reader.

A drawing counts as legible where each character is at least LEAST_HEIGHT_PX tall in the finished picture, a
full character at least LEAST_WIDTH_PX wide, and each cell there still correlates by at least LEAST_LIKENESS
with the same cell of the clean ink seen through the same view, both with their contrast evened out locally,
as an eye does in half a shadow. Blur, noise, dirt, glare, compression and cutting all lower that number. The
threshold was chosen by looking at drawings in its order (see the model card).
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Float = NDArray[np.float32]

LEAST_HEIGHT_PX = 7.0
LEAST_WIDTH_PX = 4.4
LEAST_LIKENESS = 0.7
_WORTH_LEARNING = 0.85
_ROUND_CELL = 0.12
_WINDOW = 0.3
_UNSEEN_GREYS = 3.0


@dataclass(frozen=True)
class Legibility:
    """Of a drawing: its lowest character's height and its widest one's width in pixels, and the likeness (-1
    to 1) to its clean drawing of the character that is least like it."""

    height_px: float
    width_px: float
    likeness: float

    @property
    def enough(self) -> bool:
        """Whether a person can read the drawing, by the rule."""
        return self._within(1.0)

    @property
    def worth_learning(self) -> bool:
        """Whether a reader can learn from the drawing: legible, or not far from it."""
        return self._within(_WORTH_LEARNING)

    def _within(self, share: float) -> bool:
        tall, wide = self.height_px >= share * LEAST_HEIGHT_PX, self.width_px >= share * LEAST_WIDTH_PX
        return tall and wide and self.likeness >= share * LEAST_LIKENESS


def legibility(finished: Grey, clean_ink: Grey, cells: Float) -> Legibility:
    """Measure characters whose cells' corners (n x 4 x 2, clockwise from the top left) are given in pixels of
    `finished`; `clean_ink` is of the same size, 255 where ink is. A cell outside the picture is unlike."""
    heights = np.linalg.norm(cells[:, 3] - cells[:, 0], axis=1)
    widths = np.linalg.norm(cells[:, 1] - cells[:, 0], axis=1)
    window_px = _WINDOW * float(np.median(heights))
    seen, clean = _evened(finished, window_px), -_evened(clean_ink, window_px)
    likeness = min(_likeness(seen, clean, cell) for cell in cells)
    return Legibility(float(heights.min()), float(widths.max()), likeness)


def _evened(picture: Grey, window_px: float) -> Float:
    """The picture less its local mean, over its local spread; differences too small to be seen stay small."""
    values = picture.astype(np.float32)
    mean = cv2.GaussianBlur(values, (0, 0), window_px)
    variance = cv2.GaussianBlur(values * values, (0, 0), window_px) - mean * mean
    spread: NDArray[Any] = np.sqrt(np.maximum(variance, 0)) + _UNSEEN_GREYS
    return np.asarray((values - mean) / spread, np.float32)


def _likeness(seen: Float, clean: Float, cell: Float) -> float:
    (x0, y0), (x1, y1) = cell.min(axis=0), cell.max(axis=0)
    height, width = seen.shape
    around = _ROUND_CELL * (y1 - y0)
    left, right = round(float(x0 - around)), round(float(x1 + around)) + 1
    top, bottom = round(float(y0 - around)), round(float(y1 + around)) + 1
    rows, columns = slice(max(0, top), min(height, bottom)), slice(max(0, left), min(width, right))
    kept = max(0, rows.stop - rows.start) * max(0, columns.stop - columns.start)
    if kept < 0.5 * (bottom - top) * (right - left):
        return -1.0
    one, other = (part - part.mean() for part in (seen[rows, columns], clean[rows, columns]))
    return float((one * other).sum() / max(1e-6, float(np.linalg.norm(one) * np.linalg.norm(other))))
