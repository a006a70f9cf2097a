"""Measures the shipped network of corners on the first of the frozen drawn plates.

    python -m edge.training.corners.measure

prints the figures of its model card.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable

import numpy as np

from edge.plates.corners import PlateCorners
from edge.plates.quads import height_px
from edge.training.held_out import all_held_out
from edge.training.samples import Sample, decoded
from edge.weights import Weights

_TIMED = 300


def errors_by_kind(finder: PlateCorners, plates: Iterable[Sample]) -> dict[str, list[float]]:
    """For legible plates by lines and view: how far the corners' coordinates are off in the mean, in the
    text's heights; infinitely where none were found."""
    errors: dict[str, list[float]] = {}
    for one in plates:
        if one.legible is None or not one.legible.enough or one.text_box is None:
            continue
        kind = f"{one.layout.replace('_', ' ')}, {'straightened' if one.straightened else 'loose box'}"
        found = finder.find(decoded(one))
        off = (
            np.inf if found is None else float(np.abs(found - one.text_box).mean()) / height_px(one.text_box)
        )
        errors.setdefault(kind, []).append(off)
    return dict(sorted(errors.items()))


def ms_per_plate(finder: PlateCorners) -> float:
    """Milliseconds of processor time for one plate, resizing included."""
    picture = np.zeros((40, 120), np.uint8)
    finder.find(picture)
    began = time.process_time()
    for _ in range(_TIMED):
        finder.find(picture)
    return (time.process_time() - began) / _TIMED * 1000


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.corners.measure", description=__doc__)
    parser.add_argument("--count", type=int, default=4000, help="how many of the frozen plates")
    given = parser.parse_args()
    finder = PlateCorners(Weights(), 1)
    for kind, errors in errors_by_kind(finder, all_held_out(given.count)).items():
        half, most, nearly_all = np.percentile(errors, (50, 90, 99))
        print(f"{kind:24s} {len(errors):5d} plates, off by {half:.3f}, {most:.3f}, {nearly_all:.3f} heights")
    print(f"{ms_per_plate(finder):.2f} ms of one processor core a plate")


if __name__ == "__main__":
    main()
