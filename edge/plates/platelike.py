"""What tells a number plate from other lettering on a vehicle.

A plate's characters are dark on white or yellow (BS AU 145e); it lies level in the lower part of the vehicle
and is a small part of its width. Liveries and phone numbers are mostly light on dark, higher up, or larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from edge.frames import Picture, as_picture
from edge.plates.quads import Quad, height_px, slope_degrees, straightened, widened, width_px

MOST_SLOPE_DEGREES = 35.0
LEAST_LINE_PX = 7.0
NARROWEST, WIDEST = 1.1, 9.0
"""Width to height of one line of characters: two characters of a two-line plate to seven on one line."""
SMALLEST_PART, LARGEST_PART = 0.02, 0.6
"""Plate width to the vehicle's box width: a lorry seen from the side to a car that fills the picture."""
HIGHEST = 0.35
"""How far down the vehicle's box a plate's middle is at least, as a part of the box's height."""
INNER, OUTER = -0.12, 0.8
"""Where a quad's ground and its surroundings are looked at: grown by these parts of its height."""
SHADOW = 0.6
"""How far a shadow's edge is evened out, in patch heights."""
LEAST_CONTRAST = 25.0
LEAST_GROUND = 0.48
"""The part of a plate's face that is ground; over half of it on every plate measured."""
STRONG_COLOUR = 110
"""Saturation (0 to 255) from which a ground is coloured; the only colour of a plate's ground is yellow."""
YELLOW_HUES = (8, 40)
"""OpenCV's hue, 0 to 180: orange under tail lights to a greenish yellow."""


@dataclass(frozen=True)
class VehicleView:
    """The crop of one vehicle, with what is computed from it once."""

    bgr: Picture

    @cached_property
    def hsv(self) -> Picture:
        """Hue, saturation and value of the crop."""
        return as_picture(cv2.cvtColor(self.bgr, cv2.COLOR_BGR2HSV))


def plate_likeness(quad: Quad, view: VehicleView) -> float:
    """0 for lettering that cannot be a plate, else up to 1."""
    if not _fits_on(quad, view.bgr.shape[1], view.bgr.shape[0]):
        return 0.0
    patch = straightened(view.hsv, widened(quad, INNER))
    ground, contrast = _ground(patch)
    if contrast < LEAST_CONTRAST or not _plate_coloured(patch, ground):
        return 0.0
    shape = 1.0 if 3.0 <= width_px(quad) / height_px(quad) <= 7.0 else 0.6
    low = float(np.clip((quad[:, 1].mean() / view.bgr.shape[0] - 0.25) / 0.5, 0.1, 1.0))
    bounded = min(_step_at_edge(quad, view, patch, ground) / contrast, 1.0)
    return float(shape * low * (0.5 + 0.2 * min(contrast / 60, 1.0) + 0.3 * bounded))


def _fits_on(quad: Quad, vehicle_width_px: int, vehicle_height_px: int) -> bool:
    wide, tall = width_px(quad), height_px(quad)
    return (
        tall >= LEAST_LINE_PX
        and NARROWEST <= wide / tall <= WIDEST
        and SMALLEST_PART <= wide / vehicle_width_px <= LARGEST_PART
        and abs(slope_degrees(quad)) <= MOST_SLOPE_DEGREES
        and quad[:, 1].mean() >= HIGHEST * vehicle_height_px
    )


def _ground(patch: Picture) -> tuple[Picture, float]:
    """Mask of the ground of a patch (hue, saturation, value) and how much lighter it is than the characters.

    The ground is the lighter side of Otsu's threshold after shadows are evened out; negative where it is the
    smaller side, that is, where the characters are the light ones.
    """
    value = patch[..., 2].astype(np.float32)
    lit = cv2.GaussianBlur(value, (0, 0), patch.shape[0] * SHADOW)
    flat = np.clip(value / np.maximum(lit, 1) * 128, 0, 255).astype(np.uint8)
    light = as_picture(cv2.threshold(flat, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])
    if light.all() or not light.any():
        return light, 0.0
    contrast = float(value[light > 0].mean() - value[light == 0].mean())
    return light, contrast if light.mean() >= LEAST_GROUND else -contrast


def _step_at_edge(quad: Quad, view: VehicleView, patch: Picture, ground: Picture) -> float:
    """How much brighter or darker the surroundings are: a plate ends, a painted side goes on."""
    around = straightened(view.hsv, widened(quad, OUTER))[..., 2]
    rim = max(1, round(around.shape[0] * (OUTER - 0.4) / (1 + 2 * OUTER)))
    inside = float(np.median(patch[..., 2][ground > 0]))
    return min(abs(inside - float(np.median(part))) for part in (around[:rim], around[-rim:]))


def _plate_coloured(patch: Picture, ground: Picture) -> bool:
    hue, saturation = (np.median(patch[..., i][ground > 0]) for i in (0, 1))
    return bool(saturation < STRONG_COLOUR or YELLOW_HUES[0] <= hue <= YELLOW_HUES[1])
