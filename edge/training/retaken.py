"""A plate as the reader sees it at its second glance: straightened by the corners of its text."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from edge.plates.corners import straightened_text
from edge.plates.glances import MARGINS
from edge.training.samples import Sample, decoded

_OFF = 0.035
"""How far each coordinate of a corner is off, in the text's heights (standard deviation)."""
_MARGIN_OFF = 0.08
_QUALITY = 97


def retaken(one: Sample, rng: np.random.Generator) -> Sample:
    """The plate cut out once more, its corners found about as well as the network finds them.

    Raises ValueError for a picture without a plate.
    """
    if one.text_box is None:
        raise ValueError("only a whole plate has corners to be straightened by")
    tall = float(np.linalg.norm(one.text_box[3] - one.text_box[0]))
    corners = (one.text_box + rng.normal(0, _OFF * tall, (4, 2))).astype(np.float32)
    margin = max(0.0, float(rng.choice(MARGINS)) + float(rng.normal(0, _MARGIN_OFF)))
    picture = straightened_text(decoded(one), corners, margin)
    jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
    return replace(one, jpeg=jpeg, straightened=True, text_box=None)
