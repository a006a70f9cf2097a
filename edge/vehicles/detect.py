"""Finds vehicles in parts of a picture with SSDLite.

The network is SSDLite-MobileNetV2 (COCO), folded, pruned to the classes that count, brought to 8 bits and
freed of its square (`edge.training.eight_bits`); its raw maps are decoded here: box scales 10/10/5/5, a
sigmoid per class. What it is shown, and how large, is chosen in `edge.vehicles.shown`.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.errors import ModelError
from edge.frames import Frame, Picture
from edge.runtime import open_session
from edge.vehicles.anchors import Anchors
from edge.vehicles.detections import NONE, Detections, join, suppress
from edge.vehicles.region import WHOLE, Region, region_px
from edge.vehicles.shown import Shown, SizePx
from edge.weights import Weights

NETWORK = "ssdlite_mobilenet_v2_vehicles_int8.onnx"
COCO_IDS = {"car": 3, "motorcycle": 4, "bus": 6, "truck": 8}
"""COCO's numbers of `edge.vehicles.detections.CLASSES`, in the order of the network's columns."""
CENTRE_SCALE, SIZE_SCALE = 10.0, 5.0
NOTHING = 127
"""Grey for what lies outside the picture: 0 to the network."""
LEAST_SIDE = 0.05
"""A vehicle smaller than this part of the picture's width is too far away to tell anything of."""
CUT_NEAR_PX = 6
"""A box that ends this near to the edge of what the network is shown, in its pixels, is cut by it."""


class VehicleDetector:
    """SSDLite over a picture: boxes from `least_score` on, one vehicle from an IoU of `overlap` on."""

    def __init__(
        self, weights: Weights, threads: int, least_score: float = 0.25, overlap: float = 0.5
    ) -> None:
        self._session = open_session(weights.path(NETWORK), threads)
        self._published: NDArray[np.float32] = np.load(weights.path("ssdlite_anchors_yxyx.npy"))
        self._anchors: dict[SizePx, Anchors] = {}
        shapes = {output.name: output.shape for output in self._session.get_outputs()}
        if shapes != {"boxes": ["anchors", 4], "logits": ["anchors", len(COCO_IDS)]}:
            raise ModelError(f"{NETWORK} is not the detector as shipped: its outputs are {shapes}")
        self._least_score, self._overlap = least_score, overlap

    def detect(self, frame: Frame, parts: Sequence[Shown], of: Region = WHOLE) -> Detections:
        """Vehicles in `frame`, looked for in each of `parts`.

        A part may reach out of the picture: the network sees grey there. They are parts of the region `of`;
        boxes that a side cuts beyond which that goes on are left out.
        """
        found = [self._in_part(frame, part, of) for part in parts]
        return suppress(join(found), self._overlap)

    def _in_part(self, frame: Frame, part: Shown, of: Region) -> Detections:
        picture_px = frame.width_px, frame.height_px
        seen_px = region_px(part.region, *picture_px)
        bgr = _seen_through(frame, seen_px, part.size_px)
        boxes, scores = self._decoded(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)[None], part.size_px)
        if not len(boxes):
            return NONE
        x1, y1, x2, y2 = seen_px
        boxes = np.clip(boxes, 0, 1) * np.array([x2 - x1, y2 - y1] * 2, np.float32) + np.array([x1, y1] * 2)
        boxes = np.clip(boxes, 0, np.array(picture_px * 2)).astype(np.float32)
        sides = boxes[:, 2:] - boxes[:, :2]
        whole = (sides.min(axis=1) >= 2) & (sides.max(axis=1) >= LEAST_SIDE * frame.width_px)
        whole &= ~_cut(boxes, seen_px, part.size_px, region_px(of, *picture_px))
        return Detections(boxes[whole], scores[whole])

    def _decoded(
        self, rgb: NDArray[np.generic], size_px: SizePx
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Boxes (N x 4, x1 y1 x2 y2 on the unit square) and class scores (N x 4) from `least_score` on."""
        offsets, logits = self._session.run(["boxes", "logits"], {"rgb": rgb})
        kept = np.flatnonzero((logits >= -np.log(1 / self._least_score - 1)).any(axis=1))
        anchors = self._anchors_of(size_px)
        offsets, logits, sizes = offsets[kept], logits[kept], anchors.sizes[kept]
        centres = offsets[:, :2] / CENTRE_SCALE * sizes + anchors.centres[kept]
        half = np.exp(offsets[:, 2:] / SIZE_SCALE) * sizes / 2
        yxyx = np.concatenate([centres - half, centres + half], axis=1)
        return yxyx[:, [1, 0, 3, 2]].astype(np.float32), (1 / (1 + np.exp(-logits))).astype(np.float32)

    def _anchors_of(self, size_px: SizePx) -> Anchors:
        if size_px not in self._anchors:
            self._anchors[size_px] = Anchors.of(self._published, size_px)
        return self._anchors[size_px]


def _cut(
    boxes_px: NDArray[np.float32],
    seen_px: tuple[int, int, int, int],
    size_px: SizePx,
    of_px: tuple[int, int, int, int],
) -> NDArray[np.bool_]:
    """Which boxes end where the part that was seen ends and what it is a part of goes on."""
    seen, of = np.array(seen_px), np.array(of_px)
    near_px = CUT_NEAR_PX * np.array([seen[2] - seen[0], seen[3] - seen[1]]) / size_px
    before = (boxes_px[:, :2] < seen[:2] + near_px) & (seen[:2] > of[:2])
    behind = (boxes_px[:, 2:] > seen[2:] - near_px) & (seen[2:] < of[2:])
    return np.asarray((before | behind).any(axis=1))


def _seen_through(frame: Frame, window_px: tuple[int, int, int, int], size_px: tuple[int, int]) -> Picture:
    """What the network is shown of a window: BGR of `size_px`, grey where there is no picture."""
    x1, y1, x2, y2 = window_px
    inner = max(x1, 0), max(y1, 0), min(x2, frame.width_px), min(y2, frame.height_px)
    if inner == window_px:
        return frame.colour.shrunk(window_px, size_px)
    shown = np.full((size_px[1], size_px[0], 3), NOTHING, np.uint8)
    across, down = size_px[0] / (x2 - x1), size_px[1] / (y2 - y1)
    left, right = round((inner[0] - x1) * across / 2) * 2, round((inner[2] - x1) * across / 2) * 2
    top, bottom = round((inner[1] - y1) * down / 2) * 2, round((inner[3] - y1) * down / 2) * 2
    shown[top:bottom, left:right] = frame.colour.shrunk(inner, (right - left, bottom - top))
    return shown
