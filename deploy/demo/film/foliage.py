"""Leaves as many small quads, scattered through hedges, tree crowns and grass; plain numbers, no Blender."""

import numpy as np
from numpy.typing import NDArray

from deploy.demo.film.mesh import Mesh

Points = NDArray[np.float64]


def hedge(rng: np.random.Generator, length_m: float, depth_m: float, height_m: float) -> Mesh:
    """A clipped hedge along x from 0, with a dark core and leaves thickest at its skin."""
    mesh = Mesh()
    mesh.box(
        (0.2, -depth_m / 2 + 0.12, 0.0), (length_m - 0.2, depth_m / 2 - 0.12, height_m - 0.12), "leaf_core"
    )
    count = int(length_m * (depth_m + 2 * height_m) * 420)
    where = rng.uniform(-0.5, 0.5, (count, 3))
    axis = rng.choice([0, 1, 2], size=count, p=[0.22, 0.47, 0.31])
    where[np.arange(count), axis] = np.sign(where[np.arange(count), axis]) * rng.normal(0.48, 0.025, count)
    size = np.array([length_m, depth_m, height_m])
    bumps = 0.06 * np.sin(where[:, 0] * length_m * 2.3) + 0.05 * np.sin(where[:, 0] * length_m * 5.1)
    leaves = where * size + np.array([length_m / 2, 0.0, height_m / 2])
    leaves[:, 2] = np.maximum(leaves[:, 2] + bumps * (where[:, 2] > 0.4), 0.02)
    _leaves(mesh, rng, leaves, 0.055, "leaf_hedge")
    return mesh


def tree(rng: np.random.Generator, height_m: float, crown_m: float) -> Mesh:
    """A broad-leaved tree at the origin: tapering trunk, a few boughs, a crown of leafy clumps."""
    mesh = Mesh()
    trunk_m = height_m * 0.32
    _limb(mesh, np.zeros(3), np.array([0.1, 0.0, height_m * 0.6]), 0.24)
    for bough in range(5):
        turn = 2 * np.pi * bough / 5 + rng.uniform(0, 0.8)
        tip = np.array([np.cos(turn) * crown_m * 0.32, np.sin(turn) * crown_m * 0.32, height_m * 0.72])
        _limb(mesh, np.array([0.0, 0.0, trunk_m * rng.uniform(0.9, 1.2)]), tip, 0.10)
    centre, radii = (
        np.array([0.0, 0.0, height_m * 0.64]),
        np.array([crown_m / 2, crown_m / 2, height_m * 0.36]),
    )
    for _ in range(46):
        ray = rng.normal(size=3)
        clump = centre + ray / np.linalg.norm(ray) * radii * rng.uniform(0.35, 0.95)
        spread = rng.normal(size=(360, 3))
        spread *= (rng.uniform(0.55, 1.0, 360) / np.linalg.norm(spread, axis=1))[:, None]
        _leaves(mesh, rng, clump + spread * crown_m * 0.15, 0.10, "leaf_tree")
    return mesh


def grass(rng: np.random.Generator, length_m: float, depth_m: float) -> Mesh:
    """Blades of a verge along x from 0, y from 0 to the depth."""
    mesh = Mesh()
    count = int(length_m * depth_m * 700)
    roots = np.column_stack(
        [rng.uniform(0, length_m, count), rng.uniform(0, depth_m, count), np.zeros(count)]
    )
    tips = roots + np.column_stack([rng.normal(0, 0.03, (count, 2)), rng.uniform(0.04, 0.11, count)])
    across = np.column_stack([rng.normal(size=(count, 2)), np.zeros(count)])
    across *= 0.005 / np.linalg.norm(across, axis=1)[:, None]
    for root, tip, side in zip(roots, tips, across, strict=True):
        mesh.polygon([_point(root - side), _point(root + side), _point(tip)], "grass_blade")
    return mesh


def _leaves(mesh: Mesh, rng: np.random.Generator, centres: Points, size_m: float, material: str) -> None:
    count = len(centres)
    along = rng.normal(size=(count, 3))
    along *= (size_m * rng.uniform(0.6, 1.2, count) / np.linalg.norm(along, axis=1))[:, None]
    across = np.cross(along, rng.normal(size=(count, 3)))
    across *= (size_m * 0.5 / np.maximum(np.linalg.norm(across, axis=1), 1e-9))[:, None]
    for centre, length, width in zip(centres, along, across, strict=True):
        corners = [centre - length, centre + width, centre + length, centre - width]
        mesh.polygon([_point(corner) for corner in corners], material)


def _limb(mesh: Mesh, root: Points, tip: Points, radius_m: float) -> None:
    sides = 8
    turns = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    circle = np.column_stack([np.cos(turns), np.sin(turns), np.zeros(sides)])
    low, high = root + circle * radius_m, tip + circle * radius_m * 0.45
    for side in range(sides):
        after = (side + 1) % sides
        mesh.polygon([_point(p) for p in (low[side], low[after], high[after], high[side])], "bark")


def _point(vector: Points) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])
