"""Turns a trained model into the ONNX file that ships, and refuses one that reads otherwise than Keras.

    python -m edge.training.export --model var/reader/last.keras

runs in an environment of `requirements-train.lock`; writes `edge/models/uk_reader/model.onnx`, the checksums
beside it, and the same weights without the optimizer's state as `edge/training/uk_reader.keras`, from which
training goes on. `edge.training.calibrate` has to run afterwards: the calibration is for one network.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.samples import decoded, sample
from edge.training.train import MODEL_CONFIG, PLATE_CONFIG, SHIPPED_WEIGHTS

SHIPPED = PLATE_CONFIG.with_name("model.onnx")
_CHECKED_PICTURES = 256
_CHECKING_SEED = 77
_LARGEST_DIFFERENCE = 1e-3


class ExportDiffersError(RuntimeError):
    """The exported network and the Keras model do not give the same answers."""


def export(model: Path, to: Path) -> float:
    """Export `model` (.keras) to `to`; gives the largest difference of any probability over drawn plates.

    Raises ExportDiffersError where that is over 0.001, and CalledProcessError when the exporter fails.
    """
    from edge.training.scaling import scale_behind_reshape  # needs the training environment
    from edge.training.transformers import write_plainly

    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "fast_plate_ocr.cli.export", "--format", "onnx"]
        command += ["--model", str(model), "--plate-config-file", str(PLATE_CONFIG), "--save-dir", folder]
        environment = os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
        subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own command and paths
        exported = Path(folder, f"{model.stem}.onnx")
        scale_behind_reshape(exported)
        write_plainly(exported)
        difference = largest_difference(model, exported)
        if not difference <= _LARGEST_DIFFERENCE:
            raise ExportDiffersError(f"Keras and ONNX differ by {difference:.4f}; the export was not kept")
        to.write_bytes(exported.read_bytes())
    return difference


def keep_weights(model: Path, to: Path) -> None:
    """Save the weights of `model` (.keras) to `to`, a model that was never compiled: a third of the size."""
    from fast_plate_ocr.train.model.config import load_plate_config_from_yaml
    from fast_plate_ocr.train.model.model_builders import build_model
    from fast_plate_ocr.train.model.model_schema import load_model_config_from_yaml

    plate_config = load_plate_config_from_yaml(PLATE_CONFIG)
    bare = build_model(load_model_config_from_yaml(MODEL_CONFIG), plate_config, enable_region_head=False)
    bare.load_weights(model)
    bare.save(to)


def largest_difference(model: Path, exported: Path) -> float:
    """The largest difference of any character's probability between Keras and ONNX on drawn plates."""
    import onnxruntime
    from fast_plate_ocr.train.model.config import load_plate_config_from_yaml
    from fast_plate_ocr.train.utilities.utils import load_keras_model

    pictures = _checking_pictures()
    keras_model = load_keras_model(model, load_plate_config_from_yaml(PLATE_CONFIG))
    expected = np.asarray(keras_model.predict(pictures, verbose=0)["plate"])
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    (given,) = session.run(None, {session.get_inputs()[0].name: pictures})
    return float(np.abs(np.asarray(given).reshape(expected.shape) - expected).max())


def write_checksums(folder: Path, names: tuple[str, ...]) -> None:
    """SHA256SUMS in `folder`, as `sha256sum` writes it."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def _checking_pictures() -> NDArray[np.uint8]:
    drawn = [decoded(sample(_CHECKING_SEED, number)) for number in range(_CHECKED_PICTURES)]
    return np.stack([cv2.resize(picture, (128, 64))[:, :, None] for picture in drawn]).astype(np.uint8)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m edge.training.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the .keras file to ship")
    given = parser.parse_args().model
    difference = export(given, SHIPPED)
    keep_weights(given, SHIPPED_WEIGHTS)
    write_checksums(SHIPPED.parent, (SHIPPED.name, PLATE_CONFIG.name))
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size} bytes, differs from Keras by at most {difference:.1e}")
