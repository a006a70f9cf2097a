"""The drawn plates that readers are judged on: 20,000, frozen before the training began.

They have a seed of their own, so that no training series repeats them, and cover plate widths from 30 to
160 px evenly by ratio, with every degradation at full hardness. A test holds the digest of the first of them;
what is added to the drawing later must leave it as it is.
"""

import hashlib
from collections.abc import Iterator

import numpy as np

from edge.training.samples import Sample, plate_sample, random_layout

SEED = 73_193_001
COUNT = 20_000
WIDTH_PX = (30.0, 160.0)
BANDS_PX = ((30.0, 60.0), (60.0, 160.0))
SAMPLES_DIGESTED = 500


def held_out(number: int) -> Sample:
    """Plate `number` (0 to COUNT - 1) of the frozen set."""
    return like_held_out(SEED, number)


def like_held_out(seed: int, number: int) -> Sample:
    """Plate `number` of series `seed`, drawn as the frozen ones are."""
    rng = np.random.default_rng((seed, number))
    layout = random_layout(rng)
    width_px = float(np.exp(rng.uniform(*np.log(WIDTH_PX))))
    return plate_sample(rng, layout, width_px, frozenset(), hardness=1.0)


def all_held_out(count: int = COUNT) -> Iterator[Sample]:
    """The first `count` plates of the frozen set, in order."""
    return map(held_out, range(count))


def digest(count: int = SAMPLES_DIGESTED) -> str:
    """SHA-256 over texts and JPEG bytes of the first `count` plates, in hexadecimal."""
    sha256 = hashlib.sha256()
    for drawn in all_held_out(count):
        sha256.update(drawn.text.encode("ascii") + b"\0" + drawn.jpeg)
    return sha256.hexdigest()
