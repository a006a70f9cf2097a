"""Finds where a plate may be inside the crop of one vehicle and hands it over straightened.

A broad look says where lettering is (`edge.plates.lettering`), a closer one at the likeliest places whether
it is a plate's and where its characters have their corners (`edge.plates.places`), and a third, at those that
may be plates, has the corners exactly (`edge.plates.corners`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from edge.frames import Picture, as_picture
from edge.plates.corners import INPUT_PX as CORNERS_PX
from edge.plates.corners import PlateCorners, has_four_sides
from edge.plates.cuts import box_around, cut_out, in_picture
from edge.plates.lettering import Lettering
from edge.plates.places import PlatePlaces, window_around
from edge.plates.platelike import HIGHEST, coloured_like_one, is_whole, may_hang_there, worth_a_look
from edge.plates.quads import Quad, halves, height_px, straightened, widened, width_px
from edge.weights import Weights

MOST_LOOKED_AT = 3
"""At how many places of a crop a closer look is taken."""
LEAST_ODDS, SURE_ODDS = 0.03, 0.9
"""Below these odds of being a plate a place is not read, from those on whatever its colours are."""
TWO_LINES_BELOW = 1.8
"""Width to height: characters on a squarer block stand on two lines (a plate of 285 x 203 mm)."""
ABOVE_MIDDLE = 0.05
"""How far above a plate's middle it may still be looked at, in the crop's heights."""
AROUND, AROUND_LINE = 0.15, 0.1
ACROSS, ACROSS_LINE = 0.3, 0.2
"""What is left above and below the characters and to their sides, in their heights: for a reader of plates,
and for one of lines."""
AROUND_EXACT, AROUND_FACE = 0.55, 0.3
"""What the third look takes in, and what of a plate is judged by its colours, in the same heights."""
FAR = 0.25
"""From this many of the text's heights on corners were moved far."""
SAME_PLATE = 0.5
"""Two plates whose middles are nearer than this, in their heights, are one seen twice."""


@dataclass(frozen=True)
class PlatePatch:
    """One place where a plate may be: corners in the crop, the straightened plate and its lines (BGR)."""

    corners: Quad
    picture: Picture
    lines: tuple[Picture, ...]

    @property
    def width_px(self) -> float:
        """The plate's width in the crop."""
        return width_px(self.corners)


class PlateLocaliser:
    """Looks for plates in the crops of vehicles; gives the likeliest place first."""

    def __init__(self, weights: Weights, threads: int) -> None:
        self._lettering = Lettering(weights, threads)
        self._places = PlatePlaces(weights, threads)
        self._corners = PlateCorners(weights, threads)

    def find(self, crop: Picture) -> list[PlatePatch]:
        """Places in `crop` (H x W x 3, one vehicle) that look like a plate."""
        top = int((HIGHEST - ABOVE_MIDDLE) * crop.shape[0])
        low = crop[top:]
        regions = worth_a_look(self._lettering.regions(low), crop.shape, top)[:MOST_LOOKED_AT]
        looks = self._places.look(low, [window_around(region) for region in regions])
        found: list[Quad] = []
        for text, odds in sorted(looks, key=lambda look: -look[1]):
            text = text + np.array([0, top], np.float32)
            if not _is_plate(text, odds, crop):
                continue
            exact = self._exactly(crop, text)
            if is_whole(exact, crop.shape) and not _is_seen(exact, found):
                found.append(exact)
        return [_patch(crop, text) for text in found]

    def _exactly(self, crop: Picture, text: Quad) -> Quad:
        """The text's corners as the third look has them, and a fourth where the third moved them far."""
        exact = self._looked_at(crop, text)
        moved = float(np.abs(exact - text).mean())
        return self._looked_at(crop, exact) if moved > FAR * height_px(text) else exact

    def _looked_at(self, crop: Picture, text: Quad) -> Quad:
        window = box_around(widened(text, AROUND_EXACT), 0, 0)
        seen = cut_out(crop, window, CORNERS_PX)
        corners = self._corners.find(as_picture(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY)))
        if corners is None:
            return text
        return in_picture(np.asarray(corners / np.array(CORNERS_PX), np.float32), window)


def _is_plate(text: Quad, odds: float, crop: Picture) -> bool:
    """Whether the text is a plate's: surely by its odds, or not impossibly by them and its colours."""
    face = widened(text, AROUND_FACE)
    if odds < LEAST_ODDS or not has_four_sides(text, 0) or not may_hang_there(face, crop.shape):
        return False
    return odds >= SURE_ODDS or coloured_like_one(face, crop)


def _is_seen(text: Quad, found: Sequence[Quad]) -> bool:
    middle = text.mean(axis=0)
    return any(np.abs(middle - one.mean(axis=0)).max() < SAME_PLATE * height_px(one) for one in found)


def _patch(crop: Picture, text: Quad) -> PlatePatch:
    two = width_px(text) < TWO_LINES_BELOW * height_px(text)
    lines = halves(text) if two else (text,)
    whole = widened(text, AROUND, ACROSS)
    return PlatePatch(
        whole,
        straightened(crop, whole),
        tuple(straightened(crop, widened(line, AROUND_LINE, ACROSS_LINE)) for line in lines),
    )
