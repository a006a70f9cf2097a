"""What kind of vehicle a crop shows, by EfficientNet-Lite0's ImageNet classes.

Input is RGB, 224 x 224, (x - 127) / 128, channels first; of the 1000 classes only vehicles count here.
"""

from __future__ import annotations

import cv2
import numpy as np

from edge.frames import Picture
from edge.runtime import open_session
from edge.weights import Weights

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
        self._session = open_session(weights.path("efficientnet_lite0_imagenet_224.onnx"), threads)

    def odds(self, bgr: Picture) -> dict[str, float]:
        """For each of KINDS the probability that ImageNet's classes give it; they need not sum to one."""
        small = cv2.resize(bgr, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA)
        rgb = (cv2.cvtColor(small, cv2.COLOR_BGR2RGB).astype(np.float32) - 127) / 128
        (probabilities,) = self._session.run(["prob"], {"input": rgb.transpose(2, 0, 1)[None]})
        return {kind: float(probabilities[0, list(classes)].sum()) for kind, classes in KINDS.items()}
