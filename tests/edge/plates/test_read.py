"""How many characters a plate has, from the odds of each place."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.plates.read import likeliest_length

PAD = 0


def odds(*empty: float) -> NDArray[np.float32]:
    """Places with these odds of being empty; the rest is the odds of one character."""
    return np.array([(share, 1 - share, 0.0) for share in empty], np.float32)


@pytest.mark.parametrize(
    ("empty", "length"),
    [
        ((0.0, 0.1, 1.0, 1.0), 2),
        ((0.9, 0.9, 0.9), 0),
        ((0.0, 0.0, 0.0), 3),
        ((0.6, 0.1, 0.1, 1.0), 3),
        ((0.1, 0.6, 0.1, 1.0), 3),
        ((0.9, 0.9, 0.4, 1.0), 0),
    ],
    ids=["text and end", "no plate", "full", "unsure beginning", "unsure middle", "one stray character"],
)
def test_the_likeliest_text_without_a_hole_counts(empty: tuple[float, ...], length: int) -> None:
    assert likeliest_length(odds(*empty), PAD) == length
