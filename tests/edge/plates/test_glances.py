"""A plate that is read surely is looked at once; another twice more, and all three glances count."""

from __future__ import annotations

import numpy as np
import pytest

from edge.frames import Picture
from edge.plates.corners import INPUT_PX, straightened_text
from edge.plates.glances import LEAST_ODDS, MARGINS, UNSURE, Odds, odds_by_glances, together
from edge.plates.quads import Quad

PLATE = np.arange(100 * 50, dtype=np.uint32).astype(np.uint8).reshape(50, 100)
TEXT = np.array([(10, 15), (90, 23), (90, 43), (10, 35)], np.float32)


class Answers:
    """A network that answers each picture with the next of `rows`: odds of two characters at one place."""

    def __init__(self, *rows: tuple[float, float]) -> None:
        self._rows = list(rows)
        self.shown: list[Picture] = []

    def __call__(self, pictures: list[Picture]) -> Odds:
        self.shown += pictures
        given, self._rows = self._rows[: len(pictures)], self._rows[len(pictures) :]
        return np.array([[row] for row in given], np.float32)


def known(_: Picture) -> Quad | None:
    return TEXT


def unknown(_: Picture) -> Quad | None:
    return None


def test_a_sure_read_costs_one_glance() -> None:
    network = Answers((UNSURE + 0.01, 0.09))
    assert odds_by_glances(PLATE, network, known)[0, 0] == pytest.approx(UNSURE + 0.01)
    assert [picture.shape for picture in network.shown] == [(50, 100)]


def test_a_doubtful_one_is_looked_at_straightened_with_less_and_more_around_it() -> None:
    network = Answers((0.6, 0.4), (0.5, 0.5), (0.5, 0.5))
    odds_by_glances(PLATE, network, known)
    first, close, wide = network.shown
    assert first.shape == (50, 100)
    assert close.shape == wide.shape == INPUT_PX[::-1]
    assert np.array_equal(close, straightened_text(PLATE, TEXT, MARGINS[0]))
    assert np.array_equal(wide, straightened_text(PLATE, TEXT, MARGINS[1]))
    assert not np.array_equal(close, wide)


def test_where_no_corners_are_found_the_first_glance_counts() -> None:
    network = Answers((0.6, 0.4))
    assert odds_by_glances(PLATE, network, unknown)[0].tolist() == pytest.approx([0.6, 0.4])
    assert len(network.shown) == 1


@pytest.mark.parametrize(
    ("glances", "expected"),
    [
        (((0.6, 0.4), (0.5, 0.5), (0.3, 0.7)), 1),
        (((0.6, 0.4), (0.5, 0.5), (0.45, 0.55)), 0),
        (((0.8, 0.2), (0.6, 0.4), (0.0, 1.0)), 1),
        (((0.89, 0.11), (0.97, 0.03), (0.0, 1.0)), 0),
    ],
    ids=["more for the other", "more for the first", "one sure", "none alone rules out"],
)
def test_all_glances_count_together(glances: tuple[tuple[float, float], ...], expected: int) -> None:
    odds = odds_by_glances(PLATE, Answers(*glances), known)
    assert int(odds[0].argmax()) == expected
    products = np.maximum(glances, LEAST_ODDS).prod(axis=0) ** (1 / 3) - LEAST_ODDS
    assert odds[0].tolist() == pytest.approx((products / products.sum()).tolist())


def test_a_picture_of_a_few_pixels_is_looked_at_more_often_all_the_same() -> None:
    tiny = np.zeros((1, 2), np.uint8)
    network = Answers((0.5, 0.5), (0.5, 0.5), (0.5, 0.5))
    assert odds_by_glances(tiny, network, known).shape == (1, 2)


def test_what_all_glances_are_sure_of_stays_sure_among_many_characters() -> None:
    sure = np.full((3, 1, 37), 0.0001, np.float32)
    sure[..., 5] = 0.995
    assert together(sure)[0, 5] > 0.99
    assert together(sure).sum() == pytest.approx(1)
