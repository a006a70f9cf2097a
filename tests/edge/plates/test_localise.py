"""Plates are found on drawn vehicles, by the networks that ship."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge.frames import Picture, as_picture
from edge.plates.localise import PlateLocaliser, PlatePatch
from edge.plates.quads import Quad, height_px, straightened, width_px
from edge.plates.read import UkReader
from edge.training.vehicles.scenes import scene
from edge.weights import Weights

SERIES, COUNT = 4_714, 50
LARGE_PX, LARGEST_PART = 45, 0.4
"""Plates wider than this, and narrower than this part of the vehicle, are to be found."""
LEAST_CONTRAST = 70
"""Between the dark and the light parts of the text, in grey levels: plates that can be read well."""
FOUND_AT_LEAST = 0.7
MIDDLING = 0.35
"""How far the corners of half of the plates may be off in the mean, in the text's heights: a patch is larger
than its text."""
SURE, MOST_OF_CUT = 0.7, 0.05
"""What of plates cut in two may be read with what confidence."""


@pytest.fixture(scope="module")
def localiser() -> PlateLocaliser:
    return PlateLocaliser(Weights(), 1)


@pytest.fixture(scope="module")
def vehicles() -> list[tuple[Picture, Quad]]:
    """COUNT drawn vehicles with one large plate low down, at twice their size, and its text's corners."""
    found: list[tuple[Picture, Quad]] = []
    for number in range(20 * COUNT):
        drawn = scene(SERIES, number, ())
        if len(drawn.texts) == 1 and not drawn.ignored and len(found) < COUNT:
            (text,) = drawn.texts
            dark, light = np.percentile(straightened(drawn.picture, text), (10, 90))
            low = text[:, 1].mean() > 0.4 * drawn.picture.shape[0]
            fits = LARGE_PX / 2 < width_px(text) < LARGEST_PART * drawn.picture.shape[1]
            if fits and low and light - dark > LEAST_CONTRAST:
                large = cv2.resize(drawn.picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
                found.append((as_picture(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR)), 2 * text))
    return found


def off_by(patch: PlatePatch, text: Quad) -> float:
    """How far a patch's corners are off, in the text's heights."""
    return float(np.abs(patch.corners - text).mean()) / height_px(text)


def test_plates_of_drawn_vehicles_are_found_and_likeliest_first(
    localiser: PlateLocaliser, vehicles: list[tuple[Picture, Quad]]
) -> None:
    off = []
    for picture, text in vehicles:
        patches = localiser.find(picture)
        off.append(off_by(patches[0], text) if patches else np.inf)
    found = np.mean(np.array(off) < 0.5)
    assert found >= FOUND_AT_LEAST, f"{found:.2f} of the plates found"
    assert np.median(off) < MIDDLING, f"corners off by {np.median(off):.2f} heights"


def test_the_plate_is_cut_out_upright_with_its_lines(
    localiser: PlateLocaliser, vehicles: list[tuple[Picture, Quad]]
) -> None:
    by_lines: dict[int, list[float]] = {1: [], 2: []}
    for picture, text in vehicles:
        for patch in localiser.find(picture)[:1]:
            if off_by(patch, text) < 0.3:
                by_lines[len(patch.lines)].append(width_px(text) / height_px(text))
                assert patch.picture.shape[1] / patch.picture.shape[0] == pytest.approx(
                    width_px(patch.corners) / height_px(patch.corners), rel=0.15
                )
    assert np.median(by_lines[1]) > 3 > 1.9 > np.median(by_lines[2])


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (300, 400)])
def test_no_plate_is_found_where_there_is_none(localiser: PlateLocaliser, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*size, 3)).astype(np.uint8)
    for picture in (np.zeros((*size, 3), np.uint8), np.full((*size, 3), 255, np.uint8), noise):
        assert localiser.find(picture) == []


def test_plates_that_the_picture_cuts_are_hardly_ever_read(
    localiser: PlateLocaliser, vehicles: list[tuple[Picture, Quad]]
) -> None:
    """What is left of a plate reads as another mark, and surely."""
    reader, cut, read = UkReader(Weights(), 1), 0, 0
    for picture, text in vehicles:
        left, right = text[:, 0].min(), text[:, 0].max()
        for share in (0.2, 0.35, 0.5, 0.65, 0.8):
            at = int(left + share * (right - left))
            for part, begins in ((picture[:, :at], 0), (picture[:, at:], at)):
                patches = localiser.find(np.ascontiguousarray(part))
                of_it = [patch for patch in patches if left < patch.corners[:, 0].mean() + begins < right]
                reads = [reader.read(patch, 0) for patch in of_it]
                read += any(one is not None and one.confidence >= SURE for one in reads)
                cut += 1
    assert read <= MOST_OF_CUT * cut, f"{read} of {cut} plates that were cut in two"
