"""Where a plate is said to be seen is where it is drawn."""

import numpy as np
import pytest

from edge.training.scene import View, hung, loose_view, straightened_view, surroundings

SIZE = (520, 111)


def spotted(x: int, y: int) -> tuple[np.ndarray, np.ndarray]:
    """A white plate with one black spot, and the ink of the spot."""
    ink = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    ink[y - 4 : y + 5, x - 4 : x + 5] = 255
    return np.asarray(255 - ink, np.uint8), ink


def views() -> list[View]:
    rng = np.random.default_rng(5)
    straight = [straightened_view(rng, SIZE, float(rng.uniform(60, 200)), 1.0) for _ in range(40)]
    loose = [loose_view(rng, SIZE, (40, 10, 480, 100), float(rng.uniform(60, 200)), 1.0) for _ in range(20)]
    return straight + loose


@pytest.mark.parametrize(("x", "y"), [(100, 30), (260, 55), (430, 80)])
def test_a_spot_is_seen_where_the_view_says(x: int, y: int) -> None:
    plate, ink = spotted(x, y)
    for view in views():
        behind = np.full((view.height, view.width), 200, np.uint8)
        seen = hung(plate, np.full_like(plate, 255), ink, view, behind)
        expected = view.seen(np.array([[x, y]], np.float32), SIZE)[0]
        rows, columns = np.nonzero(seen.ink > 60)
        if len(rows) == 0:
            continue  # so small or so far out that nothing of it is left
        assert (columns.mean(), rows.mean()) == pytest.approx(tuple(expected), abs=2.5)


def test_some_views_bend_the_plate() -> None:
    assert any(view.bend for view in views())


def test_what_is_behind_shows_only_beside_the_plate() -> None:
    plate, ink = spotted(260, 55)
    view = straightened_view(np.random.default_rng(2), SIZE, 100, 1.0)
    seen = hung(plate, np.full_like(plate, 255), ink, view, np.full((view.height, view.width), 7, np.uint8))
    assert seen.crop[view.height // 2, view.width // 4] > 200
    assert np.all(seen.crop[seen.plate == 0] == 7)


def test_surroundings_have_the_size_asked_for() -> None:
    assert surroundings(40, 90, np.random.default_rng(1)).shape == (40, 90)
