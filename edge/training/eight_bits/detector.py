"""Makes the detector that ships from the published weights.

    .venv-train/bin/python -m edge.training.eight_bits.detector --published ssdlite_mobilenet_v2_coco_300.onnx

folds and prunes them (`edge.training.eight_bits.fold`; refused where that changes an answer), then brings all
but the heads to 8 bits and lets the network take wide pictures as well. Writes `edge/models`' file; the same
input gives the same network.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime as ort

from edge.training.eight_bits.film import Picture, film_pictures
from edge.training.eight_bits.fold import COCO_CLASSES, folded
from edge.training.eight_bits.quantise import quantise
from edge.vehicles.anchors import PUBLISHED_PX
from edge.vehicles.detect import COCO_IDS, NETWORK
from edge.weights import SHIPPED

HEAD_CONVOLUTIONS = 24
"""The last convolutions of the graph: their answers are the boxes and scores themselves."""
LARGEST_DIFFERENCE = 1e-4
PICTURES = 100


class FoldedDiffersError(RuntimeError):
    """The folded network does not answer as the published one does."""


def largest_difference(published: Path, made: Path, pictures: list[Picture]) -> float:
    """The largest difference of any box offset or logit between the two networks."""
    before, after = ort.InferenceSession(published), ort.InferenceSession(made)
    names = [output.name for output in before.get_outputs()]
    network_input = before.get_inputs()[0].name
    differences = [0.0]
    for picture in pictures:
        maps = before.run(names, {network_input: picture[None].astype(np.float32) * (2 / 255) - 1})
        by_name = dict(zip(names, maps, strict=True))
        boxes = np.concatenate([m.reshape(-1, 4) for n, m in by_name.items() if "BoxEncoding" in n])
        scores = [m.reshape(-1, COCO_CLASSES) for n, m in by_name.items() if "ClassPredictor" in n]
        logits = np.concatenate(scores)[:, list(COCO_IDS.values())]
        new_boxes, new_logits = after.run(["boxes", "logits"], {"rgb": picture[None]})
        differences += [float(np.abs(boxes - new_boxes).max()), float(np.abs(logits - new_logits).max())]
    return max(differences)


def of_any_size(square: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with a free height and width; its convolutions pad themselves."""
    model = onnx.ModelProto()
    model.CopyFrom(square)
    del model.graph.value_info[:]
    for axis, name in ((1, "height"), (2, "width")):
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_param = name
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[0].dim_param = "anchors"
    onnx.checker.check_model(model)
    return model


def convert(published: Path, to: Path) -> None:
    """Write the detector that ships. Raises FoldingError and FoldedDiffersError."""
    pictures = film_pictures(PICTURES, PUBLISHED_PX)
    with TemporaryDirectory() as folder:
        plain, square = Path(folder, "plain.onnx"), Path(folder, "square.onnx")
        onnx.save(folded(onnx.load(published)), plain)
        difference = largest_difference(published, plain, pictures[:8])
        if difference > LARGEST_DIFFERENCE:
            raise FoldedDiffersError(f"folding changed an answer by {difference:.6f}; nothing was written")
        quantise(plain, square, [{"rgb": picture[None]} for picture in pictures], HEAD_CONVOLUTIONS)
        onnx.save(of_any_size(onnx.load(square)), to)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m edge.training.eight_bits.detector", description=__doc__)
    parser.add_argument("--published", type=Path, required=True, help="the conversion from COCO-SSD")
    convert(parser.parse_args().published, SHIPPED / NETWORK)
    print(f"wrote {NETWORK}; put its sha256 into edge/models/SHA256SUMS and README.md")
