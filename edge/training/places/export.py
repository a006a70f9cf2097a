"""Turns the trained network of places into the ONNX file that ships; refuses one that differs from Keras.

    python -m edge.training.places.export --model var/places/last.keras

runs in an environment of `requirements-train.lock`; writes `edge/models/plate_places/model.onnx` and the
checksum beside it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from edge.plates.places import INPUT_PX
from edge.training.export import write_checksums
from edge.training.grey_export import export_grey
from edge.training.places.train import Places

SHIPPED = Path(__file__).parents[2] / "models/plate_places/model.onnx"
_CHECKED_BATCHES = 4
_CHECKING_SEED = 77


def export(model_file: Path, to: Path) -> float:
    """Export `model_file` (.keras) to `to`; gives the largest difference of any answer over drawn places.

    Raises ExportDiffersError over 0.001.
    """
    from edge.training.scaling import scale_behind_reshape  # needs the training environment

    size = (INPUT_PX[1], INPUT_PX[0])
    return export_grey(model_file, to, "place", size, largest_difference, scale_behind_reshape)


def largest_difference(model: Any, exported: Path) -> float:
    """The largest difference between Keras and ONNX on drawn places."""
    import onnxruntime

    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    places, worst = Places(_CHECKING_SEED, frozenset()), 0.0
    for number in range(_CHECKED_BATCHES):
        pictures, _ = places(number)
        expected = np.asarray(model(pictures.astype(np.float32), training=False))
        (given,) = session.run(None, {session.get_inputs()[0].name: pictures})
        worst = max(worst, float(np.abs(given - expected).max()))
    return worst


def main() -> None:
    """Export as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.places.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the .keras file to ship")
    given = parser.parse_args()
    difference = export(given.model, SHIPPED)
    write_checksums(SHIPPED.parent, (SHIPPED.name,))
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size} bytes, differs from Keras by at most {difference:.1e}")


if __name__ == "__main__":
    main()
