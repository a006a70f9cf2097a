"""Measures the shipped network of places on drawn vehicles that it was not taught on.

    python -m edge.training.places.measure

prints the figures of its model card.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from edge.plates.places import NETWORK
from edge.runtime import open_session
from edge.training.places.train import BATCH, Places
from edge.weights import Weights

SEED = 7_001
SURE = (0.01, 0.5, 0.9)

Answers = NDArray[np.float32]


def answers(count: int) -> tuple[Answers, Answers]:
    """What was wanted (N x 17) and what the network answers (N x 9) of the first `count` or more places."""
    session, places = open_session(Weights().path(NETWORK), 1), Places(SEED, frozenset())
    batches = [places(number) for number in range(-(-count // BATCH))]
    given = [session.run(None, {"picture": pictures})[0] for pictures, _ in batches]
    return np.concatenate([wanted for _, wanted in batches]), np.concatenate(given)


def heights_off(wanted: Answers, given: Answers) -> NDArray[np.float64]:
    """How far each plate's corners are off in the mean, in its text's heights."""
    of_plates = wanted[:, 16] == 1
    off = np.abs(given[of_plates, :8] - wanted[of_plates, :8]) * wanted[of_plates, 8:16]
    return np.asarray(off.mean(axis=1), np.float64)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.places.measure", description=__doc__)
    parser.add_argument("--count", type=int, default=6000, help="how many places")
    wanted, given = answers(parser.parse_args().count)
    half, most, nearly_all = np.percentile(heights_off(wanted, given), (50, 90, 99))
    print(f"{int(wanted[:, 16].sum())} plates, off by {half:.3f}, {most:.3f}, {nearly_all:.3f} text heights")
    odds, plate = 1 / (1 + np.exp(-given[:, 8])), wanted[:, 16] == 1
    for least in SURE:
        print(
            f"odds of {least} or more: {(odds[plate] >= least).mean():.3f} of the plates, "
            f"{(odds[~plate] >= least).mean():.3f} of {int((~plate).sum())} places of none"
        )


if __name__ == "__main__":
    main()
