"""Finds plates in the crop of one vehicle and gives their four corners: the trained contender.

The pipeline uses `edge.plates.localise`, which leads to more plates read; `weights/README.md` has the
figures of both. A small convolutional network looks at the grey crop, brought to a fixed number of pixels
whatever its size and shape. At an eighth of that size it gives a map of plate centres and where the four
corners lie from each. What it finds is looked at once more from near by, so that a small plate's corners are
measured in the crop's own pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.errors import ModelError
from edge.frames import Picture, as_picture
from edge.plates.quads import Quad, width_px
from edge.runtime import open_session
from edge.weights import Weights

WEIGHTS = Path(__file__).parent / "weights"
FILE = "model.onnx"
STRIDE_PX, CORNER_UNIT_PX, MULTIPLE_PX = 8, 16.0, 32
"""As the network was trained: cells, the unit of its corner offsets, and what its input's sides divide by."""
AREA_PX, SMALL_AREA_PX = 320 * 256, 160 * 128
MOST_ENLARGED = 2.0
MOST_PX = 1200 * 900
"""Crops of several times this size are thinned out first."""
NEAR_PX, NEAR_PLATE_PX, NEAR_LOOKS = (160, 96), 50.0, (2, 1)
"""Looks from near by: their size, a plate's width in them, and how many plates each round looks at."""
LEAST_HINT = 0.1
"""What the first look must say for a second one."""
SURE = 0.5
UNCONFIRMED = 0.5
LEAST_SCORE = 0.5
MOST = 4

Maps = NDArray[np.float32]


@dataclass(frozen=True)
class FoundPlate:
    """A plate: corners in the crop's pixels, clockwise from its top left, and how sure it is, 0 to 1."""

    corners: Quad
    score: float


class PlateFinder:
    """The network in `folder` on `threads` threads; gives at most MOST plates from `least_score` on."""

    def __init__(self, threads: int, least_score: float = LEAST_SCORE, folder: Path = WEIGHTS) -> None:
        self._session = open_session(Weights(folder).path(FILE), threads)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if inputs[0].shape[-1] != 1 or outputs[0].shape[-1] != 9:
            raise ModelError(f"{FILE} is not the finder's network: its input or output has other channels")
        self._input, self._least_score = inputs[0].name, least_score

    def find(self, crop: Picture) -> list[FoundPlate]:
        """Plates in `crop` (H x W x 3 BGR, or H x W grey; one vehicle), most likely first."""
        grey = _thinned_grey(crop)
        height, width = grey.shape
        far = self._from_afar(grey)
        back = np.array([crop.shape[1] / width, crop.shape[0] / height], np.float32)
        found = apart(far)[:MOST]
        for most in NEAR_LOOKS:
            found = self._from_near_by(grey, found[:most]) + found[most:]
        found = sorted(apart(found), key=lambda plate: -plate.score)
        sure = [plate for plate in found if plate.score >= self._least_score]
        return [FoundPlate(plate.corners * back, plate.score) for plate in sure]

    def _from_afar(self, grey: Picture) -> list[FoundPlate]:
        """Plates in the whole crop; where none is sure, also those too large to be seen there."""
        height, width = grey.shape
        found: list[FoundPlate] = []
        for area_px in (AREA_PX, SMALL_AREA_PX):
            whole = _Window(0, 0, width, height, *canvas_size(width, height, area_px))
            found += [whole.back(plate) for plate in self._peaks([whole.shown(grey)])[0]]
            if any(plate.score >= SURE for plate in found):
                break
        return sorted(found, key=lambda plate: -plate.score)

    def _from_near_by(self, grey: Picture, far: list[FoundPlate]) -> list[FoundPlate]:
        """The same plates as seen from near by, where each is about as large: better corners and scores."""
        if not far:
            return []
        windows = [_near_window(plate, grey) for plate in far]
        looks = self._peaks([window.shown(grey) for window in windows])
        seen = [
            _agreed(plate, [window.back(one) for one in look])
            for plate, window, look in zip(far, windows, looks, strict=True)
        ]
        return apart(sorted(seen, key=lambda plate: -plate.score))

    def _peaks(self, pictures: list[Picture]) -> list[list[FoundPlate]]:
        (maps,) = self._session.run(None, {self._input: np.stack(pictures)[..., None]})
        return [peaks(one, LEAST_HINT) for one in maps]


@dataclass(frozen=True)
class _Window:
    """A part of a crop, in its pixels, and the size at which the network sees it."""

    left: int
    top: int
    width: int
    height: int
    seen_width: int
    seen_height: int

    def shown(self, grey: Picture) -> Picture:
        """The window's pixels as the network sees them."""
        part = grey[self.top : self.top + self.height, self.left : self.left + self.width]
        shrinking = cv2.INTER_AREA if self.seen_width < self.width else cv2.INTER_LINEAR
        return as_picture(cv2.resize(part, (self.seen_width, self.seen_height), interpolation=shrinking))

    def back(self, plate: FoundPlate) -> FoundPlate:
        """A plate that was found in the window, in the crop's pixels."""
        scale = np.array([self.width / self.seen_width, self.height / self.seen_height], np.float32)
        return FoundPlate(plate.corners * scale + np.array([self.left, self.top], np.float32), plate.score)


def _near_window(plate: FoundPlate, grey: Picture) -> _Window:
    """The surroundings of a plate in which it is NEAR_PLATE_PX wide, unless that enlarges too much."""
    scale = min(NEAR_PLATE_PX / max(width_px(plate.corners), 1.0), MOST_ENLARGED)
    sides = [min(round(side / scale), size) for side, size in zip(NEAR_PX, grey.shape[::-1], strict=True)]
    middle = plate.corners.mean(axis=0)
    left, top = (
        int(np.clip(round(float(at) - side / 2), 0, size - side))
        for at, side, size in zip(middle, sides, grey.shape[::-1], strict=True)
    )
    return _Window(left, top, sides[0], sides[1], *NEAR_PX)


def _agreed(far: FoundPlate, near: list[FoundPlate]) -> FoundPlate:
    """The plate of the second look that lies where the first look saw one; a doubtful one where none does."""
    same = [plate for plate in near if _holds(far, plate.corners.mean(axis=0))]
    if not same:
        return FoundPlate(far.corners, far.score * UNCONFIRMED)
    return FoundPlate(same[0].corners, float(np.sqrt(same[0].score * far.score)))


def _thinned_grey(crop: Picture) -> Picture:
    """The crop in grey; of a very large one only every second, third, … pixel."""
    step = max(1, int(np.sqrt(crop.shape[0] * crop.shape[1] / MOST_PX)))
    thin = crop[::step, ::step]
    return (
        as_picture(cv2.cvtColor(thin, cv2.COLOR_BGR2GRAY)) if thin.ndim == 3 else np.ascontiguousarray(thin)
    )


def canvas_size(width_px: int, height_px: int, area_px: int) -> tuple[int, int]:
    """Width and height that a crop is brought to: `area_px` in its own shape, at most twice its size."""
    scale = min(float(np.sqrt(area_px / (width_px * height_px))), MOST_ENLARGED)
    most = area_px // MULTIPLE_PX**2
    sides = [
        min(max(1, round(side * scale / MULTIPLE_PX)), most) * MULTIPLE_PX for side in (width_px, height_px)
    ]
    return sides[0], sides[1]


def peaks(maps: Maps, least_score: float) -> list[FoundPlate]:
    """Plates at the maxima of the centre map (cells x cells x 9), in the network's pixels, best first."""
    logits = maps[..., 0]
    highest = cv2.dilate(logits, np.ones((3, 3), np.uint8))
    least = float(np.log(least_score / (1 - least_score)))
    rows, columns = np.nonzero((logits == highest) & (logits >= least))
    order = np.argsort(-logits[rows, columns])[: 4 * MOST]
    found = []
    for row, column in zip(rows[order], columns[order], strict=True):
        middle = (np.array([column, row], np.float32) + 0.5) * STRIDE_PX
        corners = maps[row, column, 1:].reshape(4, 2) * CORNER_UNIT_PX + middle
        found.append(FoundPlate(corners.astype(np.float32), float(1 / (1 + np.exp(-logits[row, column])))))
    return found


def apart(found: list[FoundPlate]) -> list[FoundPlate]:
    """The best of those that lie on one another."""
    kept: list[FoundPlate] = []
    for plate in found:
        middle = plate.corners.mean(axis=0)
        if all(not _holds(other, middle) for other in kept):
            kept.append(plate)
    return kept


def _holds(plate: FoundPlate, point: NDArray[np.float32]) -> bool:
    """Whether a point lies in the box around a plate."""
    low, high = plate.corners.min(axis=0), plate.corners.max(axis=0)
    return bool(((point >= low) & (point <= high)).all())
