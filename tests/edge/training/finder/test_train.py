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
from edge.training.finder.train import BATCH, Scenes


def test_a_batch_depends_on_its_step_alone() -> None:
    pictures, wanted = Scenes(1, frozenset())(3)
    again, _ = Scenes(1, frozenset())(3)
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
