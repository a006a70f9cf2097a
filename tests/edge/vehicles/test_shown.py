"""What the detector is shown: all of a part, or as much of it as moves, always at the same size."""

from __future__ import annotations

import pytest

from edge.vehicles.region import WHOLE, Region
from edge.vehicles.shown import BLOCK_PX, LEAST_BLOCKS, SQUARE_PX, WIDE_PX, Shown, narrowed, shown_whole
from tests.edge.vehicles.cells import COLUMNS, ROWS, cells

PICTURE_PX = (1280, 720)


def scale(shown: Shown) -> tuple[float, float]:
    """How many of the network's pixels a part of the picture as wide, and as high, as it would get."""
    x1, y1, x2, y2 = shown.region
    return shown.size_px[0] / (x2 - x1), shown.size_px[1] / (y2 - y1)


@pytest.mark.parametrize(
    ("region", "squeezed", "size_px"),
    [(WHOLE, False, WIDE_PX), (WHOLE, True, SQUARE_PX), ((0.0, 0.0, 0.5, 1.0), False, SQUARE_PX)],
)
def test_a_wide_part_is_shown_wide_and_any_other_as_a_square(
    region: Region, squeezed: bool, size_px: tuple[int, int]
) -> None:
    assert shown_whole(region, PICTURE_PX, squeezed) == Shown(region, size_px)


@pytest.mark.parametrize("box", [(20, 30, 50, 60), (0, 18, 12, 30), (140, 70, 160, 90), (3, 40, 157, 60)])
@pytest.mark.parametrize("region", [WHOLE, (0.0, 0.2, 1.0, 0.9)])
def test_a_narrowed_part_holds_what_moves_as_large_as_before(
    box: tuple[int, int, int, int], region: Region
) -> None:
    whole = shown_whole(region, PICTURE_PX)
    part = narrowed(whole, cells(box))
    assert part.size_px[0] * part.size_px[1] < whole.size_px[0] * whole.size_px[1]
    assert scale(part) == pytest.approx(scale(whole))
    for axis, side in ((0, COLUMNS), (1, ROWS)):
        begin, end = max(box[axis] / side, region[axis]), min(box[axis + 2] / side, region[axis + 2])
        assert region[axis] - 1e-9 <= part.region[axis] <= begin
        assert end - 1e-9 <= part.region[axis + 2] <= region[axis + 2] + 1e-9


def test_what_moves_keeps_surroundings() -> None:
    whole = shown_whole(WHOLE, PICTURE_PX)
    small = narrowed(whole, cells((80, 45, 83, 47)))
    assert small.size_px == (LEAST_BLOCKS[0] * BLOCK_PX, LEAST_BLOCKS[1] * BLOCK_PX)
    assert small.region[0] < 0.45 < 0.55 < small.region[2]


def test_cells_that_move_alone_widen_nothing() -> None:
    whole = shown_whole(WHOLE, PICTURE_PX)
    noise = cells(*((x, y, x + 1, y + 1) for x in range(2, 160, 9) for y in range(2, 90, 9)))
    vehicle = cells((60, 30, 90, 55))
    assert narrowed(whole, vehicle | noise) == narrowed(whole, vehicle)
    assert narrowed(whole, noise) == whole


@pytest.mark.parametrize("box", [(0, 0, 0, 0), (0, 0, 160, 90)])
def test_where_nothing_or_everything_moves_all_is_shown(box: tuple[int, int, int, int]) -> None:
    whole = shown_whole(WHOLE, PICTURE_PX)
    shown = narrowed(whole, cells(box))
    assert shown.size_px == whole.size_px
    assert shown.region == pytest.approx(whole.region)
