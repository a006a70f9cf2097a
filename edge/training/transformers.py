"""Writes an exported transformer in the words that ONNX has for it: the same numbers in less time.

tf2onnx takes attention apart into products whose shapes are worked out at each run, and a layer's
normalisation into twelve steps; a third of a read was spent between the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
from onnx import helper, numpy_helper, version_converter

_OPSET = 17
"""The first that has a word for a layer's normalisation."""
_TURNS = ("Unsqueeze", "Squeeze", "Reshape", "Transpose")
"""Steps that only say otherwise where a number stands."""
_HEADS_FIRST, _HEADS_FIRST_TURNED = (0, 2, 1, 3), (0, 2, 3, 1)


class NotATransformerError(ValueError):
    """The network is not written as tf2onnx writes a transformer."""


def write_plainly(network: Path) -> None:
    """Rewrite the ONNX file. Raises NotATransformerError where nothing in it can be written otherwise."""
    steps = _Steps(version_converter.convert_version(onnx.load(str(network)), _OPSET))
    found = [sum(1 for _ in rewritten) for rewritten in (_normalised(steps), _attending(steps))]
    if not all(found):
        raise NotATransformerError(
            f"{network} holds {found[0]} normalisations and {found[1]} attentions; was it exported otherwise?"
        )
    _repeat_nothing(steps)
    _add_before_reshaping(steps)
    onnx.save(steps.finished(), str(network))


class _Steps:
    """A network's steps, found by what they give and by what takes it."""

    def __init__(self, model: Any) -> None:
        self._model, self._graph = model, model.graph
        self.constants = {one.name: numpy_helper.to_array(one) for one in self._graph.initializer}

    def of(self, *kinds: str) -> list[Any]:
        """All steps of some kinds."""
        return [node for node in self._graph.node if node.op_type in kinds]

    def giver(self, name: str) -> Any:
        """The step that gives `name`."""
        return next(node for node in self._graph.node if name in node.output)

    def takers(self, node: Any) -> list[Any]:
        """The steps that take what `node` gives, but those that ask for its shape only."""
        return [one for one in self._graph.node if node.output[0] in one.input and one.op_type != "Shape"]

    def taker(self, node: Any) -> Any:
        """The only one that does. Raises NotATransformerError where there are more."""
        takers = self.takers(node)
        if len(takers) != 1:
            raise NotATransformerError(f"{len(takers)} steps take {node.output[0]}, one was expected")
        return takers[0]

    def constant(self, node: Any) -> str:
        """The name of a step's constant."""
        return str(next(name for name in node.input if name in self.constants))

    def before_turns(self, name: str) -> str:
        """What `name` was before it was only turned."""
        while (node := self.giver(name)).op_type in _TURNS:
            name = node.input[0]
        return name

    def keep(self, name: str, value: Any) -> str:
        """A new constant."""
        self._graph.initializer.append(numpy_helper.from_array(value, name))
        self.constants[name] = value
        return name

    def put(self, before: Any, kind: str, given: list[str], output: str, **attributes: Any) -> str:
        """A new step before another one; gives what it gives."""
        place = list(self._graph.node).index(before)
        self._graph.node.insert(place, helper.make_node(kind, given, [output], **attributes))
        return output

    def replace(self, node: Any, kind: str, given: list[str], **attributes: Any) -> None:
        """Another step that gives what `node` gave."""
        self.put(node, kind, given, node.output[0], **attributes)
        self._graph.node.remove(node)

    def finished(self) -> Any:
        """The network without steps that nobody takes from, and checked."""
        asked = {one.name for one in self._graph.output}
        for node in reversed(list(self._graph.node)):
            if asked.isdisjoint(node.output):
                self._graph.node.remove(node)
            else:
                asked.update(node.input)
        kept = [one for one in self._graph.initializer if one.name in asked]
        del self._graph.initializer[:], self._graph.value_info[:]
        self._graph.initializer.extend(kept)
        onnx.checker.check_model(self._model)
        return self._model


def _normalised(steps: _Steps) -> Iterator[None]:
    """Each normalisation, (x - mean) / sqrt(variance + epsilon) * gamma + beta, as one step."""
    for root in steps.of("Reciprocal"):
        epsilon = steps.giver(steps.giver(root.input[0]).input[0])
        scaled = steps.taker(root)
        turned = [node for node in steps.takers(scaled) if steps.giver(node.input[0]).op_type == "Neg"]
        (straight,) = (node for node in steps.takers(scaled) if node not in turned)
        (given,) = (name for name in straight.input if name != scaled.output[0])
        moved = steps.taker(turned[0])
        parts = [
            steps.keep(f"{node.output[0]}_flat", steps.constants[steps.constant(node)].ravel())
            for node in (scaled, moved)
        ]
        least = float(steps.constants[steps.constant(epsilon)])
        steps.replace(steps.taker(moved), "LayerNormalization", [given, *parts], axis=-1, epsilon=least)
        yield


def _attending(steps: _Steps) -> Iterator[None]:
    """Each attention (N x places x heads x depth) as two products with the heads in front."""
    for odds in steps.of("Softmax"):
        scaled = steps.giver(odds.input[0])
        if scaled.op_type != "Mul":
            continue
        product = steps.giver(steps.before_turns(scaled.input[0]))
        query, key = (steps.before_turns(name) for name in product.input)
        weighing = _after_turns(steps, odds)
        value = steps.before_turns(weighing.input[1])
        back = _after_turns(steps, weighing, but="Transpose")
        likeness = steps.giver(scaled.input[0])
        turned = [
            steps.put(likeness, "Transpose", [query], f"{query}_heads", perm=_HEADS_FIRST),
            steps.put(likeness, "Transpose", [key], f"{key}_heads", perm=_HEADS_FIRST_TURNED),
        ]
        steps.replace(likeness, "MatMul", turned)
        weighed = steps.giver(back.input[0])
        steps.put(weighed, "Transpose", [value], f"{value}_heads", perm=_HEADS_FIRST)
        steps.replace(weighed, "MatMul", [odds.output[0], f"{value}_heads"])
        yield


def _after_turns(steps: _Steps, node: Any, but: str = "") -> Any:
    """The first step after `node` that does not only turn, or is of the kind `but`."""
    following = steps.taker(node)
    while following.op_type in _TURNS and following.op_type != but:
        following = steps.taker(following)
    return following


def _repeat_nothing(steps: _Steps) -> None:
    """Constants are not repeated for each picture: what takes them does so itself."""
    for node in steps.of("Expand", "Tile"):
        for taker in steps.takers(node):
            place = list(taker.input).index(node.output[0])
            taker.input[place] = node.input[0]


def _add_before_reshaping(steps: _Steps) -> None:
    """A product's bias is added before its places are told apart: ONNX Runtime does both at once then."""
    for add in steps.of("Add"):
        bias = add.input[1]
        if bias not in steps.constants or steps.constants[bias].ndim != 1:
            continue
        reshape = steps.giver(add.input[0])
        if reshape.op_type == "Reshape" and steps.giver(reshape.input[0]).op_type == "MatMul":
            together = steps.put(reshape, "Add", [reshape.input[0], bias], f"{add.output[0]}_flat")
            steps.replace(add, "Reshape", [together, reshape.input[1]])
