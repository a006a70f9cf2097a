"""Makes the detector that ships from the published weights.

    .venv-train/bin/python -m edge.training.detector.convert --published ssdlite_mobilenet_v2_coco_300.onnx

folds and prunes them (`edge.training.detector.fold`; refused where that changes an answer), then brings all
but the heads to 8 bits, with ranges measured on the project's own film. Writes `edge/models`' file; the same
input gives the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import cv2
import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from edge.detect import COCO_IDS, INPUT_PX, NETWORK
from edge.training.detector.fold import COCO_CLASSES, folded

ROOT = Path(__file__).parents[3]
FILM = ROOT / "deploy/demo/film/clips"
SHIPPED = ROOT / "edge/models" / NETWORK
HEAD_CONVOLUTIONS = 24
"""The last convolutions of the graph: their answers are the boxes and scores themselves."""
LARGEST_DIFFERENCE = 1e-4
_EVERY_FRAME = 12
_PICTURES = 100

Picture = NDArray[np.uint8]


class FoldedDiffersError(RuntimeError):
    """The folded network does not answer as the published one does."""


class _Calibration(CalibrationDataReader):  # type: ignore[misc] - onnxruntime.quantization has no types
    def __init__(self, pictures: list[Picture]) -> None:
        self._left = iter(pictures)

    def get_next(self) -> dict[str, Picture] | None:
        picture = next(self._left, None)
        return None if picture is None else {"rgb": picture[None]}


def film_pictures() -> list[Picture]:
    """Whole frames and squares of the rendered film, 300 x 300 RGB, in a fixed order drawn by lot."""
    pictures = [part for clip in sorted(FILM.glob("*.mp4")) for part in _parts(clip)]
    order = np.random.default_rng(0).permutation(len(pictures))[:_PICTURES]
    return [pictures[i] for i in order]


def _parts(clip: Path) -> Iterator[Picture]:
    with av.open(str(clip)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % _EVERY_FRAME:
                continue
            rgb = frame.to_ndarray(format="rgb24")
            height, width = rgb.shape[:2]
            lefts = (0, (width - height) // 2, width - height)
            for part in (rgb, *(rgb[:, left : left + height] for left in lefts)):
                small = cv2.resize(part, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA)
                yield np.asarray(small, np.uint8)


def largest_difference(published: Path, made: Path, pictures: list[Picture]) -> float:
    """The largest difference of any box offset or logit between the two networks."""
    before, after = ort.InferenceSession(published), ort.InferenceSession(made)
    names = [output.name for output in before.get_outputs()]
    differences = [0.0]
    for picture in pictures:
        maps = before.run(names, {before.get_inputs()[0].name: picture[None].astype(np.float32) * (2 / 255) - 1})
        by_name = dict(zip(names, maps, strict=True))
        boxes = np.concatenate([m.reshape(-1, 4) for n, m in by_name.items() if "BoxEncoding" in n])
        scores = [m.reshape(-1, COCO_CLASSES) for n, m in by_name.items() if "ClassPredictor" in n]
        logits = np.concatenate(scores)[:, list(COCO_IDS.values())]
        new_boxes, new_logits = after.run(["boxes", "logits"], {"rgb": picture[None]})
        differences += [float(np.abs(boxes - new_boxes).max()), float(np.abs(logits - new_logits).max())]
    return max(differences)


def convert(published: Path, to: Path) -> None:
    """Write the detector that ships. Raises FoldingError and FoldedDiffersError."""
    pictures = film_pictures()
    with TemporaryDirectory() as folder:
        plain, prepared = Path(folder, "plain.onnx"), Path(folder, "prepared.onnx")
        onnx.save(folded(onnx.load(published)), plain)
        difference = largest_difference(published, plain, pictures[:8])
        if difference > LARGEST_DIFFERENCE:
            raise FoldedDiffersError(f"folding changed an answer by {difference:.6f}; nothing was written")
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        convolutions = [n.name for n in onnx.load(prepared).graph.node if n.op_type == "Conv"]
        quantize_static(
            prepared,
            to,
            _Calibration(pictures),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv", "Add", "Clip"],
            nodes_to_exclude=convolutions[-HEAD_CONVOLUTIONS:],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m edge.training.detector.convert", description=__doc__)
    parser.add_argument("--published", type=Path, required=True, help="the conversion from COCO-SSD")
    convert(parser.parse_args().published, SHIPPED)
    print(f"wrote {SHIPPED}; put its sha256 into edge/models/SHA256SUMS and its README")
