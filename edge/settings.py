"""What the picture pipeline can be told, and the models it works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2

from edge.plates.general_reader import GeneralReader
from edge.plates.localise import PlateLocaliser
from edge.plates.read import PlateReader, UkReader
from edge.vehicles.detect import VehicleDetector
from edge.vehicles.vehicle_type import VehicleType
from edge.vehicles.view import EVERYTHING, View
from edge.weights import Weights


@dataclass(frozen=True)
class PipelineSettings:
    """Settings of one camera's pipeline.

    `keep_all_plates` reads vehicles that are no HGVs too: for measuring only, never on a camera unit.
    `looks_per_s` pictures are looked at for motion.
    """

    hgv_from: float = 0.5
    grammar: Literal["gb", "none"] = "gb"
    view: View = EVERYTHING
    keep_all_plates: bool = False
    looks_per_s: float = 15.0
    most_looks: int = 6
    least_agreeing_looks: int = 2


@dataclass(frozen=True)
class Models:
    """The networks; several cameras of one process share them."""

    detector: VehicleDetector
    vehicle_type: VehicleType
    localiser: PlateLocaliser
    readers: tuple[PlateReader, ...]


def load_models(weights: Weights, threads: int = 1) -> Models:
    """All networks with `threads` threads each, OpenCV with as many.

    Raises ModelError when a network is missing or altered.
    """
    cv2.setNumThreads(threads)
    return Models(
        detector=VehicleDetector(weights, threads),
        vehicle_type=VehicleType(weights, threads),
        localiser=PlateLocaliser(weights, threads),
        readers=(GeneralReader(weights, threads), UkReader(weights, threads)),
    )
