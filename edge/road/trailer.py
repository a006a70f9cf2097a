"""Whether a vehicle pulls a trailer, as far as pictures make that evident.

Two signs count. Seen from the side, a second box that keeps so close behind the first, at the same speed, as
no driver would; and a measured length that no single vehicle may have. Everything else is "not known": a
camera in front of a lorry does not see what it pulls, so no trailer seen is no evidence that there is none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge.road.measure import Estimate, Path

LONGEST_SINGLE_M = 15.0
"""The longest rigid bus or coach; a rigid goods vehicle may be 12 m (Road Vehicles (Construction and Use)
Regulations 1986, regulation 7). What is longer is articulated or draws a trailer."""
SURE = 2.0
"""Standard errors by which a length must exceed it."""
LEAST_COMMON, LEAST_SPAN_S = 4, 1.0
LEAST_WAY = 1.0
"""How far they must have gone, in widths of the second box: standing traffic is close too."""
SIDEWAYS = 3.0
"""A view is from the side when they go so many times farther across the picture than up or down..."""
SAME_SIZE = 1.25
"""...and no box grows by more than this; in perspective every gap closes."""
GREATEST_GAP, GREATEST_OVERLAP = 0.12, 0.15
"""The gap between the boxes, and their overlap, in widths of the second."""
STEADY = 0.04
"""How much the gap may vary (standard deviation), in widths of the second box."""
SAME_LANE = 0.08
"""How far apart the lower edges may be, in heights of the first box: the next lane lies higher or lower."""

Boxes = NDArray[np.float64]
"""Middle x, middle y, width, height in pixels (N x 4)."""


def trailer_behind(vehicle: Path, follower: Path) -> bool | None:
    """True where `follower` evidently is a trailer that `vehicle` pulls, else None; never False.

    Paths are as `edge.vehicles.track.Track.path` has them; looks at which both were seen are compared.
    """
    ahead, behind, span_s = _common(vehicle, follower)
    if len(ahead) < LEAST_COMMON or span_s < LEAST_SPAN_S:
        return None
    together = _are_seen_from_the_side(ahead, behind) and _are_in_one_lane(ahead, behind)
    return (together and _are_coupled(ahead, behind)) or None


def combination_by_length(length_m: Estimate | None) -> bool | None:
    """True where a vehicle is surely longer than any single vehicle may be, else None."""
    if length_m is None:
        return None
    return length_m.value - SURE * length_m.standard_error > LONGEST_SINGLE_M or None


def _common(vehicle: Path, follower: Path) -> tuple[Boxes, Boxes, float]:
    """Boxes of both at the times at which both were seen, and the seconds these span."""
    of_vehicle, of_follower = dict(vehicle), dict(follower)
    times_s = sorted(
        at_s
        for at_s in of_vehicle.keys() & of_follower.keys()
        if min(*of_vehicle[at_s][2:], *of_follower[at_s][2:]) > 0
    )
    span_s = times_s[-1] - times_s[0] if times_s else 0.0
    ahead = np.array([of_vehicle[at_s] for at_s in times_s], np.float64).reshape(-1, 4)
    behind = np.array([of_follower[at_s] for at_s in times_s], np.float64).reshape(-1, 4)
    return ahead, behind, span_s


def _are_seen_from_the_side(ahead: Boxes, behind: Boxes) -> bool:
    across, down = np.abs(ahead[-1, :2] - ahead[0, :2])
    grown = max(float(boxes[:, 2].max() / boxes[:, 2].min()) for boxes in (ahead, behind))
    far_enough = across >= LEAST_WAY * float(np.median(behind[:, 2]))
    return bool(far_enough and across >= SIDEWAYS * down and grown <= SAME_SIZE)


def _are_in_one_lane(ahead: Boxes, behind: Boxes) -> bool:
    apart = (behind[:, 1] + behind[:, 3] / 2 - ahead[:, 1] - ahead[:, 3] / 2) / ahead[:, 3]
    return bool(np.abs(apart).max() <= SAME_LANE)


def _are_coupled(ahead: Boxes, behind: Boxes) -> bool:
    """Whether the gap from the first box's rear edge to the second's front edge is small and steady."""
    way = np.sign(ahead[-1, 0] - ahead[0, 0])
    gaps = (way * (ahead[:, 0] - behind[:, 0]) - (ahead[:, 2] + behind[:, 2]) / 2) / behind[:, 2]
    close = gaps.min() >= -GREATEST_OVERLAP and gaps.max() <= GREATEST_GAP
    return bool(close and gaps.std() <= STEADY)
