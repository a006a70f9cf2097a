"""The lane of a vehicle where a site file draws the lanes into the picture, without any calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from edge.road.measure import Path
from edge.vehicles.region import Polygon, holds

LEAST_SHARE = 0.6
"""The part of the looks that must be in one lane: who changes lanes or straddles them has none."""


def lane_in_picture(path: Path, areas: Sequence[Polygon], frame_px: tuple[int, int]) -> int | None:
    """The number, from 1, of the polygon of `areas` in which the vehicle's boxes stand; None if unclear.

    A box stands where its lower middle is, so lanes are told apart best where the camera looks along them.
    """
    width_px, height_px = frame_px
    stands = [(x / width_px, (y + high / 2) / height_px) for _, (x, y, _, high) in path]
    lanes = Counter(
        number for number, area in enumerate(areas, start=1) for x, y in stands if holds(area, x, y)
    )
    if not lanes:
        return None
    lane, looks = lanes.most_common(1)[0]
    return lane if looks >= LEAST_SHARE * len(stands) else None
