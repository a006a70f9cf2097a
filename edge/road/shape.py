"""The shape of vehicles as far as a box around them tells: a cuboid on tyres, with mirrors in front."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from edge.road.camera import Points


class Build(NamedTuple):
    """How vehicles of one height are built, in metres.

    An end's lower edge is `clearance` above the road; its nearest tyre touches the road `overhang` further
    in. `mirrors` is what both mirrors add to the body's width at the front. The roof begins `bonnet` behind
    the front and is `roof_width` of the body's width.
    """

    width: float
    width_spread: float
    mirrors: float
    front_clearance: float
    front_overhang: float
    rear_clearance: float
    rear_overhang: float
    bonnet: float
    roof_width: float


LOW = Build(1.9, 0.15, 0.2, 0.2, 0.95, 0.28, 1.0, 1.6, 0.75)
TALL = Build(2.52, 0.18, 0.3, 0.28, 1.4, 0.45, 2.2, 0.0, 1.0)
"""Cars and vans; lorries and coaches, at most 2.55 m wide (Road Vehicles (Construction and Use) Regulations
1986, regulation 8). The rest are usual measures."""
BETWEEN_M, SOFTNESS_M = 2.9, 0.12


def build_of(height_m: float) -> Build:
    """The usual build of vehicles that high; between 2.6 and 3.2 m one passes into the other."""
    tall = 1 / (1 + np.exp(-(height_m - BETWEEN_M) / SOFTNESS_M))
    return Build(*(float(low + tall * (high - low)) for low, high in zip(LOW, TALL, strict=True)))


def outline(width_m: float, length_m: float, height_m: float) -> Points:
    """Points (14 x 3: across, behind the front, up) that a box around the vehicle touches."""
    build = build_of(height_m)
    third = length_m / 3
    roof_m = width_m * build.roof_width
    rows = [
        (width_m, 0.0, build.front_clearance),
        (width_m, min(build.front_overhang, third), 0.0),
        (width_m + build.mirrors, min(build.bonnet, third), 0.6 * height_m),
        (roof_m, min(build.bonnet, third), height_m),
        (roof_m, length_m, height_m),
        (width_m, length_m, build.rear_clearance),
        (width_m, length_m - min(build.rear_overhang, third), 0.0),
    ]
    return np.array([(side * wide / 2, behind, up) for wide, behind, up in rows for side in (-1, 1)])
