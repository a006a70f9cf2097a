"""Finds vehicles in a picture with SSDLite, on the whole frame and on square tiles where asked.

The network is SSDLite-MobileNetV2 at 300 x 300 (COCO); its raw maps are decoded here: anchors as
(ymin, xmin, ymax, xmax) on the unit square, box scales 10/10/5/5, a sigmoid per class.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.detections import CLASSES, Detections, join, suppress
from edge.errors import ModelError
from edge.frames import Picture
from edge.runtime import open_session
from edge.weights import Weights

COCO_IDS = {"car": 3, "motorcycle": 4, "bus": 6, "truck": 8}
INPUT_PX = 300
MAPS = 6
CENTRE_SCALE, SIZE_SCALE = 10.0, 5.0
WIDE = 1.4
"""A region is cut into tiles from this width to height on."""
TILE_OVERLAP = 0.1
WHOLE = (0.0, 0.0, 1.0, 1.0)

Box = tuple[float, float, float, float]


class VehicleDetector:
    """SSDLite over a picture: boxes from `least_score` on, one vehicle from an IoU of `overlap` on."""

    def __init__(
        self, weights: Weights, threads: int, least_score: float = 0.3, overlap: float = 0.5
    ) -> None:
        self._session = open_session(weights.path("ssdlite_mobilenet_v2_coco_300.onnx"), threads)
        anchors: NDArray[np.float32] = np.load(weights.path("ssdlite_anchors_yxyx.npy"))
        self._centres = (anchors[:, :2] + anchors[:, 2:]) / 2
        self._sizes = anchors[:, 2:] - anchors[:, :2]
        self._outputs = [
            f"BoxPredictor_{i}/{kind}/BiasAdd"
            for kind in ("BoxEncodingPredictor", "ClassPredictor")
            for i in range(MAPS)
        ]
        known = {output.name for output in self._session.get_outputs()}
        if not known.issuperset(self._outputs):
            raise ModelError(
                "the detector's weights are not SSDLite-MobileNetV2 as shipped: its output maps differ"
            )
        self._columns = [COCO_IDS[name] for name in CLASSES]
        self._least_score, self._overlap = least_score, overlap

    def detect(self, bgr: Picture, regions: Sequence[Box] = (WHOLE,)) -> Detections:
        """Vehicles in `bgr` (H x W x 3), looked for in each of `regions` (x1, y1, x2, y2 in parts of it).

        The first region sees everything that counts; of the others, boxes cut by their edges are left out.
        """
        found = [self._in_region(bgr, region, keep_cut=not i) for i, region in enumerate(regions)]
        return suppress(join(found), self._overlap)

    def _in_region(self, bgr: Picture, region: Box, keep_cut: bool) -> Detections:
        height, width = bgr.shape[:2]
        x1, y1 = round(region[0] * width), round(region[1] * height)
        part = bgr[y1 : round(region[3] * height), x1 : round(region[2] * width)]
        boxes, scores = self._raw(part)
        best = scores.max(axis=1)
        kept = best >= self._least_score
        scale = np.array([part.shape[1], part.shape[0]] * 2, np.float32)
        shifted = np.clip(boxes[kept], 0, 1) * scale + np.array([x1, y1, x1, y1], np.float32)
        whole = ((shifted[:, 2] - shifted[:, 0]) >= 2) & ((shifted[:, 3] - shifted[:, 1]) >= 2)
        if not keep_cut:
            whole &= ~_cut(shifted, (x1, y1, x1 + part.shape[1], y1 + part.shape[0]), (width, height))
        return Detections(shifted[whole].astype(np.float32), scores[kept][whole])

    def _raw(self, part: Picture) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Boxes (1917 x 4, x1 y1 x2 y2 on the unit square) and class scores (1917 x 4) of one part."""
        small = cv2.resize(part, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA)
        rgb = cv2.cvtColor(small, cv2.COLOR_BGR2RGB).astype(np.float32) * (2 / 255) - 1
        maps = self._session.run(self._outputs, {"Preprocessor/sub": rgb[None]})
        offsets = np.concatenate([m.reshape(-1, 4) for m in maps[:MAPS]])
        logits = np.concatenate([m.reshape(-1, 91)[:, self._columns] for m in maps[MAPS:]])
        centres = offsets[:, :2] / CENTRE_SCALE * self._sizes + self._centres
        half = np.exp(offsets[:, 2:] / SIZE_SCALE) * self._sizes / 2
        yxyx = np.concatenate([centres - half, centres + half], axis=1)
        return yxyx[:, [1, 0, 3, 2]].astype(np.float32), (1 / (1 + np.exp(-logits))).astype(np.float32)


def _cut(
    boxes: NDArray[np.float32], region_px: tuple[int, ...], size_px: tuple[int, int]
) -> NDArray[np.bool_]:
    """Which boxes end at an edge of the region that is not the picture's: another sees more of them."""
    near_px = 0.02 * (region_px[2] - region_px[0])
    x1, y1, x2, y2 = region_px
    left = (boxes[:, 0] < x1 + near_px) & (x1 > 0)
    top = (boxes[:, 1] < y1 + near_px) & (y1 > 0)
    right = (boxes[:, 2] > x2 - near_px) & (x2 < size_px[0])
    bottom = (boxes[:, 3] > y2 - near_px) & (y2 < size_px[1])
    cut: NDArray[np.bool_] = left | top | right | bottom
    return cut


def search_regions(width_px: int, height_px: int, region: Box = WHOLE) -> list[Box]:
    """Where to look in a picture of that size: the region itself, then squares as high as it that cover it.

    A wide region squeezed into the network's square loses the small vehicles; a square one needs no tiles.
    """
    x1, y1, x2, y2 = region
    side = (y2 - y1) * height_px / width_px
    if side * WIDE >= x2 - x1:
        return [region]
    count = int(np.ceil((x2 - x1 - side) / (side * (1 - TILE_OVERLAP)))) + 1
    return [region, *((float(x), y1, float(x) + side, y2) for x in np.linspace(x1, x2 - side, count))]
