"""One vehicle while it is followed from one look at the picture to the next.

Between detections a track is carried by the texture on it (`edge.vehicles.flow`) or, where that says nothing,
by its own speed.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from edge.vehicles.detections import CLASSES
from edge.vehicles.flow import Shift
from edge.vehicles.likeness import Place

LONGEST_WAIT_S = 1.0
"""What one look adds to a wait at most: time in which nothing moved, or no picture came, is no waiting."""
STANDING = 0.05
"""A vehicle stands when it moves less than this part of its size in a second."""
CORRECTION, STEADINESS, GAIN = 0.8, 0.4, 0.5
MEMORY = 0.7
WHOLE_S = 0.7
"""Who finds only parts of a vehicle for longer than this has taken too large a box for one."""
PATH_POINTS = 64
OFTEN = 4
"""A vehicle that was found whole so many times is well known."""
PASSED = 0.4
"""A vehicle has moved when its middle went this part of its size, or it grew or shrank by as much."""

LARGE = frozenset({CLASSES.index("bus"), CLASSES.index("truck")})


@dataclass
class Track:
    """One vehicle while it is followed: `box` where it is now, `path` where it was found, with the times.

    `at_s` is the last look's time, `last_s` the last detection's; `still_since_s` when it came to a stand.
    """

    track_id: int
    box: Place
    last_s: float
    at_s: float
    still_since_s: float
    class_scores: NDArray[np.float64]
    velocity: Place = (0.0, 0.0, 0.0, 0.0)
    hits: int = 1
    unseen_s: float = 0.0
    carried: bool = False
    has_moved: bool = False
    path: deque[tuple[float, Place]] = field(default_factory=lambda: deque(maxlen=PATH_POINTS))

    def __post_init__(self) -> None:
        self._began, self._looked_s, self._whole_s = self.box, self.at_s, self.at_s
        self.path.append((self.at_s, self.box))

    @property
    def is_large(self) -> bool:
        """Whether the detector takes it for a lorry or bus rather than a car."""
        return int(self.class_scores.argmax()) in LARGE

    @property
    def pace(self) -> float:
        """How many times its own size its middle moves in a second, across or down, whichever is more."""
        x, y, _, _ = self.velocity
        _, _, width, height = self.box
        return max(abs(x), abs(y)) / max(width, height)

    def stands(self) -> bool:
        """Whether it moves less than STANDING of its size a second."""
        return self.pace < STANDING

    def carry(self, shift: Shift | None, at_s: float, scale: float) -> None:
        """Move the box to where it is at `at_s`: by `shift` times `scale`, or else by its own speed."""
        step_s = max(at_s - self.at_s, 1e-3)
        self.at_s, self.carried = at_s, shift is not None
        _, _, width, height = self.box
        if shift is None:
            coasted = _sum(_NOWHERE, self.velocity, step_s)
        else:
            grown = shift.growth - 1
            coasted = shift.x * scale, shift.y * scale, width * grown, height * grown
            kept = _sum(_NOWHERE, self.velocity, STEADINESS)
            self.velocity = _sum(kept, coasted, (1 - STEADINESS) / step_s)
        x, y, wide, high = _sum(self.box, coasted)
        self.box = x, y, max(wide, 0.8 * width), max(high, 0.8 * height)
        self._note_motion()

    def seen(self, box: Place, class_scores: NDArray[np.float32]) -> None:
        """Correct place and speed by where it was found, and its class by what it looks like."""
        miss = _sum(box, self.box, -1.0)
        if not self.carried or self.hits == 1:
            gain = max(GAIN, 1.0 / self.hits)
            self.velocity = _sum(self.velocity, miss, gain / max(self.at_s - self.last_s, 0.1))
        self.box = _sum(self.box, miss, CORRECTION)
        self.found(class_scores)
        self._whole_s = self.at_s
        self.path.append((self.at_s, box))
        self._note_motion()

    def found(self, class_scores: NDArray[np.float32]) -> None:
        """It, or a part of it, was detected at the place where it is."""
        self.last_s, self.unseen_s, self.hits = self.at_s, 0.0, self.hits + 1
        self._looked_s = self.at_s
        self.class_scores = MEMORY * self.class_scores + (1 - MEMORY) * class_scores

    def become(self, box: Place, class_scores: NDArray[np.float32]) -> None:
        """What was followed was a part, or more than the vehicle; `box` is it: its path begins anew.

        The path of a vehicle that was found whole often is kept as it is: late in its course the detector may
        take its cab for all of it, and two such boxes would tell less of its way.
        """
        self._whole_s = self.at_s
        self.box = self._began = box
        self.velocity = (*self.velocity[:2], 0.0, 0.0)
        if len(self.path) < OFTEN:
            self.path.clear()
            self.path.append((self.at_s, box))
        self.found(class_scores)

    def is_known_whole(self) -> bool:
        """Whether the vehicle as it is followed, and not only a part of it, was found lately."""
        return self.at_s - self._whole_s <= WHOLE_S

    def missed(self) -> None:
        """The detector has looked where it should be and has not found it."""
        self.unseen_s += min(self.at_s - self._looked_s, LONGEST_WAIT_S)
        self._looked_s = self.at_s

    def _note_motion(self) -> None:
        if not self.has_moved:
            x, y, width, height = self.box
            began_x, began_y, began_width, began_height = self._began
            away = max(abs(x - began_x), abs(y - began_y)) / max(began_width, began_height)
            grown = min(abs(math.log(width / began_width)), abs(math.log(height / began_height)))
            self.has_moved = max(away, grown) >= PASSED
        if not self.stands():
            self.still_since_s = self.at_s


_NOWHERE: Place = (0.0, 0.0, 0.0, 0.0)


def _sum(one: Place, other: Place, times: float = 1.0) -> Place:
    """`one` and so many `times` the `other`."""
    (a, b, c, d), (e, f, g, h) = one, other
    return a + times * e, b + times * f, c + times * g, d + times * h
