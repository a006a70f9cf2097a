"""Turns a trained finder into the ONNX file, and refuses one that answers otherwise than Keras.

    python -m edge.training.finder.export --model var/finder/last.keras

runs in an environment of `requirements-train.lock`; writes `edge/training/finder/weights/model.onnx` and
the checksum beside it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from edge.training.export import write_checksums
from edge.training.finder.scenes import scene
from edge.training.grey_export import export_grey

KEPT = Path(__file__).parent / "weights/model.onnx"
_CHECKED_PICTURES = 32
_CHECKING_SEED = 77


def export(model_file: Path, to: Path) -> float:
    """Export `model_file` (.keras) to `to`; gives the largest difference of any answer over drawn pictures.

    Answers are the centre's probability and corners in 16 pixels. Raises ExportDiffersError over 0.001.
    """
    return export_grey(model_file, to, "maps", (None, None), largest_difference)


def largest_difference(model: Any, exported: Path) -> float:
    """The largest difference between Keras and ONNX on drawn pictures, in what `export` names."""
    import onnxruntime

    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    worst = 0.0
    for number in range(_CHECKED_PICTURES):
        picture = scene(_CHECKING_SEED, number, ()).picture[None, :, :, None]
        expected = np.asarray(model(picture.astype(np.float32), training=False))
        (given,) = session.run(None, {session.get_inputs()[0].name: picture})
        sure = [1 / (1 + np.exp(-maps[..., 0])) for maps in (expected, given)]
        near = expected[..., 0] > 0
        apart = np.abs(given - expected)[..., 1:][near]
        worst = max(worst, float(np.abs(sure[0] - sure[1]).max()), float(apart.max(initial=0)))
    return worst


def main() -> None:
    """Export as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.finder.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the .keras file to ship")
    parser.add_argument("--to", type=Path, default=KEPT, help="the ONNX file to write")
    given = parser.parse_args()
    difference = export(given.model, given.to)
    write_checksums(given.to.parent, (given.to.name,))
    print(f"{given.to.name}: {given.to.stat().st_size} bytes, differs from Keras by at most {difference:.1e}")


if __name__ == "__main__":
    main()
