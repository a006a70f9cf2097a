"""Colours of a decoded picture brought to a smaller size, against the mean of all its pixels."""

from __future__ import annotations

import numpy as np
import pytest

from edge.colour import BoxPx, Converted, Planes


@pytest.mark.parametrize(
    ("picture_px", "size_px"),
    [
        ((1280, 720), (320, 180)),
        ((1280, 720), (160, 90)),
        ((1280, 720), (320, 192)),
        ((640, 360), (300, 300)),
    ],
)
def test_a_shrunk_picture_has_the_mean_of_what_it_stands_for(
    picture_px: tuple[int, int], size_px: tuple[int, int]
) -> None:
    width, height = picture_px
    luma = np.random.default_rng(3).integers(16, 236, (height, width)).astype(np.uint8)
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    small = Planes(luma, lambda: (grey, grey)).shrunk((0, 0, width, height), size_px)
    assert small.shape == (size_px[1], size_px[0], 3)
    rows = np.array_split(small[..., 1].astype(float), 4)
    wanted = [(float(part.mean()) - 16) * 255 / 219 for part in np.array_split(luma, 4)]
    assert [float(part.mean()) for part in rows] == pytest.approx(wanted, abs=1.5)
    exact = width % size_px[0] == height % size_px[1] == 0
    if exact:
        blocks = luma.reshape(size_px[1], height // size_px[1], size_px[0], -1).mean(axis=(1, 3))
        assert np.abs(small[..., 1] - (blocks - 16) * 255 / 219).max() <= 2.5


@pytest.mark.parametrize("box_px", [(0, 0, 64, 48), (10, 6, 31, 29), (7, 5, 8, 6), (33, 21, 64, 47)])
def test_a_copied_box_is_the_part_itself_and_outlives_the_picture(box_px: BoxPx) -> None:
    chance = np.random.default_rng(5)
    luma, blue, red = (
        chance.integers(0, 256, size).astype(np.uint8) for size in ((48, 64), (24, 32), (24, 32))
    )
    planes = Planes(luma, lambda: (blue, red))
    for colour in (planes, Converted(lambda: planes.part((0, 0, 64, 48)).copy())):
        expected = planes.part(box_px).copy()
        copied = colour.copied(box_px)
        before = [plane.copy() for plane in (luma, blue, red)]
        for plane in (luma, blue, red):
            plane[:] = 0
        given = copied()
        assert given.shape == (box_px[3] - box_px[1], box_px[2] - box_px[0], 3)
        assert (given == expected).all()
        for plane, kept in zip((luma, blue, red), before, strict=True):
            plane[:] = kept
