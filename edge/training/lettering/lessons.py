"""What the detector is taught on: drawn and filmed vehicles halved, with what it makes of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.runtime import open_session
from edge.training.steps import Batch, in_another_light
from edge.training.vehicles.film import film_views
from edge.training.vehicles.hanging import SIDE_PX
from edge.training.vehicles.wholes import whole
from edge.weights import Weights

BATCH = 4
PUBLISHED = "PP-OCRv6_det_tiny.onnx"

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Lessons:
    """Which series of drawings, and which texts never."""

    seed: int
    excluded: frozenset[str]

    def __call__(self, number: int) -> Batch:
        """Pictures (BATCH x 160 x 160 x 1) and the teacher's map of each, halved, of one fresh batch."""
        wholes = [whole(self.seed, number * BATCH + i, self._views, self.excluded) for i in range(BATCH)]
        halves = np.stack([one.halved for one in wholes])[..., None]
        return halves, self._maps([one.picture for one in wholes])

    @cached_property
    def _views(self) -> Any:
        return film_views()

    @cached_property
    def _teacher(self) -> Any:
        return open_session(published(), 1)

    def _maps(self, wholes: Sequence[Grey]) -> NDArray[np.float32]:
        pictures = as_taken(np.stack(wholes)[..., None]).transpose(0, 3, 1, 2)
        (maps,) = self._teacher.run(None, {"x": pictures})
        halved = maps[:, 0].reshape(len(wholes), SIDE_PX, 2, SIDE_PX, 2).mean(axis=(2, 4))
        return np.asarray(halved, np.float32)


def published() -> Path:
    """The detector as its authors published it: the teacher, and what is taught from."""
    return Weights(Path(__file__).parent).path(PUBLISHED)


def as_taken(pictures: Grey) -> NDArray[np.float32]:
    """Grey pictures (N x H x W x 1) as the network takes them: three channels, -1 to 1."""
    return np.repeat(pictures.astype(np.float32) / 127.5 - 1, 3, axis=3)


def mixed(held: Sequence[Batch], rng: np.random.Generator) -> Batch:
    """A batch of pictures seen before, in another light."""
    return in_another_light(held, rng, gain=(0.6, 1.2), lift=(-15, 25))
