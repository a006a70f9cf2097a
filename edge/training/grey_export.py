"""From a network that takes grey pictures to the ONNX file that ships, kept only where both answer alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from edge.training.shipping import CHECKED_BATCHES, kept
from edge.training.steps import Draw

_OPSET = 17


def export_grey(model_file: Path, to: Path, output: str, draw: Draw) -> float:
    """Export `model_file` (.keras; N x H x W x 1, 0 to 255), which answers `output`, to `to`.

    Gives the largest difference of any answer on the first batches of `draw`, whose pictures have the
    network's size. Raises ExportDiffersError where that is more than is allowed.
    """
    import keras
    import tensorflow as tf
    import tf2onnx  # type: ignore[import-not-found]  # in the training environment only

    from edge.training.scaling import scale_behind_reshape

    model = keras.models.load_model(model_file, compile=False)
    shape = tf.TensorSpec((None, *draw(0)[0].shape[1:]), tf.uint8, name="picture")

    @tf.function(input_signature=[shape])  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def answers(picture: Any) -> Any:
        return tf.identity(model(tf.cast(picture, tf.float32), training=False), name=output)

    to.parent.mkdir(parents=True, exist_ok=True)
    written = to.with_suffix(".unchecked")
    tf2onnx.convert.from_function(answers, [shape], opset=_OPSET, output_path=str(written))
    scale_behind_reshape(written)
    return kept(written, to, _largest_difference(model, written, draw))


def _largest_difference(model: Any, exported: Path, draw: Draw) -> float:
    import onnxruntime

    session, worst = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"]), 0.0
    for number in range(CHECKED_BATCHES):
        pictures, _ = draw(number)
        expected = np.asarray(model(pictures.astype(np.float32), training=False))
        (given,) = session.run(None, {session.get_inputs()[0].name: pictures})
        worst = max(worst, float(np.abs(given - expected).max()))
    return worst
