"""The line of the road: straight past the camera, then round a bend behind the houses.

The camera looks along +x. Seen from it the left-hand lane (y > 0) leads away and the right-hand lane comes
towards it, as traffic keeps left.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Direction = Literal["towards", "away"]

HALF_WIDTH_M = 3.1
LANE_OFFSET_M = 1.55


@dataclass(frozen=True)
class Road:
    """Centre line: straight to `bend_at_m`, then a left-hand bend (right-hand if the radius is negative)."""

    bend_at_m: float
    bend_radius_m: float

    def point(self, along_m: float, left_m: float = 0.0) -> tuple[float, float]:
        """Position (x, y) at a distance along the centre line, `left_m` to its left."""
        if along_m <= self.bend_at_m:
            return along_m, left_m
        turn = (along_m - self.bend_at_m) / self.bend_radius_m
        radius = self.bend_radius_m - left_m
        x = self.bend_at_m + radius * np.sin(turn)
        return float(x), float(self.bend_radius_m - radius * np.cos(turn))

    def heading_rad(self, along_m: float) -> float:
        """Direction of the centre line, anticlockwise from +x."""
        return max(0.0, (along_m - self.bend_at_m)) / self.bend_radius_m


@dataclass(frozen=True)
class Pose:
    """Where a rigid unit stands: its front point on the ground and its heading, anticlockwise from +x."""

    x_m: float
    y_m: float
    heading_rad: float

    def to_world(self, local: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 3) of the unit in the street's frame."""
        cos, sin = np.cos(self.heading_rad), np.sin(self.heading_rad)
        turn = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        return np.asarray(local @ turn + np.array([self.x_m, self.y_m, 0.0]), np.float64)


def unit_pose(road: Road, direction: Direction, front_m: float, wheelbase_m: float) -> Pose:
    """Stand a unit on its lane, front point at `front_m` along the road and rear axle a wheelbase behind."""
    side = -LANE_OFFSET_M if direction == "towards" else LANE_OFFSET_M
    sign = -1.0 if direction == "towards" else 1.0
    front = np.array(road.point(front_m, side))
    rear = np.array(road.point(front_m - sign * wheelbase_m, side))
    ahead = front - rear
    return Pose(float(front[0]), float(front[1]), float(np.arctan2(ahead[1], ahead[0])))
