"""The mean of several models' weights."""

import numpy as np
import pytest

from edge.training.average import mean_weights


def test_each_array_is_averaged() -> None:
    one, other = (
        [np.array(v, np.float32), np.full((2, 2), v[0], np.float32)] for v in ([1.0, 2.0], [3.0, 6.0])
    )
    first, second = mean_weights([one, other])
    assert first.tolist() == [2, 4]
    assert second.tolist() == [[2, 2], [2, 2]]


@pytest.mark.parametrize("shapes", [[(2,), (3,)], []])
def test_models_of_other_networks_are_refused(shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="same network"):
        mean_weights([[np.zeros(shape, np.float32)] for shape in shapes])
