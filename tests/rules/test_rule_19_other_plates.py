"""Rule 19: plates of vehicles that are not HGVs are never written, not as pixels in evidence either."""

from __future__ import annotations

import cv2
import numpy as np

from edge.evidence import overview
from tests.edge.test_evidence import NEIGHBOUR_PLATE, OWN_BOX, decoded, look, scene

# A grey level and what JPEG adds.
SAME_WITHIN = 16


def test_a_neighbours_plate_cannot_be_told_from_another() -> None:
    scenes = [look(scene(text)) for text in ("AB12CDE", "XY63ZWV")]
    shown = [decoded(overview(each, None).jpeg)[NEIGHBOUR_PLATE] for each in scenes]
    assert np.abs(shown[0].astype(int) - shown[1].astype(int)).max() <= SAME_WITHIN


def test_no_stroke_of_it_is_left_and_the_vehicle_itself_stays_sharp() -> None:
    picture = scene("AB12CDE")
    shown = decoded(overview(look(picture), None).jpeg)
    strokes = [cv2.Laplacian(each[NEIGHBOUR_PLATE], cv2.CV_64F).std() for each in (shown, picture)]
    assert strokes[0] < 0.05 * strokes[1]
    own = (slice(OWN_BOX[1] + 8, OWN_BOX[3] - 8), slice(OWN_BOX[0] + 8, OWN_BOX[2] - 8))
    assert np.abs(shown[own].astype(int) - picture[own].astype(int)).mean() < 3


def test_a_car_in_front_of_the_vehicle_is_obscured_too() -> None:
    picture = scene("AB12CDE", own_text="XY63ZWV")
    inside = (slice(520, 580), slice(730, 960))
    shown = decoded(overview(look(picture, ((710, 500, 990, 640),)), None).jpeg)
    strokes = [cv2.Laplacian(each[inside], cv2.CV_64F).std() for each in (shown, picture)]
    assert strokes[0] < 0.1 * strokes[1]
