"""Trains the finder of plates on drawn and filmed vehicles.

    python -m edge.training.finder.train --out var/finder --seed 1 --pictures 200000

runs in an environment of `requirements-train.lock`. Pictures are drawn while the network learns; each is
seen twice in the mean. Stopped and started again with the same command it goes on after the last save; the
learning rate falls along one cosine over all pictures. `--out`/last.keras is the newest model;
`edge.training.finder.export` ships it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from edge.training.finder.film import film_views
from edge.training.finder.scenes import scene
from edge.training.finder.targets import target
from edge.training.steps import Batch, Course, asked, in_another_light, keras_learner, train

BATCH = 16
_TIMES_SEEN = 2


@dataclass(frozen=True)
class Scenes:
    """Which series of drawings, and which texts never."""

    seed: int
    excluded: frozenset[str]

    @cached_property
    def views(self) -> Any:
        """The views of the film, loaded in the process that draws."""
        return film_views()

    def __call__(self, number: int) -> Batch:
        """Pictures (BATCH x S x S x 1) and targets of one fresh batch."""
        first = number * _TIMES_SEEN * BATCH
        scenes = [scene(self.seed, first + i, self.views, self.excluded) for i in range(BATCH)]
        return np.stack([s.picture for s in scenes])[..., None], np.stack([target(s) for s in scenes])


def main() -> None:
    """Train as the command line asks."""
    given = asked("python -m edge.training.finder.train", __doc__, 200_000)
    from edge.training.finder.network import loss, network

    course = Course(given.pictures // BATCH, _TIMES_SEEN, given.seed)
    scenes = Scenes(given.seed, given.excluded)
    train(given.out, course, keras_learner(given.seed, network, loss), scenes, in_another_light)


if __name__ == "__main__":
    main()
