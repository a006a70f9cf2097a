"""Weather and light change a picture and leave it a picture."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from config.vrm import format_of, normalise
from edge.training.negatives import no_plate
from edge.training.phrases import words
from edge.training.weather import by_night, glared, rained_on

Float = NDArray[np.float32]


@pytest.mark.parametrize("change", [glared, rained_on])
@pytest.mark.parametrize("size", [(12, 40), (120, 300)])
def test_weather_keeps_the_size_and_follows_its_seed(
    change: Callable[[Float, np.random.Generator], Float], size: tuple[int, int]
) -> None:
    picture = np.full(size, 100, np.float32)
    one, same, other = (change(picture, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert one.shape == size
    assert one.dtype == np.float32
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one, picture)


def test_glare_is_brightest_in_one_place() -> None:
    spread = [
        np.ptp(glared(np.full((60, 200), 100, np.float32), np.random.default_rng(s))) for s in range(20)
    ]
    assert max(spread) > 60


def test_night_darkens_what_is_behind() -> None:
    behind = np.full((20, 50), 180, np.uint8)
    assert by_night(behind, np.random.default_rng(1)).max() < 90


@pytest.mark.parametrize("size", [(12, 24), (40, 160), (250, 400)])
def test_pictures_without_a_plate_come_in_any_size(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(6)
    drawn = [no_plate(*size, rng) for _ in range(60)]
    assert all(one.shape == size and one.dtype == np.uint8 for one in drawn)


def test_words_on_boards_are_never_spelt_like_a_registration() -> None:
    rng = np.random.default_rng(7)
    assert [text for text in (words(rng) for _ in range(3000)) if format_of(normalise(text))] == []
