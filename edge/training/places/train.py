"""Trains the network that looks closer at places with lettering, on vehicles drawn for it.

    python -m edge.training.places.train --out var/places --seed 1 --places 150000

runs in an environment of `requirements-train.lock`. Vehicles are drawn while the network learns and the broad
look of `edge/models` is taken at them; each place is seen eight times in the mean. Stopped and started again
with the same command it goes on after the last save. `--out`/last.keras is the newest model;
`edge.training.places.export` ships it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from edge.plates.lettering import Lettering
from edge.training.places.views import PlaceView, seen_otherwise, views_of
from edge.training.steps import Batch, Course, asked, keras_learner, train
from edge.training.vehicles.film import film_views
from edge.training.vehicles.wholes import whole
from edge.weights import Weights

BATCH = 48
_TIMES_SEEN = 8
_MOST_PICTURES = 1000


@dataclass(frozen=True)
class Places:
    """Which series of drawings, and which texts never."""

    seed: int
    excluded: frozenset[str]

    def __call__(self, number: int) -> Batch:
        """Pictures (BATCH x H x W x 1) and what is wanted of each (BATCH x 17)."""
        views = self.views(number)
        batch = [next(views) for _ in range(BATCH)]
        return np.stack([one.picture for one in batch])[..., None], np.stack([one.wanted for one in batch])

    def views(self, number: int) -> Iterator[PlaceView]:
        """The views of the pictures that batch `number` is made of."""
        for i in range(number * _MOST_PICTURES, (number + 1) * _MOST_PICTURES):
            drawn = whole(self.seed, i, self._film, self.excluded)
            rng = np.random.default_rng((self.seed, i, 1))
            yield from views_of(drawn, self._broad.map_of(drawn.halved), rng)

    @cached_property
    def _film(self) -> Any:
        return film_views()

    @cached_property
    def _broad(self) -> Lettering:
        return Lettering(Weights(), 1)


def main() -> None:
    """Train as the command line asks."""
    given = asked("python -m edge.training.places.train", __doc__, 150_000, "places")
    from edge.training.places.network import loss, network

    course = Course(given.pictures * _TIMES_SEEN // BATCH, _TIMES_SEEN, given.seed)
    places = Places(given.seed, given.excluded)
    train(given.out, course, keras_learner(given.seed, network, loss), places, seen_otherwise)


if __name__ == "__main__":
    main()
