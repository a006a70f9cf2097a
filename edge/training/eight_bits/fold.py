"""Rewrites SSDLite-MobileNetV2 as plain convolutions with only the classes that count on a road.

The published conversion keeps every batch normalisation and turns the picture's axes round between any two
steps. Here the normalisations are folded into the convolutions before them, the axes stay as they are, and
of 91 classes four are left: the same answers for those four, for four fifths of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from edge.vehicles.anchors import PUBLISHED_PX
from edge.vehicles.detect import COCO_IDS

COCO_CLASSES = 91
ANCHORS = 1917
_OPSET = 13


@dataclass
class _Step:
    """One step of the folded graph; a convolution has weights and biases, the others have not."""

    kind: str
    inputs: list[str]
    output: str
    weights: NDArray[np.float64] | None = None
    biases: NDArray[np.float64] | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


class FoldingError(ValueError):
    """The graph is not the conversion that this was written for."""


class _Folder:
    """Walks the published graph once and gathers the steps that are left."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self._same: dict[str, str] = {}
        self.steps: dict[str, _Step] = {}
        for node in graph.node:
            self._take(node)

    def source(self, name: str) -> str:
        """The output of a step that is left which `name` of the published graph means."""
        while name in self._same:
            name = self._same[name]
        return name

    def _take(self, node: onnx.NodeProto) -> None:
        output = node.output[0]
        if node.op_type == "Transpose":
            self._same[output] = node.input[0]
        elif node.op_type == "Conv":
            self._convolution(node)
        elif node.op_type == "Clip":
            self.steps[output] = _Step("Clip", [self.source(node.input[0])], output)
        elif node.op_type in ("Add", "Mul"):
            self._sum_or_scale(node)
        else:
            raise FoldingError(f"{node.op_type} is not a step of this detector; is it another network?")

    def _convolution(self, node: onnx.NodeProto) -> None:
        weights = self._constants[node.input[1]].astype(np.float64)
        biases = np.zeros(len(weights))
        if len(node.input) > 2:
            biases = self._constants[node.input[2]].astype(np.float64)
        attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        output, source = node.output[0], self.source(node.input[0])
        self.steps[output] = _Step("Conv", [source], output, weights, biases, attributes)

    def _sum_or_scale(self, node: onnx.NodeProto) -> None:
        first, second = (self.source(name) for name in node.input)
        if first in self._constants:
            first, second = second, first
        if second not in self._constants:
            self.steps[node.output[0]] = _Step("Add", [first, second], node.output[0])
            return
        by = self._constants[second].astype(np.float64).reshape(-1)
        step = self.steps[first]
        if step.kind == "Add":
            step = next(self.steps[name] for name in step.inputs if self.steps[name].kind == "Conv")
        if step.weights is None or step.biases is None:
            raise FoldingError(f"{node.name} follows no convolution that it could be folded into")
        if node.op_type == "Mul":
            step.weights, step.biases = step.weights * by[:, None, None, None], step.biases * by
        else:
            step.biases = step.biases + by
        self._same[node.output[0]] = first


def folded(published: onnx.ModelProto) -> onnx.ModelProto:
    """The detector: input `rgb` (1 x 300 x 300 x 3, uint8), outputs `boxes` and `logits` (ANCHORS x 4).

    Raises FoldingError for another network.
    """
    graph = published.graph
    folder = _Folder(graph)
    outputs = [output.name for output in graph.output]
    of_classes = {folder.source(name) for name in outputs if "ClassPredictor" in name}
    constants: dict[str, Any] = {
        "lowest": np.float32(0),
        "highest": np.float32(6),
        "scale": np.float32(2 / 255),
    }
    constants |= {"one": np.float32(1), "rows_of_4": np.array([-1, 4], np.int64)}
    nodes = _input_nodes(graph.input[0].name)
    for step in folder.steps.values():
        nodes.append(_node(step, constants, pruned=step.output in of_classes))
    nodes += _output_nodes("boxes", [folder.source(n) for n in outputs if "BoxEncoding" in n])
    nodes += _output_nodes("logits", [folder.source(n) for n in outputs if "ClassPredictor" in n])
    made = helper.make_graph(
        nodes,
        "ssdlite_vehicles",
        [helper.make_tensor_value_info("rgb", TensorProto.UINT8, [1, PUBLISHED_PX, PUBLISHED_PX, 3])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, [ANCHORS, 4]) for n in ("boxes", "logits")],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _input_nodes(network_input: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("Cast", ["rgb"], ["rgb_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["rgb_float", "scale"], ["rgb_scaled"]),
        helper.make_node("Sub", ["rgb_scaled", "one"], ["rgb_centred"]),
        helper.make_node("Transpose", ["rgb_centred"], [network_input], perm=[0, 3, 1, 2]),
    ]


def _node(step: _Step, constants: dict[str, Any], pruned: bool) -> onnx.NodeProto:
    if step.weights is None or step.biases is None:
        limits = ["lowest", "highest"] if step.kind == "Clip" else []
        return helper.make_node(step.kind, [*step.inputs, *limits], [step.output])
    weights, biases = step.weights, step.biases
    if pruned:
        boxes = len(weights) // COCO_CLASSES
        kept = [box * COCO_CLASSES + column for box in range(boxes) for column in COCO_IDS.values()]
        weights, biases = weights[kept], biases[kept]
    name = f"convolution_{len(constants)}"
    constants[f"{name}_weights"] = weights.astype(np.float32)
    constants[f"{name}_biases"] = biases.astype(np.float32)
    inputs = [*step.inputs, f"{name}_weights", f"{name}_biases"]
    return helper.make_node("Conv", inputs, [step.output], name=name, **step.attributes)


def _output_nodes(name: str, maps: list[str]) -> list[onnx.NodeProto]:
    nodes = []
    for number, source in enumerate(maps):
        turned, rows = f"{name}_{number}_turned", f"{name}_{number}"
        nodes.append(helper.make_node("Transpose", [source], [turned], perm=[0, 2, 3, 1]))
        nodes.append(helper.make_node("Reshape", [turned, "rows_of_4"], [rows]))
    rows_of_all = [f"{name}_{number}" for number in range(len(maps))]
    return [*nodes, helper.make_node("Concat", rows_of_all, [name], axis=0)]
