"""Fits how often the shipped reader is right to how sure it says it is.

    python -m edge.training.calibrate

runs after each export. It draws plates like the frozen ones from a series of its own, reads them, and fits
two numbers by maximum likelihood (Platt, 1999): log odds of being right = slope x log odds of the weakest
character + offset. It writes `calibration.json` beside the network, and the checksums of both. O and 0, I and
1 count as the same: they share a glyph, and only the grammar can tell them apart.
"""

import argparse
import hashlib
from collections.abc import Sequence

import msgspec
import numpy as np

from edge.plates.confidence import FILE, Fitted, log_odds
from edge.plates.reads import as_glyphs
from edge.training.export import SHIPPED
from edge.training.held_out import like_held_out
from edge.training.reading import Read, reads_of_drawn, shipped_reader
from edge.training.shipping import write_checksums
from edge.training.train import PLATE_CONFIG

SEED = 73_193_002
COUNT = 12_000
_STEPS = 50
_RIDGE = 1e-6


def fitted_line(reads: Sequence[tuple[Read, bool]]) -> tuple[float, float]:
    """Slope and offset from reads and whether each was right, by Newton's method; silent ones do not count.

    Raises ValueError where all were right or all wrong: that says nothing of how sure to be.
    """
    spoken = [(log_odds(read.confidence), right) for read, right in reads if read.text]
    x = np.array([[odds, 1.0] for odds, _ in spoken])
    right = np.array([float(was_right) for _, was_right in spoken])
    if not 0 < right.mean() < 1:
        raise ValueError("to calibrate needs reads that were right and reads that were wrong")
    line = np.array([1.0, 0.0])
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-np.clip(x @ line, -30, 30)))
        slope = x.T @ (right - share)
        curve = (x * (share * (1 - share))[:, None]).T @ x + _RIDGE * np.eye(2)
        line = line + np.linalg.solve(curve, slope)
    return float(line[0]), float(line[1])


def main(arguments: list[str] | None = None) -> None:
    """Fit, write the file and its checksum, print the two numbers."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.calibrate", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many drawn plates")
    drawn = (like_held_out(SEED, number) for number in range(parser.parse_args(arguments).count))
    pairs = reads_of_drawn(shipped_reader(), drawn)
    slope, offset = fitted_line([(read, as_glyphs(read.text) == as_glyphs(one.text)) for one, read in pairs])
    fitted = Fitted(slope, offset, hashlib.sha256(SHIPPED.read_bytes()).hexdigest())
    to = SHIPPED.parent.parent / FILE
    to.write_bytes(msgspec.json.format(msgspec.json.encode(fitted)) + b"\n")
    write_checksums(SHIPPED.parent, (SHIPPED.name, PLATE_CONFIG.name, to.name))
    print(f"{to.name}: slope {slope:.4f}, offset {offset:.4f}")


if __name__ == "__main__":
    main()
