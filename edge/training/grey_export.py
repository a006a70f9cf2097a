"""From a network that takes grey pictures to the ONNX file that ships, kept only where both answer alike."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from edge.training.export import ExportDiffersError, write_checksums
from edge.training.steps import Draw

LARGEST_DIFFERENCE = 1e-3
CHECKED_BATCHES = 4
CHECKING_SEED = 77
_OPSET = 17


def export_grey(model_file: Path, to: Path, output: str, draw: Draw) -> float:
    """Export `model_file` (.keras; N x H x W x 1, 0 to 255), which answers `output`, to `to`.

    Gives the largest difference of any answer on the first batches of `draw`, whose pictures have the
    network's size. Raises ExportDiffersError over LARGEST_DIFFERENCE.
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


def kept(written: Path, to: Path, difference: float) -> float:
    """Keep what was written as `to` where it differs from what it was made of by no more than is allowed.

    Raises ExportDiffersError where it differs more; it is removed then.
    """
    if not difference <= LARGEST_DIFFERENCE:
        written.unlink()
        raise ExportDiffersError(f"the export differs by {difference:.4f} from its network; it was not kept")
    written.rename(to)
    return difference


def ship(prog: str, doc: str | None, shipped: Path, export: Callable[[Path, Path], float]) -> None:
    """Export as the command line asks, to `shipped`, and write the checksum beside it."""
    parser = argparse.ArgumentParser(prog=prog, description=doc)
    parser.add_argument("--model", type=Path, required=True, help="the trained network to ship")
    difference = export(parser.parse_args().model, shipped)
    write_checksums(shipped.parent, (shipped.name,))
    print(f"{shipped.name}: {shipped.stat().st_size} bytes, differs by at most {difference:.1e}")


def _largest_difference(model: Any, exported: Path, draw: Draw) -> float:
    import onnxruntime

    session, worst = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"]), 0.0
    for number in range(CHECKED_BATCHES):
        pictures, _ = draw(number)
        expected = np.asarray(model(pictures.astype(np.float32), training=False))
        (given,) = session.run(None, {session.get_inputs()[0].name: pictures})
        worst = max(worst, float(np.abs(given - expected).max()))
    return worst
