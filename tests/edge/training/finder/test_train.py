"""The schedule of a training, and the check that guards an export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from edge.training.finder.export import KEPT, largest_difference
from edge.training.finder.hanging import SIDE_PX
from edge.training.finder.targets import CHANNELS, STRIDE_PX
from edge.training.finder.train import BATCH, LAST_RATE, PEAK_RATE, batch, learning_rate


def test_the_learning_rate_rises_shortly_and_falls_to_almost_nothing() -> None:
    rates = [learning_rate(share / 100) for share in range(101)]
    assert rates[0] < 0.1 * PEAK_RATE
    assert max(rates) > 0.9 * PEAK_RATE
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert rates[-1] == pytest.approx(LAST_RATE)


def test_a_batch_depends_on_its_step_alone() -> None:
    pictures, wanted = batch(1, 3, (), frozenset())
    again, _ = batch(1, 3, (), frozenset())
    assert pictures.shape == (BATCH, SIDE_PX, SIDE_PX, 1)
    assert wanted.shape == (BATCH, SIDE_PX // STRIDE_PX, SIDE_PX // STRIDE_PX, CHANNELS)
    assert np.array_equal(pictures, again)


@pytest.mark.parametrize(("off", "agrees"), [(0.0, True), (0.01, False)])
def test_an_export_that_answers_otherwise_is_seen(off: float, agrees: bool) -> None:
    session = onnxruntime.InferenceSession(KEPT, providers=["CPUExecutionProvider"])

    def model(pictures: NDArray[np.float32], training: bool) -> Any:
        assert not training
        (maps,) = session.run(None, {"picture": pictures.astype(np.uint8)})
        maps[..., 1:] += off
        return maps

    assert (largest_difference(model, Path(KEPT)) < 1e-3) is agrees
