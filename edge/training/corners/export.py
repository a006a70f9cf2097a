"""Turns the trained network of corners into the ONNX file that ships; refuses one that differs from Keras.

    python -m edge.training.corners.export --model var/corners/last.keras

runs in an environment of `requirements-train.lock`; writes `edge/models/plate_corners/model.onnx` and the
checksum beside it.
"""

from __future__ import annotations

from pathlib import Path

from edge.training.corners.train import Plates
from edge.training.grey_export import export_grey
from edge.training.shipping import CHECKING_SEED, ship

SHIPPED = Path(__file__).parents[2] / "models/plate_corners/model.onnx"


def export(model_file: Path, to: Path) -> float:
    """Export `model_file` (.keras) to `to`; see `edge.training.grey_export`."""
    return export_grey(model_file, to, "corners", Plates(CHECKING_SEED, frozenset()))


if __name__ == "__main__":
    ship("python -m edge.training.corners.export", __doc__, SHIPPED, export)
