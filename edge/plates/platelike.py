"""What tells a number plate from other lettering on a vehicle, before a reader sees it.

A plate's characters are dark on white or yellow (BS AU 145e); it lies level in the lower part of the vehicle
and is a small part of its width. Liveries and phone numbers are mostly light on dark, higher up, or larger.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from edge.frames import Picture, as_picture
from edge.plates.lettering import Region
from edge.plates.quads import Quad, height_px, slope_degrees, straightened, widened, width_px

MOST_SLOPE_DEGREES = 35.0
LEAST_LINE_PX = 7.0
NARROWEST, WIDEST = 0.9, 9.0
"""Width to height of a plate's face: a two-line plate to seven characters on one line."""
SMALLEST_PART, LARGEST_PART = 0.02, 0.6
"""Plate width to the vehicle's box width: a lorry seen from the side to a car that fills the picture."""
HIGHEST = 0.35
"""How far down the vehicle's box a plate's middle is at least, as a part of the box's height."""
REGION_LEAST_PX, REGION_LONGEST, REGION_PARTS = 6.0, 14.0, (0.012, 0.75)
"""A region of lettering that may hold a plate: its line's height, its width to that and to the vehicle's."""
LIKELY_SHAPE, OTHER_SHAPE = (1.2, 6.0), 0.6
"""Width to height of most plates' regions, and how much less likely others are."""
LEAST_BESIDE = 0.25
"""How far, in its heights, a whole plate's text stays from its picture's end: 11 mm of 79 are plate there,
and the vehicle goes on beyond it. Of drawn plates cut in two a tenth was read as another mark without this,
3 in 100 are with it."""
INNER = -0.12
"""How much of a face's edge is left out when its colours are looked at, in its heights."""
FACE_PX = 16
"""As many pixels of a face's height are enough to judge its colours by."""
SHADOW = 0.6
"""How far a shadow's edge is evened out, in patch heights."""
LEAST_CONTRAST = 25.0
LEAST_GROUND = 0.48
"""The part of a plate's face that is ground; over half of it on every plate measured."""
STRONG_COLOUR = 110
"""Saturation (0 to 255) from which a ground is coloured; the only colour of a plate's ground is yellow."""
YELLOW_HUES = (8, 40)
"""OpenCV's hue, 0 to 180: orange under tail lights to a greenish yellow."""


def worth_a_look(regions: Sequence[Region], vehicle: tuple[int, ...], top_px: int) -> list[Region]:
    """Those of the regions that may hold a plate, the likeliest first: sure, low and of a plate's shape.

    `vehicle` is the shape of its crop; the regions' rows are counted from `top_px` of it.
    """
    height_px, width_px = vehicle[:2]
    narrow, wide = REGION_PARTS[0] * width_px, REGION_PARTS[1] * width_px
    fitting = [
        region
        for region in regions
        if region.line_px >= REGION_LEAST_PX
        and narrow <= region.width_px <= wide
        and region.width_px <= REGION_LONGEST * region.height_px
        and (region.middle[1] + top_px) / height_px >= HIGHEST * 0.95
    ]
    return sorted(fitting, key=lambda one: -_likely(one, (one.middle[1] + top_px) / height_px))


def _likely(region: Region, down: float) -> float:
    least, most = LIKELY_SHAPE
    shape = 1.0 if least <= region.width_px / region.height_px <= most else OTHER_SHAPE
    return region.odds * shape * float(np.clip((down - 0.25) / 0.5, 0.1, 1.0))


def coloured_like_one(face: Quad, vehicle: Picture) -> bool:
    """Whether what lies there on a vehicle's crop (H x W x 3) is dark on white or yellow, like a plate."""
    patch = as_picture(cv2.cvtColor(straightened(vehicle, widened(face, INNER), FACE_PX), cv2.COLOR_BGR2HSV))
    ground, contrast = _ground(patch)
    return contrast >= LEAST_CONTRAST and _plate_coloured(patch, ground)


def may_hang_there(face: Quad, vehicle: tuple[int, ...]) -> bool:
    """Whether a plate's face may be there on a vehicle's crop of the shape `vehicle`, by size and slope."""
    vehicle_height_px, vehicle_width_px = vehicle[:2]
    wide, tall = width_px(face), height_px(face)
    x, y = face.mean(axis=0)
    return bool(
        tall >= LEAST_LINE_PX
        and 0 <= x <= vehicle_width_px
        and NARROWEST <= wide / tall <= WIDEST
        and SMALLEST_PART <= wide / vehicle_width_px <= LARGEST_PART
        and abs(slope_degrees(face)) <= MOST_SLOPE_DEGREES
        and HIGHEST * vehicle_height_px <= y <= vehicle_height_px
    )


def is_whole(text: Quad, vehicle: tuple[int, ...]) -> bool:
    """Whether a plate's text ends before the vehicle's crop does: one that is cut reads as another mark."""
    beside = LEAST_BESIDE * height_px(text)
    left, right, bottom = text[:, 0].min(), text[:, 0].max(), text[:, 1].max()
    return bool(left >= beside and right <= vehicle[1] - beside and bottom <= vehicle[0])


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


def _plate_coloured(patch: Picture, ground: Picture) -> bool:
    hue, saturation = (np.median(patch[..., i][ground > 0]) for i in (0, 1))
    return bool(saturation < STRONG_COLOUR or YELLOW_HUES[0] <= hue <= YELLOW_HUES[1])
