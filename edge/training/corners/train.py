"""Trains the network that finds the corners of a plate's text, on plates drawn for it.

    python -m edge.training.corners.train --out var/corners --seed 1 --plates 100000

runs in an environment of `requirements-train.lock`. Plates are drawn while the network learns; each is seen
four times in the mean. Stopped and started again with the same command it goes on after the last save.
`--out`/last.keras is the newest model; `edge.training.corners.export` ships it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.training.corners.views import CornersView, drawn_plate, view_of
from edge.training.steps import Batch, Course, keras_learner, picked, train
from edge.training.texts import labelled_registrations
from edge.training.train import MEASURING_DATA

BATCH = 32
_TIMES_SEEN = 4


@dataclass(frozen=True)
class Plates:
    """Which series of drawings, and which texts never."""

    seed: int
    excluded: frozenset[str]

    def __call__(self, number: int) -> Batch:
        """Pictures (BATCH x H x W x 1) and, for each, eight coordinates and what they weigh."""
        return together([self.view(number * BATCH + i) for i in range(BATCH)])

    def view(self, number: int) -> CornersView:
        """View `number` of the series."""
        rng = np.random.default_rng((self.seed, number))
        return view_of(drawn_plate(rng, self.excluded), rng)


def together(views: Sequence[CornersView]) -> Batch:
    """Views as one batch."""
    wanted = np.stack([np.concatenate([view.wanted, view.heights]) for view in views])
    return np.stack([view.picture for view in views])[..., None], wanted


def mixed(held: Sequence[Batch], rng: np.random.Generator) -> Batch:
    """A batch of plates seen before, in another light."""
    pictures, wanted = picked(held, rng, BATCH)
    gain, lift = rng.uniform(0.6, 1.3, (BATCH, 1, 1, 1)), rng.uniform(-20, 20, (BATCH, 1, 1, 1))
    return np.clip(pictures * gain + lift, 0, 255).astype(np.uint8), wanted


def main() -> None:
    """Train as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.corners.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--seed", type=int, default=1, help="which series of drawings")
    parser.add_argument("--plates", type=int, default=100_000, help="plates drawn in all")
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA, help="labels to leave out")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from edge.training.corners.network import loss, network

    plates = Plates(given.seed, labelled_registrations(given.measuring_data))
    course = Course(given.plates * _TIMES_SEEN // BATCH, _TIMES_SEEN, given.seed)
    train(given.out.resolve(), course, keras_learner(given.seed, network, loss), plates, mixed)


if __name__ == "__main__":
    main()
