"""The shape on wheels whose outlines fit a track's boxes best: its length, height and way along the road.

Width, length, height and the straight line that it drives are the same in all pictures of a vehicle, its
place along the road is each picture's own; all are found together by least squares (Levenberg-Marquardt)
from the edges of the track's boxes. How well the view fixes each is read from the normal equations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.road.camera import Points, RoadCamera
from edge.road.shape import build_of, outline

EDGE_NOISE_SHARE, EDGE_NOISE_PX = 0.02, 1.5
"""How far a detector's edges lie off: a part of the box's mean side, and a least distance."""
FIRST_LENGTHS_M = (5.0, 13.0)
USUAL_LENGTH_M, LENGTH_SPREAD = 8.0, 0.8
"""Most likely 3.6 to 18 m: far too wide to matter where the view shows anything of the length."""
ROUNDS = 20
ENOUGH = 1e-4
"""A round that lowers the cost by a smaller part than this is the last."""
SHARED = 5
"""Parameters that all pictures share: across, the logarithms of width, length and height, and the lean: how
much the vehicle goes across for each metre along."""
SIZES = slice(1, 4)
LEAN = 4
USUAL_LEAN = 0.05
"""Lanes run along the road; changing one over 70 m is a lean of 0.05."""
KNOWN = 3
"""Equations from what is usual: width, length and lean."""
STEP = 1e-4

Edges = NDArray[np.float64]
"""Left, top, right and bottom edges of boxes in pixels of the calibration's picture (N x 4)."""
Guess = NDArray[np.float64]


@dataclass(frozen=True)
class Cuboid:
    """What fits: metres, and one standard error of length and height as parts of them.

    `across_m` is half way; `lean` how much it goes across for each metre along.

    `along_m` (N) is the place of the end that is nearer to the camera, `far_m` of the other one. `misfit` is
    the root mean square of what is left, in units of the expected noise; `along_error_m` the usual standard
    error of one picture's place.
    """

    across_m: float
    lean: float
    width_m: float
    length_m: float
    height_m: float
    length_error: float
    height_error: float
    along_m: NDArray[np.float64]
    far_m: NDArray[np.float64]
    along_error_m: float
    misfit: float


def fitted(
    camera: RoadCamera, edges: Edges, seen: NDArray[np.bool_], first_m: Points, alike: float
) -> Cuboid | None:
    """The cuboid for N boxes in order of time; `seen` (N x 4) marks edges that the picture does not cut.

    `first_m` (N x 2) is where the boxes' lower middles lie on the road; `alike` pictures count as one, as
    neighbours are wrong in the same way. None where nothing fits.
    """
    problem = _Problem(camera, edges, seen, first_m)
    found = [problem.solved(length_m) for length_m in FIRST_LENGTHS_M]
    best = min(found, key=problem.cost)
    return problem.cuboid(best, alike) if np.isfinite(problem.cost(best)) else None


class _Problem:
    """The least squares of one track; a guess is the shared parameters, then along for each picture."""

    def __init__(self, camera: RoadCamera, edges: Edges, seen: NDArray[np.bool_], first_m: Points) -> None:
        self._camera, self._edges, self._seen, self._first_m = camera, edges, seen, first_m
        sides = (edges[:, 2] - edges[:, 0] + edges[:, 3] - edges[:, 1]) / 2
        self._noise_px = np.maximum(EDGE_NOISE_PX, EDGE_NOISE_SHARE * sides)[:, None]
        along = first_m[:, 1]
        self._farther = 1.0 if float(np.median(along)) > camera.centre_m[1] else -1.0
        self._middle_m = float(np.median(along))
        self._front_is_near = (along[-1] - along[0]) * self._farther < 0

    def solved(self, length_m: float) -> Guess:
        """Where Levenberg-Marquardt ends that is begun with `length_m`."""
        across = float(np.median(self._first_m[:, 0]))
        guess = np.concatenate([[across], np.log([2.3, length_m, 2.7]), [0.0], self._first_m[:, 1]])
        cost, damping = self.cost(guess), 1e-2
        for _ in range(ROUNDS):
            slope, left = self._slope(guess), self._left(guess)
            normal = slope.T @ slope
            step = np.linalg.solve(normal + damping * np.diag(normal.diagonal() + 1e-9), -slope.T @ left)
            step[SIZES] = np.clip(step[SIZES], -0.5, 0.5)
            tried = guess + step
            now = self.cost(tried)
            if not now < cost:
                damping *= 6
                continue
            done = cost - now < ENOUGH * cost
            guess, cost, damping = tried, now, damping / 6
            if done:
                break
        return guess

    def cost(self, guess: Guess) -> float:
        """The sum of squares; infinite where a part of the vehicle is behind the camera."""
        left = self._left(guess)
        return float(left @ left) if np.isfinite(left).all() else np.inf

    def cuboid(self, guess: Guess, alike: float) -> Cuboid:
        """What a solution says, with standard errors."""
        left, slope = self._left(guess), self._slope(guess)
        edges = left[:-KNOWN]
        freedom = max(1, int(self._seen.sum()) - len(guess))
        misfit = float(np.sqrt(edges @ edges / freedom))
        slope[:-KNOWN] /= max(1.0, misfit) * np.sqrt(alike)
        errors = np.sqrt(np.maximum(np.linalg.pinv(slope.T @ slope).diagonal(), 0))
        width_m, length_m, height_m = np.exp(guess[SIZES]).tolist()
        return Cuboid(
            across_m=float(guess[0]),
            lean=float(guess[LEAN]),
            width_m=width_m,
            length_m=length_m,
            height_m=height_m,
            length_error=float(errors[2]),
            height_error=float(errors[3]),
            along_m=guess[SHARED:],
            far_m=guess[SHARED:] + self._farther * length_m,
            along_error_m=float(np.median(errors[SHARED:])),
            misfit=misfit,
        )

    def _left(self, guess: Guess) -> NDArray[np.float64]:
        """What is left unexplained, in units of its noise: 4 N edges, then width, length and lean."""
        off = np.where(self._seen, (self._outlines(guess) - self._edges) / self._noise_px, 0.0)
        width_m, length_m, height_m = np.exp(guess[SIZES]).tolist()
        build = build_of(height_m)
        wide = (width_m - build.width) / build.width_spread
        long = np.log(length_m / USUAL_LENGTH_M) / LENGTH_SPREAD
        return np.append(off.ravel(), (wide, long, guess[LEAN] / USUAL_LEAN))

    def _slope(self, guess: Guess) -> NDArray[np.float64]:
        """Derivatives of `_left`; one picture's place moves only its own edges, so all are moved at once."""
        base = self._left(guess)
        slope = np.zeros((len(base), len(guess)))
        for index in range(SHARED):
            moved = guess.copy()
            moved[index] += STEP
            slope[:, index] = (self._left(moved) - base) / STEP
        moved = guess.copy()
        moved[SHARED:] += STEP
        own = (self._left(moved) - base)[:-KNOWN].reshape(-1, 4) / STEP
        pictures = np.arange(len(own))
        for edge in range(4):
            slope[4 * pictures + edge, SHARED + pictures] = own[:, edge]
        return slope

    def _outlines(self, guess: Guess) -> Edges:
        """The boxes around the vehicle in each picture."""
        shape = outline(*np.exp(guess[SIZES]).tolist())
        length_m = float(np.exp(guess[2]))
        inward = shape[:, 1] if self._front_is_near else length_m - shape[:, 1]
        corners = np.empty((len(guess) - SHARED, len(shape), 3))
        corners[:, :, 1] = guess[SHARED:, None] + self._farther * inward
        corners[:, :, 0] = guess[0] + shape[:, 0] + guess[LEAN] * (corners[:, :, 1] - self._middle_m)
        corners[:, :, 2] = shape[:, 2]
        pixels = self._camera.project(corners)
        return np.concatenate([pixels.min(axis=1), pixels.max(axis=1)], axis=1)
