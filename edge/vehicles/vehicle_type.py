"""What kind of vehicle a crop shows, by EfficientNet-Lite0's ImageNet classes.

Input is RGB, 224 x 224, (x - 127) / 128, channels first; of the 1000 classes only vehicles count here.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import BoxPx, Frame, Picture, as_picture
from edge.runtime import open_session
from edge.weights import Weights

NETWORK = "efficientnet_lite0_imagenet_224_int8.onnx"
INPUT_PX = 224

KINDS: dict[str, tuple[int, ...]] = {
    "lorry": (555, 569, 675, 864, 867),  # fire engine, garbage truck, moving van, tow truck, trailer truck
    "coach": (654, 779, 874),  # minibus, school bus, trolleybus
    "light": (
        407,
        609,
        656,
        717,
        734,
        757,
    ),  # ambulance, jeep, minivan, pickup, police van, recreational vehicle
    "car": (
        436,
        468,
        511,
        581,
        627,
        661,
        751,
        817,
    ),  # estate, cab, convertible, grille, limousine, old, racer, sports
}
"""ImageNet class numbers by what they mean on a road."""


class VehicleType:
    """EfficientNet-Lite0 over the crop of one vehicle."""

    def __init__(self, weights: Weights, threads: int) -> None:
        self._session = open_session(weights.path(NETWORK), threads)

    def odds(self, frame: Frame, box_px: BoxPx) -> dict[str, float]:
        """For each of KINDS the probability that ImageNet's classes give the box; they need not add up."""
        bgr = frame.colour.shrunk(box_px, (INPUT_PX, INPUT_PX))
        rgb = as_picture(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
        (probabilities,) = self._session.run(["prob"], {"input": network_input(rgb)})
        return {kind: float(probabilities[0, list(classes)].sum()) for kind, classes in KINDS.items()}


def network_input(rgb: Picture) -> NDArray[np.float32]:
    """A picture of INPUT_PX squared as the network takes it: 1 x 3 x height x width."""
    return np.asarray((rgb.astype(np.float32).transpose(2, 0, 1)[None] - 127) / 128, np.float32)
