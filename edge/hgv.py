"""How much a vehicle looks like an HGV: detector and type model fused over all its looks.

The score is a logistic of two differences, each a mean over the track in which a look weighs by its
area: the detector's truck against car and bus, and the type model's lorry against light vehicles and coaches.
Buses and coaches lose in both; a detector that calls a lorry "bus" is outvoted by the type model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from edge.detections import CLASSES

OFFSET = -0.6
TRUCK_OVER_CAR, BUS_OVER_TRUCK = 3.0, -2.5
LORRY, NO_LORRY = 2.0, -8.0
"""The type model often knows no name for a lorry, but seldom that of a light vehicle: on 36 lorries of the
measuring stills those and coaches had 0.16 together at most, on vans 0.4 and more."""


@dataclass
class HgvEvidence:
    """What has been seen of one vehicle so far; sums only, so it stays as small as it begins."""

    detector_weight: float = 0.0
    detector_sum: float = 0.0
    type_weight: float = 0.0
    type_sum: float = 0.0
    class_sums: list[float] = field(default_factory=lambda: [0.0] * 4)

    def add_detection(self, class_scores: tuple[float, float, float, float], size_px: float) -> None:
        """One detection: scores in the order of `edge.detections.CLASSES`, `size_px` the box's mean side."""
        car, _, bus, truck = class_scores
        said = TRUCK_OVER_CAR * (truck - car) + BUS_OVER_TRUCK * max(bus - truck, 0.0)
        weight = size_px**2
        self.detector_sum += weight * said
        self.detector_weight += weight
        self.class_sums = [
            total + weight * score for total, score in zip(self.class_sums, class_scores, strict=True)
        ]

    def add_type(self, odds: dict[str, float], size_px: float) -> None:
        """One look at the type model: probability of each of `edge.vehicle_type.KINDS`."""
        said = LORRY * odds["lorry"] + NO_LORRY * (odds["light"] + odds["coach"] + odds["car"])
        self.type_sum += size_px**2 * said
        self.type_weight += size_px**2

    @property
    def hgv(self) -> float:
        """The fused score, 0 to 1; 0 before anything was seen."""
        if not self.detector_weight:
            return 0.0
        logit = OFFSET + self.detector_sum / self.detector_weight
        if self.type_weight:
            logit += self.type_sum / self.type_weight
        return 1 / (1 + math.exp(-logit))

    @property
    def plainly_light(self) -> bool:
        """Whether the detector alone leaves no doubt, so that the type model need not be asked."""
        return bool(self.detector_weight) and OFFSET + self.detector_sum / self.detector_weight < -2.5

    def vehicle_class(self, hgv_from: float) -> str:
        """ "hgv" from `hgv_from` on, else the detector's class; a "truck" that is no HGV is a van."""
        if self.hgv >= hgv_from:
            return "hgv"
        best = CLASSES[max(range(4), key=lambda i: self.class_sums[i])]
        return "van" if best == "truck" else best

    @property
    def detector_score(self) -> float:
        """The mean of the detector's best class, 0 to 1."""
        return max(self.class_sums) / self.detector_weight if self.detector_weight else 0.0
