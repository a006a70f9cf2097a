"""Turns a trained model into the ONNX file that ships, and refuses one that reads otherwise than Keras.

    python -m edge.training.export --model var/reader/last.keras

runs in an environment of `requirements-train.lock`; writes `edge/models/uk_reader/model.onnx`, the checksums
beside it, and the same weights without the optimizer's state as `edge/training/uk_reader.keras`, from which
training goes on. `edge.training.calibrate` has to run afterwards: the calibration is for one network.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.samples import decoded, sample
from edge.training.shipping import CHECKING_SEED, kept, ship
from edge.training.train import MODEL_CONFIG, PLATE_CONFIG, SHIPPED_WEIGHTS

SHIPPED = PLATE_CONFIG.with_name("model.onnx")
_CHECKED_PICTURES = 256


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
        return kept(exported, to, largest_difference(model, exported))


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


def _checking_pictures() -> NDArray[np.uint8]:
    drawn = [decoded(sample(CHECKING_SEED, number)) for number in range(_CHECKED_PICTURES)]
    return np.stack([cv2.resize(picture, (128, 64))[:, :, None] for picture in drawn]).astype(np.uint8)


if __name__ == "__main__":
    keep_weights(
        ship("python -m edge.training.export", __doc__, SHIPPED, export, (PLATE_CONFIG.name,)),
        SHIPPED_WEIGHTS,
    )
