"""A plate that is read surely is looked at once; another closer and wider too, and all of it counts."""

from __future__ import annotations

import numpy as np
import pytest

from edge.frames import Picture
from edge.plates.glances import UNSURE, Odds, odds_by_glances

PLATE = np.arange(100 * 50, dtype=np.uint32).astype(np.uint8).reshape(50, 100)


class Answers:
    """A network that answers each picture with the next of `rows`: odds of two characters at one place."""

    def __init__(self, *rows: tuple[float, float]) -> None:
        self._rows = list(rows)
        self.shown: list[Picture] = []

    def __call__(self, pictures: list[Picture]) -> Odds:
        self.shown += pictures
        given, self._rows = self._rows[: len(pictures)], self._rows[len(pictures) :]
        return np.array([[row] for row in given], np.float32)


def test_a_sure_read_costs_one_glance() -> None:
    network = Answers((UNSURE + 0.01, 0.09))
    assert odds_by_glances(PLATE, network)[0, 0] == pytest.approx(UNSURE + 0.01)
    assert [picture.shape for picture in network.shown] == [(50, 100)]


def test_a_doubtful_read_is_looked_at_closer_and_wider() -> None:
    network = Answers((0.6, 0.4), (0.5, 0.5), (0.5, 0.5))
    odds_by_glances(PLATE, network)
    first, closer, wider = network.shown
    assert first.shape == (50, 100)
    assert np.array_equal(closer, PLATE[2:-2, 3:-3])
    assert np.array_equal(wider[2:-2, 4:-4], PLATE)


@pytest.mark.parametrize(
    ("glances", "expected"),
    [
        (((0.6, 0.4), (0.2, 0.8), (0.3, 0.7)), 1),
        (((0.6, 0.4), (0.6, 0.4), (0.45, 0.55)), 0),
        (((0.8, 0.2), (0.0, 1.0), (0.8, 0.2)), 0),
    ],
)
def test_all_glances_count_together(glances: tuple[tuple[float, float], ...], expected: int) -> None:
    odds = odds_by_glances(PLATE, Answers(*glances))
    assert int(odds[0].argmax()) == expected
    assert odds[0].tolist() == pytest.approx(np.mean(glances, axis=0).tolist())


def test_a_picture_of_a_few_pixels_has_a_middle_left() -> None:
    tiny = np.zeros((1, 2), np.uint8)
    assert odds_by_glances(tiny, Answers((0.5, 0.5), (0.5, 0.5), (0.5, 0.5))).shape == (1, 2)
