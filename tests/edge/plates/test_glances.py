"""A plate that is read surely is looked at once; another in more ways, and all of them count."""

from __future__ import annotations

import numpy as np
import pytest

from edge.frames import Picture
from edge.plates.corners import INPUT_PX
from edge.plates.glances import UNSURE, Odds, leans, odds_by_glances
from edge.plates.quads import Quad

PLATE = np.arange(100 * 50, dtype=np.uint32).astype(np.uint8).reshape(50, 100)
LEVEL = np.array([(10, 15), (90, 15), (90, 35), (10, 35)], np.float32)
LEANING = LEVEL + np.array([(0, 0), (0, 8), (0, 8), (0, 0)], np.float32)


class Answers:
    """A network that answers each picture with the next of `rows`: odds of two characters at one place."""

    def __init__(self, *rows: tuple[float, float]) -> None:
        self._rows = list(rows)
        self.shown: list[Picture] = []

    def __call__(self, pictures: list[Picture]) -> Odds:
        self.shown += pictures
        given, self._rows = self._rows[: len(pictures)], self._rows[len(pictures) :]
        return np.array([[row] for row in given], np.float32)


def level(_: Picture) -> Quad | None:
    return LEVEL


def leaning(_: Picture) -> Quad | None:
    return LEANING


def unknown(_: Picture) -> Quad | None:
    return None


def test_a_sure_read_costs_one_glance() -> None:
    network = Answers((UNSURE + 0.01, 0.09))
    assert odds_by_glances(PLATE, network, leaning)[0, 0] == pytest.approx(UNSURE + 0.01)
    assert [picture.shape for picture in network.shown] == [(50, 100)]


def test_a_doubtful_one_that_leans_is_looked_at_straightened() -> None:
    network = Answers((0.6, 0.4), (0.5, 0.5))
    odds_by_glances(PLATE, network, leaning)
    assert [picture.shape for picture in network.shown] == [(50, 100), INPUT_PX[::-1]]


def test_a_doubtful_one_that_is_level_is_looked_at_closer_and_wider_too() -> None:
    network = Answers((0.6, 0.4), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5))
    odds_by_glances(PLATE, network, level)
    first, straight, closer, wider = network.shown
    assert (first.shape, straight.shape) == ((50, 100), INPUT_PX[::-1])
    assert np.array_equal(closer, PLATE[2:-2, 3:-3])
    assert np.array_equal(wider[2:-2, 4:-4], PLATE)


def test_where_no_corners_are_found_the_first_glance_counts() -> None:
    network = Answers((0.6, 0.4))
    assert odds_by_glances(PLATE, network, unknown)[0].tolist() == pytest.approx([0.6, 0.4])
    assert len(network.shown) == 1


@pytest.mark.parametrize(
    ("glances", "expected"),
    [(((0.6, 0.4), (0.3, 0.7)), 1), (((0.6, 0.4), (0.45, 0.55)), 0), (((0.8, 0.2), (0.0, 1.0)), 1)],
)
def test_all_glances_count_together(glances: tuple[tuple[float, float], ...], expected: int) -> None:
    odds = odds_by_glances(PLATE, Answers(*glances), leaning)
    assert int(odds[0].argmax()) == expected
    assert odds[0].tolist() == pytest.approx(np.mean(glances, axis=0).tolist())


def test_a_picture_of_a_few_pixels_is_looked_at_more_often_all_the_same() -> None:
    tiny = np.zeros((1, 2), np.uint8)
    network = Answers((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5))
    assert odds_by_glances(tiny, network, level).shape == (1, 2)


def test_text_leans_when_its_corners_leave_the_upright_box() -> None:
    assert not leans(LEVEL)
    assert not leans(LEVEL + np.array([(0, 0), (0, 1), (0, 1), (0, 0)], np.float32))
    assert leans(LEANING)
    assert leans(LEVEL + np.array([(4, 0), (4, 0), (0, 0), (0, 0)], np.float32)), "sheared"
    assert not leans(LEANING * 0.05), "less than half a pixel is not known"
