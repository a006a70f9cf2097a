"""What the network sees and is to answer: windows around what the broad look takes for lettering."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.plates.cuts import Box, cut_out
from edge.plates.lettering import Map, Region, regions_of
from edge.plates.places import INPUT_PX, window_around
from edge.plates.quads import Quad, height_px
from edge.training.steps import Batch, in_another_light
from edge.training.vehicles.canvas import Grey, Rng
from edge.training.vehicles.wholes import Whole

LEAST_LINE_PX = 4.0
MOST_OF_NONE = 2
"""How many windows of one picture that are of no plate are kept: those that the broad look is surest of."""
_NEAR = 0.3
"""How far a text's middle may lie beyond a region that is still its own, in the text's heights."""
_MOST_BEYOND = 0.15
"""How far a corner may lie beyond the window, in parts of its sides."""
_ZOOMED, _SHIFTED = 0.1, 0.05
"""How far a window seen before is made larger or smaller (of a logarithm) and shifted (of its sides)."""


@dataclass(frozen=True)
class PlaceView:
    """A window stretched to INPUT_PX and what is wanted of it.

    `wanted` are the text's eight coordinates in parts of the window, eight times how many heights of a
    character one part is (0 where the window is of no plate), and whether it is of a plate.
    """

    picture: Grey
    wanted: NDArray[np.float32]


def views_of(whole: Whole, lettering: Map, rng: Rng) -> Iterator[PlaceView]:
    """A view of each region of the map of the halved picture that is a plate's, and of some that are none."""
    of_none = 0
    for region in regions_of(lettering, (2.0, 2.0)):
        if region.line_px < LEAST_LINE_PX or not _lies_on(whole.extent, region):
            continue
        window = window_around(_jolted(region, rng))
        texts = [text for text in whole.texts if _is_of(region, text)]
        if not texts and any(_touches(window, quad) for quad in (*whole.texts, *whole.ignored)):
            continue
        wanted = _wanted(window, texts[0]) if texts else np.zeros(17, np.float32)
        of_none += not texts
        if wanted is not None and (texts or of_none <= MOST_OF_NONE):
            yield PlaceView(np.asarray(cut_out(whole.picture, window, INPUT_PX), np.uint8), wanted)


def _lies_on(extent: tuple[float, float, float, float], region: Region) -> bool:
    x, y = region.middle
    return extent[0] <= x <= extent[2] and extent[1] <= y <= extent[3]


def _jolted(region: Region, rng: Rng) -> Region:
    """The region as another picture of the same place might show it."""
    off = rng.normal(0, 0.12, 4) * region.line_px
    return Region(region.x1 + off[0], region.y1 + off[1], region.x2 + off[2], region.y2 + off[3], region.odds)


def _is_of(region: Region, text: Quad) -> bool:
    x, y = text.mean(axis=0)
    near = _NEAR * height_px(text)
    across, down = (text[1] - text[0] + text[2] - text[3]) / 2, (text[3] - text[0] + text[2] - text[1]) / 2
    inside = cv2.pointPolygonTest(text, region.middle, False) >= 0
    on_region = region.x1 - near <= x <= region.x2 + near and region.y1 - near <= y <= region.y2 + near
    wide, tall = np.linalg.norm(across), np.linalg.norm(down)
    covers = region.width_px >= 0.4 * wide and region.height_px >= 0.3 * tall
    return bool(inside and (on_region or covers) and region.width_px <= 2 * wide)


def _touches(window: Box, quad: Quad) -> bool:
    x1, y1, x2, y2 = window
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return bool(left < x2 and right > x1 and top < y2 and bottom > y1)


def _wanted(window: Box, text: Quad) -> NDArray[np.float32] | None:
    """What is to be answered of a window with this text; None where too much of it lies beyond."""
    x1, y1, x2, y2 = window
    size = np.array([x2 - x1, y2 - y1], np.float32)
    seen = (text - (x1, y1)) / size
    if seen.min() < -_MOST_BEYOND or seen.max() > 1 + _MOST_BEYOND:
        return None
    heights = np.tile(size / height_px(text), 4)
    return np.concatenate([seen.ravel(), heights, [1]]).astype(np.float32)


def seen_otherwise(held: Sequence[Batch], rng: Rng) -> Batch:
    """A batch of windows seen before, in another light, and cut a little otherwise."""
    pictures, wanted = in_another_light(held, rng)
    moved = [_moved(picture[..., 0], row, rng) for picture, row in zip(pictures, wanted, strict=True)]
    return np.stack([picture for picture, _ in moved])[..., None], np.stack([row for _, row in moved])


def _moved(picture: Grey, wanted: NDArray[np.float32], rng: Rng) -> tuple[Grey, NDArray[np.float32]]:
    """The window larger or smaller, shifted and sheared, and what is wanted of it then."""
    size = np.array(INPUT_PX, np.float64)
    turn = np.diag(np.exp(rng.normal(0, _ZOOMED, 2))) + np.array(
        [[0, rng.normal(0, 0.12)], [rng.normal(0, 0.03), 0]]
    )
    shift = size / 2 - turn @ (size / 2) + rng.normal(0, _SHIFTED, 2) * size
    onto = np.concatenate([turn, shift[:, None]], axis=1)
    seen = (wanted[:8].reshape(4, 2) * size) @ turn.T + shift
    parts = (seen / size).astype(np.float32)
    if wanted[16] and (parts.min() < -_MOST_BEYOND or parts.max() > 1 + _MOST_BEYOND):
        return picture, wanted
    flags = cv2.INTER_LINEAR
    other = cv2.warpAffine(picture, onto, INPUT_PX, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    heights = wanted[8:16] / np.tile(np.sqrt(np.diag(turn).prod()), 8)
    return np.asarray(other, np.uint8), np.concatenate([parts.ravel(), heights, wanted[16:]]).astype(
        np.float32
    )
