"""How much a vehicle looks like an HGV: detector and type model fused over all its looks.

The score is a logistic of two differences, each a mean over the track in which a look weighs by its
area: the detector's truck against car and bus, and the type model's lorry against light vehicles and coaches.
Buses and coaches lose in both; a detector that calls a lorry "bus" is outvoted by the type model. A measured
size leans on the sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from edge.vehicles.detections import CLASSES

SLOPE = 2.0
"""Networks that agree say more than either alone: the sum as it is told too little, of cars and of lorries.
Least surprise on the measuring set asks for more still; it holds few vehicles in doubt."""
OFFSET = -0.25
LARGE_OVER_CAR, BUS_OVER_TRUCK = 3.0, -2.0
PLAINLY_A_BUS, BUS = 0.35, -6.0
"""Fronts of long-nosed lorries look a little like a bus to the detector; a bus does so by more than this."""
TALL, TALL_FROM, TALL_AT = 0.8, 1.1, 1.4
"""Seen from ahead or behind a lorry is taller than wide, and a car is not."""
NEARER = 1.5
"""Looks weigh by this power of their area: near ones tell most."""
NEAR_ENOUGH_PX = 224
"""From this size on a nearer look tells no more: the networks are shown no more pixels of it."""
LEAST_LARGE, LIGHT, PLAINLY_LIGHT = 0.16, -0.5, -1.5
"""Where the detector gives less than the first to bus or truck, and what it saw says less than the second, it
is not worth asking what kind of vehicle it is; below the third, whatever it gives to them."""
CUT = 0.3
"""What a look counts that the picture's side cuts: of a lorry's lower half the detector makes a car."""
LORRY, NO_LORRY = 3.0, -9.0
"""The type model often knows no name for a lorry, but seldom that of a light vehicle: on 36 lorries of the
measuring stills those and coaches had 0.16 together at most, on vans 0.4 and more."""


@dataclass
class HgvEvidence:
    """What has been seen of one vehicle so far; sums only, so it stays as small as it begins."""

    detector_weight: float = 0.0
    detector_sum: float = 0.0
    type_weight: float = 0.0
    type_sum: float = 0.0
    size_logit: float = 0.0
    class_sums: list[float] = field(default_factory=lambda: [0.0] * 4)

    def add_detection(
        self,
        class_scores: tuple[float, float, float, float],
        size_px: tuple[float, float],
        cut: bool = False,
    ) -> None:
        """One detection: scores in the order of `detections.CLASSES`, `size_px` the box's sides."""
        car, _, bus, truck = class_scores
        said = LARGE_OVER_CAR * (max(bus, truck) - car) + BUS_OVER_TRUCK * max(bus - truck, 0.0)
        said += BUS * max(bus - truck - PLAINLY_A_BUS, 0.0)
        tall = (size_px[1] / size_px[0] - TALL_FROM) / (TALL_AT - TALL_FROM)
        said += TALL * min(max(tall, 0.0), 1.0)
        weight = _weight(size_px, cut)
        self.detector_sum += weight * said
        self.detector_weight += weight
        self.class_sums = [
            total + weight * score for total, score in zip(self.class_sums, class_scores, strict=True)
        ]

    def add_type(self, odds: dict[str, float], size_px: tuple[float, float], cut: bool = False) -> None:
        """One look at the type model: probability of each of `edge.vehicles.vehicle_type.KINDS`."""
        said = LORRY * odds["lorry"] + NO_LORRY * (odds["light"] + odds["coach"] + odds["car"])
        weight = _weight(size_px, cut)
        self.type_sum += weight * said
        self.type_weight += weight

    def add_size(self, logit: float) -> None:
        """What a measured length and height say (`edge.road.size`); 0 where they are not known."""
        self.size_logit = logit

    @property
    def hgv(self) -> float:
        """The fused score, 0 to 1; 0 before anything was seen."""
        if not self.detector_weight:
            return 0.0
        logit = OFFSET + self.detector_sum / self.detector_weight
        if self.type_weight:
            logit += self.type_sum / self.type_weight
        return 1 / (1 + math.exp(-SLOPE * (logit + self.size_logit)))

    @property
    def plainly_light(self) -> bool:
        """Whether the detector alone leaves no doubt, so that the type model need not be asked."""
        if not self.detector_weight:
            return False
        large = max(self.class_sums[2:]) / self.detector_weight
        said = OFFSET + self.detector_sum / self.detector_weight
        return said < PLAINLY_LIGHT or (large < LEAST_LARGE and said < LIGHT)

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


def _weight(size_px: tuple[float, float], cut: bool) -> float:
    """What a look at a vehicle of that width and height counts."""
    width_px, height_px = (min(side, NEAR_ENOUGH_PX) for side in size_px)
    return float((width_px * height_px) ** NEARER * (CUT if cut else 1.0))
