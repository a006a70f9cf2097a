"""The naive chain, as the baseline of cost: every network on every frame, on all of it.

SSDLite on the whole frame, the PP-OCRv6 text detector at 736 px on each vehicle's crop, PP-OCRv6's general
reader on each line of lettering. Which text is the plate it does not say: whoever scores it picks the best
with hindsight. It is written apart from `edge` so that it stays as it is while the pipeline changes. Its text
detector is the tiny one that travels with the project, the cheaper of the two. What the project does not
ship, or no longer, is looked for in ../shared/models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from edge.frames import Picture
from edge.weights import SHIPPED

VEHICLES = (3, 4, 6, 8)
"""COCO's car, motorcycle, bus and truck."""
LEAST_SCORE, OVERLAP = 0.3, 0.5
TEXT_SIDE_PX, STRIDE_PX = 736, 32
LETTERING, GROWN_BY = 0.3, 1.6
LINE_HEIGHT_PX = 48

ROOT = Path(__file__).parents[2]
WEIGHTS = (SHIPPED, ROOT / "edge/training/lettering", ROOT.parent / "shared" / "models")

Box = tuple[int, int, int, int]


class WeightsNotHereError(Exception):
    """A network of the naive chain is not on this machine."""


@dataclass(frozen=True)
class NaiveRead:
    """A vehicle's box and every text on it, in capitals and digits."""

    box_px: Box
    texts: tuple[str, ...]


class NaiveChain:
    """The chain on one thread. Raises WeightsNotHereError."""

    def __init__(self, folders: Sequence[Path] = WEIGHTS) -> None:
        self._vehicles = _session(folders, "ssdlite_mobilenet_v2_coco_300.onnx")
        self._anchors: NDArray[np.float32] = np.load(_found(folders, "ssdlite_anchors_yxyx.npy"))
        self._text = _session(folders, "PP-OCRv6_det_tiny.onnx")
        self._reader = _session(folders, "PP-OCRv6_rec_small.onnx")
        known = self._reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *known, " "]

    def read(self, bgr: Picture) -> list[NaiveRead]:
        """Every vehicle in the picture with its texts."""
        crops = [(box, bgr[box[1] : box[3], box[0] : box[2]]) for box in self._boxes(bgr)]
        return [NaiveRead(box, tuple(map(self._text_of, self._lines(crop)))) for box, crop in crops]

    def _boxes(self, bgr: Picture) -> list[Box]:
        small = cv2.cvtColor(cv2.resize(bgr, (300, 300)), cv2.COLOR_BGR2RGB).astype(np.float32)
        names = [
            f"BoxPredictor_{i}/{kind}/BiasAdd"
            for kind in ("BoxEncodingPredictor", "ClassPredictor")
            for i in range(6)
        ]
        maps = self._vehicles.run(names, {"Preprocessor/sub": small[None] * (2 / 255) - 1})
        offsets = np.concatenate([one.reshape(-1, 4) for one in maps[:6]])
        logits = np.concatenate([one.reshape(-1, 91)[:, VEHICLES] for one in maps[6:]])
        scores = 1 / (1 + np.exp(-logits.max(axis=1)))
        sizes = self._anchors[:, 2:] - self._anchors[:, :2]
        centres = (self._anchors[:, :2] + self._anchors[:, 2:]) / 2 + offsets[:, :2] / 10 * sizes
        sizes = sizes * np.exp(offsets[:, 2:] / 5)
        height, width = bgr.shape[:2]
        xywh = np.concatenate([centres - sizes / 2, sizes], axis=1)[:, [1, 0, 3, 2]]
        xywh = xywh * np.array([width, height] * 2)
        kept = cv2.dnn.NMSBoxes(xywh.tolist(), scores.tolist(), LEAST_SCORE, OVERLAP)
        return [box for i in np.ravel(kept) if (box := _inside(xywh[int(i)], width, height)) is not None]

    def _lines(self, crop: Picture) -> list[Picture]:
        """Each line of lettering in the crop, straightened."""
        height, width = crop.shape[:2]
        scale = TEXT_SIDE_PX / max(height, width)
        size = tuple(max(1, round(side * scale / STRIDE_PX)) * STRIDE_PX for side in (width, height))
        tensor = cv2.resize(crop, size).astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
        (maps,) = self._text.run(None, {"x": tensor})
        back = np.array([width / size[0], height / size[1]], np.float32)
        regions = (maps[0, 0] > LETTERING).astype(np.uint8)
        found, _ = cv2.findContours(regions, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        return [_straight(crop, cv2.minAreaRect(one), back) for one in found if cv2.contourArea(one) > 16]

    def _text_of(self, line: Picture) -> str:
        height, width = line.shape[:2]
        wanted = int(np.clip(width * LINE_HEIGHT_PX / height, LINE_HEIGHT_PX, 320))
        small = cv2.resize(line, (wanted, LINE_HEIGHT_PX)).astype(np.float32) / 127.5 - 1
        (odds,) = self._reader.run(None, {"x": small.transpose(2, 0, 1)[None]})
        best = odds[0].argmax(axis=1)
        steps = [i for i, c in enumerate(best) if c and (i == 0 or c != best[i - 1])]
        text = "".join(self._characters[best[i]] for i in steps).upper()
        return "".join(c for c in text if c.isascii() and c.isalnum())


def _found(folders: Sequence[Path], name: str) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise WeightsNotHereError(f"{name} is in none of {', '.join(map(str, folders))}")


def _session(folders: Sequence[Path], name: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(_found(folders, name), options, providers=["CPUExecutionProvider"])


def _inside(xywh: NDArray[np.floating], width: int, height: int) -> Box | None:
    x1, y1 = max(0, int(xywh[0])), max(0, int(xywh[1]))
    x2, y2 = min(width, int(xywh[0] + xywh[2])), min(height, int(xywh[1] + xywh[3]))
    return (x1, y1, x2, y2) if x2 - x1 > 1 and y2 - y1 > 1 else None


def _straight(
    crop: Picture, turned: tuple[Sequence[float], Sequence[float], float], back: NDArray[np.float32]
) -> Picture:
    centre, (one, other), angle = turned
    grow = one * other * GROWN_BY / max(1.0, one + other)
    corners = cv2.boxPoints((centre, (one + grow, other + grow), angle)) * back
    across = corners[np.argsort(corners.sum(axis=1))]
    first, last = across[0], across[-1]
    right, left = sorted(across[1:3], key=lambda corner: corner[1] - corner[0])
    wide = max(8, round(float(np.linalg.norm(right - first))))
    tall = max(8, round(float(np.linalg.norm(left - first))))
    target = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    turn = cv2.getPerspectiveTransform(np.array([first, right, last, left], np.float32), target)
    return np.asarray(cv2.warpPerspective(crop, turn, (wide, tall)), np.uint8)
