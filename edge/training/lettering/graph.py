"""The text detector's ONNX graph in TensorFlow, so that its weights can be taught and written back.

Only what this network is made of is known: convolutions, sums, products and a few more, in 32 bits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import tensorflow as tf
from numpy.typing import NDArray
from onnx import numpy_helper

Array = NDArray[np.float32]
_TAUGHT = ("Conv", "ConvTranspose", "Add", "Mul", "Div")
_DEPTHWISE, _FULL = (2, 3, 0, 1), (2, 3, 1, 0)
"""ONNX's order of a convolution's axes (out, in, down, across) as TensorFlow has them, by kind."""


class UnknownStepError(ValueError):
    """The graph has a step that this does not know; it is another network."""


class DetectorGraph:
    """The network in `path`, with each weight as a variable."""

    def __init__(self, path: Path) -> None:
        self._model = onnx.load(str(path))
        graph = self._model.graph
        self._constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self._same: dict[str, str] = {}
        self._nodes: list[onnx.NodeProto] = []
        for node in graph.node:
            source = self._named(node.input[0])
            if node.op_type == "Identity" and source in self._constants:
                self._same[node.output[0]] = source
            else:
                self._nodes.append(node)
        self.variables = {
            name: tf.Variable(self._turned(name, node)) for name, node in self._taught().items()
        }

    def __call__(self, pictures: Any) -> Any:
        """Logits (N x H x W) of lettering for pictures (N x H x W x 3, as the network takes them)."""
        known: dict[str, Any] = {self._model.graph.input[0].name: pictures}
        for node in self._nodes:
            if node.op_type == "Sigmoid":
                return self._value(known, node.input[0])[..., 0]
            values = [self._value(known, name) for name in node.input if name]
            known[node.output[0]] = _step(node, values)
        raise UnknownStepError("the network ends without a sigmoid; it is not a DB text detector")

    def written(self) -> onnx.ModelProto:
        """The ONNX model with the weights as they are now."""
        model = onnx.ModelProto.FromString(self._model.SerializeToString())
        nodes = self._taught()
        for one in model.graph.initializer:
            if one.name in self.variables:
                value = self._turned_back(one.name, nodes[one.name])
                one.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), one.name))
        return model

    def _named(self, name: str) -> str:
        return self._same.get(name, name)

    def _value(self, known: dict[str, Any], name: str) -> Any:
        if (source := self._named(name)) in known:
            return known[source]
        if source in self.variables:
            return self.variables[source]
        constant = self._constants[source]
        return constant.reshape(()) if constant.size == 1 else constant

    def _taught(self) -> dict[str, onnx.NodeProto]:
        """The weights by name, each with a step that uses it."""
        found: dict[str, onnx.NodeProto] = {}
        for node in self._nodes:
            for name in map(self._named, node.input):
                value = self._constants.get(name)
                if (
                    value is not None
                    and value.dtype == np.float32
                    and value.size > 1
                    and node.op_type in _TAUGHT
                ):
                    found.setdefault(name, node)
        return found

    def _turned(self, name: str, node: onnx.NodeProto) -> Array:
        value = np.asarray(self._constants[name], np.float32)
        turned = value.ndim == 4 and "Conv" in node.op_type
        return np.asarray(value.transpose(_axes(node)) if turned else value.reshape(-1), np.float32)

    def _turned_back(self, name: str, node: onnx.NodeProto) -> Array:
        shape, value = self._constants[name].shape, self.variables[name].numpy()
        turned = len(shape) == 4 and "Conv" in node.op_type
        return np.asarray(value.transpose(np.argsort(_axes(node))) if turned else value.reshape(shape))


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}


def _axes(node: onnx.NodeProto) -> tuple[int, ...]:
    return _DEPTHWISE if _attributes(node).get("group", 1) > 1 else _FULL


def _step(node: onnx.NodeProto, values: list[Any]) -> Any:
    """What one step makes of its inputs, channels last."""
    first, kind, said = values[0], node.op_type, _attributes(node)
    if kind in ("Add", "Mul", "Div"):
        return {"Add": tf.add, "Mul": tf.multiply, "Div": tf.divide}[kind](first, values[1])
    if kind in ("Conv", "ConvTranspose"):
        made = _convolved(first, values[1], said) if kind == "Conv" else _enlarged(first, values[1])
        return made + values[2] if len(values) > 2 else made
    if kind in ("GlobalAveragePool", "ReduceMean"):
        return tf.reduce_mean(first, [1, 2], keepdims=True)
    if kind == "Concat":
        return tf.concat(values, 3)
    if kind == "MaxPool":
        return tf.nn.max_pool2d(first, said["kernel_shape"], said["strides"], "SAME")
    if kind == "HardSigmoid":
        return tf.clip_by_value(first * said.get("alpha", 0.2) + said.get("beta", 0.5), 0, 1)
    if kind == "Resize":
        times = round(float(values[-1][-1]))
        return tf.repeat(tf.repeat(first, times, 1), times, 2)
    if kind in ("Relu", "Erf", "Identity"):
        return {"Relu": tf.nn.relu, "Erf": tf.math.erf, "Identity": tf.identity}[kind](first)
    raise UnknownStepError(f"{kind} is not a step of this text detector; is it another network?")


def _convolved(pictures: Any, weights: Any, said: dict[str, Any]) -> Any:
    padding, strides = "SAME" if said.get("auto_pad") == b"SAME_UPPER" else "VALID", said["strides"]
    if any(pads := said.get("pads", ())):
        top, left, bottom, right = pads
        pictures = tf.pad(pictures, [[0, 0], [top, bottom], [left, right], [0, 0]])
    if said.get("group", 1) > 1:
        return tf.nn.depthwise_conv2d(pictures, weights, [1, *strides, 1], padding)
    return tf.nn.conv2d(pictures, weights, strides, padding)


def _enlarged(pictures: Any, weights: Any) -> Any:
    count, height, width = (tf.shape(pictures)[axis] for axis in range(3))
    return tf.nn.conv2d_transpose(
        pictures, weights, [count, 2 * height, 2 * width, weights.shape[2]], 2, "VALID"
    )
