"""What the detector is taught on: drawn and filmed vehicles halved, with what it makes of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.finder.film import film_views
from edge.training.finder.hanging import SIDE_PX
from edge.training.finder.scenes import scene
from edge.training.steps import Batch, in_another_light
from edge.weights import Weights

BATCH = 4
WHOLE_PX = 2 * SIDE_PX
SMALLEST, LARGEST, SHARE_AS_DRAWN = 0.6, 2.0, 0.5
"""How far a drawing is made smaller or larger before it is halved."""
TEACHER = "PP-OCRv6_det_tiny.onnx"

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Lessons:
    """Which series of drawings, and which texts never."""

    seed: int
    excluded: frozenset[str]

    def __call__(self, number: int) -> Batch:
        """Pictures (BATCH x 160 x 160 x 1) and the teacher's map of each, halved, of one fresh batch."""
        wholes = [self.whole(number * BATCH + i) for i in range(BATCH)]
        halves = [cv2.resize(one, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA) for one in wholes]
        return np.stack(halves)[..., None].astype(np.uint8), self._maps(wholes)

    def whole(self, number: int) -> Grey:
        """Picture `number`, WHOLE_PX x WHOLE_PX: four scenes side by side, larger or smaller."""
        rng = np.random.default_rng((self.seed, number))
        four = [scene(self.seed, 4 * number + i, self._views, self.excluded).picture for i in range(4)]
        picture = np.vstack([np.hstack(four[:2]), np.hstack(four[2:])])
        if rng.random() < SHARE_AS_DRAWN:
            return picture
        scale = float(np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST))))
        reach = max(0.0, WHOLE_PX - WHOLE_PX / scale)
        x, y = rng.uniform(0, reach, 2) if reach else (0.0, 0.0)
        onto = np.array([[scale, 0, -scale * x], [0, scale, -scale * y]], np.float32)
        size = (WHOLE_PX, WHOLE_PX)
        smooth = cv2.GaussianBlur(picture, (0, 0), 0.5 / scale) if scale < 1 else picture
        return np.asarray(cv2.warpAffine(smooth, onto, size, borderMode=cv2.BORDER_REFLECT), np.uint8)

    @cached_property
    def _views(self) -> Any:
        return film_views()

    @cached_property
    def _teacher(self) -> Any:
        from edge.runtime import open_session

        return open_session(Weights().path(TEACHER), 1)

    def _maps(self, wholes: Sequence[Grey]) -> NDArray[np.float32]:
        pictures = as_taken(np.stack(wholes)[..., None]).transpose(0, 3, 1, 2)
        (maps,) = self._teacher.run(None, {"x": pictures})
        halved = maps[:, 0].reshape(len(wholes), SIDE_PX, 2, SIDE_PX, 2).mean(axis=(2, 4))
        return np.asarray(halved, np.float32)


def as_taken(pictures: Grey) -> NDArray[np.float32]:
    """Grey pictures (N x H x W x 1) as the network takes them: three channels, -1 to 1."""
    return np.repeat(pictures.astype(np.float32) / 127.5 - 1, 3, axis=3)


def mixed(held: Sequence[Batch], rng: np.random.Generator) -> Batch:
    """A batch of pictures seen before, in another light."""
    return in_another_light(held, rng, gain=(0.6, 1.2), lift=(-15, 25))
