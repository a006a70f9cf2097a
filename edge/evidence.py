"""The pictures that stand for a passage: an overview in which only the vehicle shows, and the plate.

Everything outside the vehicle's own box, and every other vehicle's box that reaches into it, is a coarse
mosaic before the JPEG is made and hashed: nobody else's plate is in the evidence (domain.md, rule 19).
"""

from __future__ import annotations

import hashlib
from typing import Literal

import cv2
import numpy as np

from edge.errors import PictureError
from edge.frames import BoxPx, Picture, as_picture
from edge.looks import Look
from edge.mosaic import obscured, spread
from edge.plates.quads import Quad
from edge.seen import EvidencePicture

MOST_BYTES = 1_500_000
OVERVIEW_LONG_SIDE_PX = 1920
QUALITIES = (90, 80, 65, 45)
PLATE_WIDTH_PX = 320


def overview(look: Look, plate: Quad | None) -> EvidencePicture:
    """The whole scene with only the vehicle of `look` to be seen; `plate` (in its crop) stays readable."""
    width, height = look.frame_size_px
    picture = spread(look.scene, width, height)
    x1, y1, x2, y2 = look.box_px
    picture[y1:y2, x1:x2] = without_neighbours(look, plate)
    scale = OVERVIEW_LONG_SIDE_PX / max(width, height)
    if scale < 1:
        picture = as_picture(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    return _evidence("overview", picture)


def plate_picture(patch: Picture) -> EvidencePicture:
    """The straightened plate (BGR), enlarged where it is small so that an officer can view it."""
    scale = PLATE_WIDTH_PX / patch.shape[1]
    if scale > 1:
        patch = as_picture(cv2.resize(patch, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    return _evidence("plate", patch)


def without_neighbours(look: Look, plate: Quad | None) -> Picture:
    """The vehicle's crop, obscured where another vehicle's box covers it, but for its own plate."""
    shown = look.crop.copy()
    for box in look.neighbours_px:
        x1, y1, x2, y2 = _inside(box, look.box_px)
        if x2 > x1 and y2 > y1:
            shown[y1:y2, x1:x2] = obscured(look.crop[y1:y2, x1:x2])
    if plate is not None:
        own = np.zeros(shown.shape[:2], np.uint8)
        cv2.fillConvexPoly(own, np.round(plate).astype(np.int32), 1)
        shown[own > 0] = look.crop[own > 0]
    return shown


def _inside(box: BoxPx, of: BoxPx) -> BoxPx:
    """`box` cut to `of`, in the pixels of the latter's own picture."""
    width, height = of[2] - of[0], of[3] - of[1]
    x1, x2 = (int(np.clip(x - of[0], 0, width)) for x in (box[0], box[2]))
    y1, y2 = (int(np.clip(y - of[1], 0, height)) for y in (box[1], box[3]))
    return x1, y1, x2, y2


def _evidence(kind: Literal["overview", "plate"], picture: Picture) -> EvidencePicture:
    for quality in QUALITIES:
        made, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if made and jpeg.size < MOST_BYTES:
            data = jpeg.tobytes()
            height, width = picture.shape[:2]
            return EvidencePicture(kind, data, hashlib.sha256(data).hexdigest(), width, height)
    raise PictureError(
        f"the {kind} does not fit into {MOST_BYTES} bytes even at JPEG quality {QUALITIES[-1]}"
    )
