"""Brings a network's convolutions to 8 bits: one scale for each channel's weights, ranges by calibration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process


class _Calibration(CalibrationDataReader):  # type: ignore[misc]  # the library has no types
    def __init__(self, inputs: Sequence[dict[str, NDArray[Any]]]) -> None:
        self._left = iter(inputs)

    def get_next(self) -> dict[str, NDArray[Any]] | None:
        return next(self._left, None)


def quantise(plain: Path, to: Path, inputs: Sequence[dict[str, NDArray[Any]]], last_kept: int = 0) -> None:
    """Write `plain` in 8 bits to `to`; its last `last_kept` convolutions stay as they are."""
    with TemporaryDirectory() as folder:
        prepared = Path(folder, "prepared.onnx")
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        graph = onnx.load(prepared)
        convolutions = [node for node in graph.graph.node if node.op_type == "Conv"]
        for number, node in enumerate(convolutions):
            node.name = f"convolution_{number}"
        onnx.save(graph, prepared)
        quantize_static(
            prepared,
            to,
            _Calibration(inputs),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv", "Add", "Clip"],
            nodes_to_exclude=[node.name for node in convolutions[len(convolutions) - last_kept :]],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
