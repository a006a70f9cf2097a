"""Trains the network that finds the corners of a plate's text, on plates drawn for it.

    python -m edge.training.corners.train --out var/corners --seed 1 --plates 100000

runs in an environment of `requirements-train.lock`. Plates are drawn while the network learns; each is seen
four times in the mean. Stopped and started again with the same command it goes on after the last save.
`--out`/last.keras is the newest model; `edge.training.corners.export` ships it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.training.corners.views import CornersView, drawn_plate, view_of
from edge.training.steps import Batch, Course, asked, in_another_light, keras_learner, train

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


def main() -> None:
    """Train as the command line asks."""
    given = asked("python -m edge.training.corners.train", __doc__, 100_000, "plates")
    from edge.training.corners.network import loss, network

    course = Course(given.pictures * _TIMES_SEEN // BATCH, _TIMES_SEEN, given.seed)
    plates = Plates(given.seed, given.excluded)
    train(given.out, course, keras_learner(given.seed, network, loss), plates, in_another_light)


if __name__ == "__main__":
    main()
