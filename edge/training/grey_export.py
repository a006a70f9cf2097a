"""From a Keras network that takes grey pictures to its ONNX file, kept only where both answer alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge.training.export import ExportDiffersError

LARGEST_DIFFERENCE = 1e-3
_OPSET = 17

Size = tuple[int | None, int | None]
"""Height and width of the pictures; None where any will do."""
Difference = Callable[[Any, Path], float]
"""How far a Keras model and its exported file differ."""


def export_grey(
    model_file: Path,
    to: Path,
    output: str,
    size: Size,
    difference_of: Difference,
    rewrite: Callable[[Path], None] | None = None,
) -> float:
    """Export `model_file` (.keras; N x H x W x 1, 0 to 255), which answers `output`, to `to`.

    Gives the difference by `difference_of`, for which `rewrite` has changed the file before. Raises
    ExportDiffersError over LARGEST_DIFFERENCE.
    """
    import keras
    import tensorflow as tf
    import tf2onnx  # type: ignore[import-not-found]  # in the training environment only

    model = keras.models.load_model(model_file, compile=False)
    shape = tf.TensorSpec((None, *size, 1), tf.uint8, name="picture")

    @tf.function(input_signature=[shape])  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def answers(picture: Any) -> Any:
        return tf.identity(model(tf.cast(picture, tf.float32), training=False), name=output)

    to.parent.mkdir(parents=True, exist_ok=True)
    written = to.with_suffix(".unchecked")
    tf2onnx.convert.from_function(answers, [shape], opset=_OPSET, output_path=str(written))
    if rewrite is not None:
        rewrite(written)
    difference = difference_of(model, written)
    if not difference <= LARGEST_DIFFERENCE:
        written.unlink()
        raise ExportDiffersError(f"Keras and ONNX differ by {difference:.4f}; the export was not kept")
    written.rename(to)
    return difference
