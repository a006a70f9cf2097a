"""The finder of plates: corners of drawn plates, silence on lettering, crops of every size."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from edge.errors import ModelError
from edge.frames import Picture
from edge.plates.quads import Quad, height_px
from edge.training.finder.contender import (
    AREA_PX,
    FILE,
    MULTIPLE_PX,
    FoundPlate,
    PlateFinder,
    apart,
    canvas_size,
    peaks,
)
from edge.training.finder.decoys import decoy
from edge.training.finder.plates import drawn_plate
from edge.training.finder.view import laid_on
from edge.training.plates import Layout
from edge.weights import Weights

CORNERS_WITHIN = 0.5
"""Plate heights that a corner may be off by, in the mean of the four."""
FRONT = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)


@pytest.fixture(scope="module")
def finder() -> PlateFinder:
    return PlateFinder(1)


def bumper(width: int, height: int, rng: np.random.Generator) -> Picture:
    """A grey wall with a dark bar across, like the lower part of a lorry."""
    picture = np.full((height, width), 150, np.uint8)
    picture[int(height * 0.55) : int(height * 0.9)] = 60
    return np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def hung(
    size: tuple[int, int], layout: Layout, plate_px: float, slope: float, seed: int
) -> tuple[Picture, Quad]:
    """A picture with one plate `plate_px` wide whose right end is `slope` of its width lower."""
    rng = np.random.default_rng(seed)
    plate = drawn_plate(rng, frozenset(), layout)
    tall = plate_px * plate.height_m / plate.width_m
    corners = FRONT * (plate_px, tall) + (0.4 * size[0], 0.7 * size[1] - tall / 2)
    corners[1:3, 1] += slope * plate_px
    picture = bumper(*size, rng).astype(np.float32)
    laid_on(picture, plate.picture, plate.mask, np.asarray(corners, np.float32), 1.0)
    return picture.astype(np.uint8), np.asarray(corners, np.float32)


@pytest.mark.parametrize(
    ("size", "layout", "plate_px", "slope"),
    [
        ((320, 256), "one_line", 60, 0.0),
        ((320, 256), "one_line", 34, 0.0),
        ((320, 256), "two_line", 40, 0.0),
        ((320, 256), "one_line", 80, 0.12),
        ((900, 700), "one_line", 110, 0.0),
        ((900, 700), "two_line", 90, -0.08),
        ((1600, 1200), "one_line", 320, 0.05),
    ],
)
def test_corners_of_a_drawn_plate(
    finder: PlateFinder, size: tuple[int, int], layout: Layout, plate_px: float, slope: float
) -> None:
    errors = []
    for seed in range(4):
        picture, corners = hung(size, layout, plate_px, slope, seed)
        found = finder.find(picture)
        assert found, f"nothing found on drawing {seed}"
        off_px = np.linalg.norm(found[0].corners - corners, axis=1).mean()
        errors.append(float(off_px) / height_px(corners))
    assert np.median(errors) < CORNERS_WITHIN, errors


def test_lettering_is_not_a_plate(finder: PlateFinder) -> None:
    named = 0
    for seed in range(40):
        rng = np.random.default_rng((7, seed))
        picture = bumper(320, 256, rng).astype(np.float32)
        board = decoy(rng)
        wide = 22.0 * board.shape[1] / board.shape[0]
        corners = np.asarray(FRONT * (wide, 22) + (160 - wide / 2, 170), np.float32)
        laid_on(picture, board, np.full(board.shape, 255, np.uint8), corners, 1.0)
        named += bool(finder.find(picture.astype(np.uint8)))
    assert named <= 12, f"{named} of 40 boards were taken for plates"


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (40, 30), (2500, 90), (3000, 2200)])
def test_any_crop_size_is_looked_at(finder: PlateFinder, size: tuple[int, int]) -> None:
    crop = np.full((size[1], size[0], 3), 80, np.uint8)
    assert finder.find(crop) == []


def test_colour_and_grey_are_seen_alike(finder: PlateFinder) -> None:
    grey, _ = hung((320, 256), "one_line", 60, 0.0, 1)
    in_colour = finder.find(np.repeat(grey[..., None], 3, axis=2))
    assert [plate.score for plate in in_colour] == pytest.approx(
        [p.score for p in finder.find(grey)], abs=1e-3
    )


@pytest.mark.parametrize("size", [(320, 256), (1280, 720), (200, 1000), (5000, 20), (60, 40)])
def test_a_crop_is_brought_to_a_bounded_number_of_pixels(size: tuple[int, int]) -> None:
    width, height = canvas_size(*size, AREA_PX)
    assert width % MULTIPLE_PX == height % MULTIPLE_PX == 0
    assert MULTIPLE_PX**2 <= width * height <= 1.35 * AREA_PX


def test_peaks_are_the_maxima_of_the_centre_map() -> None:
    maps = np.full((8, 8, 9), -8, np.float32)
    maps[2, 3, 0], maps[2, 4, 0], maps[6, 6, 0] = 4.0, 3.0, 1.0
    maps[2, 3, 1:] = (-1, -0.25, 1, -0.25, 1, 0.25, -1, 0.25)
    found = peaks(maps, 0.3)
    assert len(found) == 2
    assert found[0].score == pytest.approx(0.982, abs=1e-3)
    assert found[0].corners.tolist() == [[12, 16], [44, 16], [44, 24], [12, 24]]
    assert len(peaks(maps, 0.9)) == 1


def test_of_plates_on_one_another_the_best_is_kept() -> None:
    one, other = FRONT * (40, 10), FRONT * (40, 10) + (0, 60)
    found = [FoundPlate(one, 0.9), FoundPlate(one + np.float32(3), 0.8), FoundPlate(other, 0.5)]
    assert [plate.score for plate in apart(found)] == [0.9, 0.5]


def test_another_network_in_its_place_is_refused(tmp_path: Path) -> None:
    copied = tmp_path / FILE
    copied.write_bytes(Weights().path("PP-OCRv6_det_tiny.onnx").read_bytes())
    digest = hashlib.sha256(copied.read_bytes()).hexdigest()
    copied.with_name("SHA256SUMS").write_text(f"{digest}  {copied.name}\n", "ascii")
    with pytest.raises(ModelError, match="not the finder's network"):
        PlateFinder(1, folder=tmp_path)
