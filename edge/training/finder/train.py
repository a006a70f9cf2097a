"""Trains the finder of plates on drawn and filmed vehicles.

    python -m edge.training.finder.train --out var/finder --seed 1 --pictures 200000

runs in an environment of `requirements-train.lock`. Pictures are drawn while the network learns; each is
seen twice in the mean. Stopped and started again with the same command it goes on after the last save; the
learning rate falls along one cosine over all pictures. `--out`/last.keras is the newest model;
`edge.training.finder.export` ships it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from edge.training.finder.film import film_views
from edge.training.finder.scenes import scene
from edge.training.finder.targets import target
from edge.training.steps import Batch, Course, keras_learner, picked, train
from edge.training.texts import labelled_registrations

MEASURING_DATA = Path(__file__).parents[3].parent / "shared/data"
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


def mixed(held: Sequence[Batch], rng: np.random.Generator) -> Batch:
    """A batch of pictures seen before, in another light."""
    pictures, wanted = picked(held, rng, BATCH)
    gain, lift = rng.uniform(0.6, 1.3, (BATCH, 1, 1, 1)), rng.uniform(-20, 20, (BATCH, 1, 1, 1))
    return np.clip(pictures * gain + lift, 0, 255).astype(np.uint8), wanted


def main() -> None:
    """Train as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.finder.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--seed", type=int, default=1, help="which series of drawings")
    parser.add_argument("--pictures", type=int, default=200_000, help="pictures in all")
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA, help="labels to leave out")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from edge.training.finder.network import loss, network

    scenes = Scenes(given.seed, labelled_registrations(given.measuring_data))
    course = Course(given.pictures // BATCH, _TIMES_SEEN, given.seed)
    train(given.out.resolve(), course, keras_learner(given.seed, network, loss), scenes, mixed)


if __name__ == "__main__":
    main()
