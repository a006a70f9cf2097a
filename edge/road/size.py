"""What a vehicle's size says about whether it is an HGV: a small weight, never a decision.

Lengths and heights of vehicle kinds overlap: a Luton van is 7.2 m long and 3.2 m high, a 7.5 t rigid begins
at 6 m and 2.6 m; a coach is as long and as high as a lorry. So size speaks plainly only against cars and for
what no van can be, and even then it only leans on detector and type model: at most MOST of their logit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edge.road.measure import Estimate

MOST = 1.5
LENGTHS = (
    (4.8, -1.5),
    (5.4, -1.0),
    (6.2, -0.4),
    (7.4, 0.0),
    (8.5, 0.6),
    (12.0, 0.8),
    (15.0, 1.0),
    (16.0, 1.5),
)
"""Metres and logit. To 5.3 m cars, estates and short vans; to 6.4 m long panel vans; to 7.4 m the longest
vans (Luton, extra-long) and the shortest rigids; to 12 m rigids (the legal most) as well as buses and coaches
(to 15 m); beyond that only combinations (16.5 m articulated, 18.75 m drawbar; Road Vehicles (Construction and
Use) Regulations 1986, regulation 7) and articulated buses."""
HEIGHTS = ((1.9, -1.5), (2.3, -1.0), (2.7, -0.4), (2.9, 0.0), (3.3, 0.2), (3.6, 0.8), (4.2, 1.0))
"""Metres and logit. To 2.1 m cars and car-derived vans, 2.8 m the highest panel vans, 3.3 m Luton vans and
small horse boxes, from 3.5 m box bodies, curtainsiders and trailers; also flat and tipper lorries of 2.6 to
3.2 m, coaches of 3.3 to 4 m and double-deckers of 4.4 m: hence little weight above and none in between."""
QUANTILES = np.array([-1.28, -0.52, 0.0, 0.52, 1.28])
"""Where a normal distribution has its five tenths-wide middles: an uncertain size says less."""


@dataclass(frozen=True)
class SizeSays:
    """`logit` is to be added to the other evidence's (-MOST to MOST), `reason` says it to a person."""

    logit: float
    reason: str


def size_says(length_m: Estimate | None, height_m: Estimate | None) -> SizeSays:
    """The weight of a measured size; 0 for what is not known."""
    parts = [
        (_weight(estimate, table), f"{name} {estimate.value:.1f} m (+/- {estimate.standard_error:.1f})")
        for name, estimate, table in (("length", length_m, LENGTHS), ("height", height_m, HEIGHTS))
        if estimate is not None
    ]
    if not parts:
        return SizeSays(0.0, "size not measured")
    logit = float(np.clip(sum(weight for weight, _ in parts), -MOST, MOST))
    return SizeSays(logit, ", ".join(f"{said}: {weight:+.1f}" for weight, said in parts))


def _weight(estimate: Estimate, table: tuple[tuple[float, float], ...]) -> float:
    sizes, logits = zip(*table, strict=True)
    within = estimate.value + QUANTILES * estimate.standard_error
    return float(np.interp(within, sizes, logits).mean())
