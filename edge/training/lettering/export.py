"""Writes the taught text detector as it ships: for grey pictures. Refuses one that answers otherwise.

    python -m edge.training.lettering.export --model var/lettering/last.onnx

runs in an environment of `requirements-train.lock`; writes `edge/models/plate_lettering/model.onnx` and the
checksum beside it. The network was made for three colours; grey in all three is grey once, with the weights
of its first convolution summed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from edge.runtime import open_session
from edge.training.lettering.lessons import Lessons, as_taken
from edge.training.shipping import CHECKED_BATCHES, CHECKING_SEED, kept, ship

SHIPPED = Path(__file__).parents[2] / "models/plate_lettering/model.onnx"
INPUT = "picture"


def export(taught: Path, to: Path) -> float:
    """Write `taught` (N x 3 x H x W) to `to` (N x 1 x H x W); gives their largest difference on drawings.

    Raises ExportDiffersError over 0.001.
    """
    import onnx

    model = onnx.load(str(taught))
    _take_grey(model)
    onnx.checker.check_model(model)
    to.parent.mkdir(parents=True, exist_ok=True)
    written = to.with_suffix(".unchecked")
    onnx.save(model, str(written))
    return kept(written, to, _largest_difference(taught, written))


def _take_grey(model: Any) -> None:
    """Sum the first convolution's weights over the colours, and name the input anew."""
    from onnx import numpy_helper

    graph = model.graph
    given = graph.input[0].name
    (first,) = (node for node in graph.node if given in node.input)
    same = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    name = same.get(first.input[1], first.input[1])
    (weights,) = (one for one in graph.initializer if one.name == name)
    summed = numpy_helper.to_array(weights).sum(axis=1, keepdims=True)
    weights.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(summed), name))
    first.input[0] = graph.input[0].name = INPUT
    graph.input[0].type.tensor_type.shape.dim[1].dim_value = 1
    del graph.value_info[:]


def _largest_difference(taught: Path, written: Path) -> float:
    """The largest difference between the two networks' maps of drawn pictures."""
    in_colour, in_grey = open_session(taught, 1), open_session(written, 1)
    lessons, worst = Lessons(CHECKING_SEED, frozenset()), 0.0
    for number in range(CHECKED_BATCHES):
        pictures, _ = lessons(number)
        colour = as_taken(pictures).transpose(0, 3, 1, 2)
        (expected,) = in_colour.run(None, {"x": colour})
        (given,) = in_grey.run(None, {INPUT: np.ascontiguousarray(colour[:, :1])})
        worst = max(worst, float(np.abs(given - expected).max()))
    return worst


if __name__ == "__main__":
    ship("python -m edge.training.lettering.export", __doc__, SHIPPED, export)
