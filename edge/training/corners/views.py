"""What the network sees and is to answer: a plate's crop as the reader sees it, and its text's corners."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.plates.corners import INPUT_PX
from edge.plates.quads import Quad
from edge.training.samples import Rng, Sample, decoded, plate_sample, random_layout

WIDTH_PX = (28.0, 200.0)
SHARE_LOOSE = 0.6
SHARE_AS_CUT = 0.4
_SHIFT, _SWING = 0.12, 0.06

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class CornersView:
    """A crop stretched to INPUT_PX and what is wanted of it.

    `wanted` are eight coordinates in 0 to 1: x and y of the four corners of the text, clockwise from the top
    left; `heights` says how many characters' heights one unit of each is.
    """

    picture: Grey
    wanted: NDArray[np.float32]
    heights: NDArray[np.float32]


def drawn_plate(rng: Rng, excluded: frozenset[str]) -> Sample:
    """A plate that can be read, or nearly, of any size that is; more of them lean than a reader sees."""
    while True:
        width_px = float(np.exp(rng.uniform(*np.log(WIDTH_PX))))
        one = plate_sample(rng, random_layout(rng), width_px, excluded, 1.0, share_loose=SHARE_LOOSE)
        if one.legible is not None and one.legible.worth_learning:
            return one


def view_of(one: Sample, rng: Rng) -> CornersView:
    """The plate's crop as it is cut, or as it would be cut a little otherwise.

    Raises ValueError for a picture without a whole plate.
    """
    if one.text_box is None or one.legible is None:
        raise ValueError("only a whole plate has corners")
    crop = decoded(one)
    height, width = crop.shape
    window = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    if rng.random() >= SHARE_AS_CUT:
        window = _otherwise(window, one.text_box, rng)
    full = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    onto = cv2.getPerspectiveTransform(window, full * np.array(INPUT_PX, np.float32))
    picture = cv2.warpPerspective(
        crop, onto, INPUT_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    seen = cv2.perspectiveTransform(one.text_box[None], onto)[0] / np.array(INPUT_PX)
    heights = np.array([width, height], np.float32) / one.legible.height_px
    return CornersView(
        np.asarray(picture, np.uint8), seen.astype(np.float32).ravel(), np.tile(heights, 4).astype(np.float32)
    )


def _otherwise(window: Quad, text: Quad, rng: Rng) -> Quad:
    """The window cut wider, closer or leaning, but never through the text."""
    size = np.ptp(window, axis=0)
    for _ in range(8):
        box = np.array([rng.uniform(-_SHIFT, 0.5 * _SHIFT, 2), 1 + rng.uniform(-0.5 * _SHIFT, _SHIFT, 2)])
        (x0, y0), (x1, y1) = box
        moved = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) + rng.normal(0, _SWING / 2, (4, 2))
        other = np.asarray(moved * size, np.float32)
        if all(cv2.pointPolygonTest(other, (float(x), float(y)), False) >= 0 for x, y in text):
            return other
    return window
