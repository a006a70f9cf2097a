"""A village street: road with markings, kerbs, pavements, verges, hedges, houses, trees, signs.

Everything is placed along the road's centre line from one seed, so each clip can have its own stretch.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from deploy.demo.film import foliage, houses, signs
from deploy.demo.film.mesh import Mesh
from deploy.demo.film.road import HALF_WIDTH_M, Road
from deploy.demo.film.vehicles.model import Lettering

REACH_M = (-30.0, 150.0)
KERB_M = 0.11
PAVEMENT_M = 1.7
VERGE_M = 1.1


@dataclass(frozen=True)
class Placed:
    """A mesh stood on the street; several may share one mesh."""

    mesh: Mesh
    x_m: float = 0.0
    y_m: float = 0.0
    heading_rad: float = 0.0
    scale: float = 1.0
    lettering: tuple[Lettering, ...] = ()
    bevel_m: float = 0.0


@dataclass
class Street:
    """The furnished street."""

    road: Road
    things: list[Placed] = field(default_factory=list)

    def stand(self, mesh: Mesh, along_m: float, left_m: float, *, turn_rad: float = 0.0, scale: float = 1.0,
              lettering: tuple[Lettering, ...] = (), bevel_m: float = 0.0) -> None:  # fmt: skip
        """Stand a mesh beside the road, its x axis along the road plus `turn_rad`."""
        x, y = self.road.point(along_m, left_m)
        heading = self.road.heading_rad(along_m) + turn_rad
        self.things.append(Placed(mesh, x, y, heading, scale, lettering, bevel_m))


def furnished(road: Road, seed: int, camera_left_m: float, village: str) -> Street:
    """Build the street; nothing tall stands between the camera (at x = 0) and its lane."""
    rng = np.random.default_rng(seed)
    street = Street(road)
    street.things.append(Placed(_surfaces(road)))
    _verges(street, rng)
    _hedges(street, rng)
    _houses(street, rng)
    _trees(street, rng)
    _furniture(street, np.sign(camera_left_m), village)
    return street


def _strip(
    mesh: Mesh,
    road: Road,
    left: tuple[float, float],
    height: tuple[float, float],
    span: tuple[float, float],
    material: str,
    step_m: float = 2.0,
) -> None:
    """A ribbon along the road between two offsets, each edge at its own height; UVs are metres."""
    stations = np.linspace(*span, max(2, int((span[1] - span[0]) / step_m) + 1))
    for here, after in pairwise(stations):
        corners = []
        uv = []
        for along, side in ((here, 0), (after, 0), (after, 1), (here, 1)):
            x, y = road.point(float(along), left[side])
            corners.append((x, y, height[side]))
            uv.append((float(along), left[side] + height[side]))
        mesh.polygon(corners, material, uv)


def _surfaces(road: Road) -> Mesh:
    mesh = Mesh()
    half, back = HALF_WIDTH_M, HALF_WIDTH_M + PAVEMENT_M
    mesh.polygon([(-200, -200, -0.02), (400, -200, -0.02), (400, 300, -0.02), (-200, 300, -0.02)], "field")
    _strip(mesh, road, (-half, half), (0.0, 0.0), REACH_M, "asphalt")
    for sign in (1.0, -1.0):
        kerb, paved = sign * half, sign * back
        _strip(mesh, road, (kerb, kerb), (0.0, KERB_M), REACH_M, "kerb")
        _strip(mesh, road, (kerb, kerb + sign * 0.13), (KERB_M, KERB_M), REACH_M, "kerb")
        _strip(mesh, road, (kerb + sign * 0.13, paved), (KERB_M, KERB_M), REACH_M, "pavement")
        _strip(mesh, road, (paved, sign * (back + VERGE_M)), (KERB_M, KERB_M), REACH_M, "verge")
        _strip(mesh, road, (sign * (back + VERGE_M), sign * 40.0), (KERB_M, KERB_M), REACH_M, "verge")
    for dash in np.arange(REACH_M[0], REACH_M[1] - 4, 6.0):
        _strip(mesh, road, (-0.05, 0.05), (0.004, 0.004), (float(dash), float(dash) + 4.0), "road_paint", 1.0)
    _strip(mesh, road, (0.35, HALF_WIDTH_M - 0.25), (0.003, 0.003), (24.0, 33.0), "patch")
    return mesh


def _verges(street: Street, rng: np.random.Generator) -> None:
    tile = foliage.grass(rng, 3.0, VERGE_M)
    for along in np.arange(6.0, 80.0, 3.0):
        for left in (HALF_WIDTH_M + PAVEMENT_M, -HALF_WIDTH_M - PAVEMENT_M - VERGE_M):
            street.stand(tile, float(along), left)


def _hedges(street: Street, rng: np.random.Generator) -> None:
    piece = foliage.hedge(rng, 5.0, 0.9, 1.45)
    low = foliage.hedge(rng, 4.0, 0.7, 0.95)
    offset = HALF_WIDTH_M + PAVEMENT_M + VERGE_M + 0.5
    for sign in (1.0, -1.0):
        for along in np.arange(8.0, 120.0, 5.0):
            if rng.random() < 0.7:
                street.stand(piece if rng.random() < 0.7 else low, float(along), sign * offset)


def _houses(street: Street, rng: np.random.Generator) -> None:
    for sign in (1.0, -1.0):
        along = 26.0 + (4.0 if sign < 0 else 0.0)
        while along < 128.0:
            style = houses.drawn_style(rng)
            setback = HALF_WIDTH_M + PAVEMENT_M + VERGE_M + rng.uniform(2.2, 3.6)
            middle = along + style.length_m / 2
            turn = 0.0 if sign > 0 else np.pi
            street.stand(houses.house(style), middle, sign * (setback + style.depth_m / 2), turn_rad=turn)
            along += style.length_m + rng.uniform(2.5, 7.0)


def _trees(street: Street, rng: np.random.Generator) -> None:
    kinds = [foliage.tree(rng, height, crown) for height, crown in ((8.5, 6.0), (10.5, 7.5), (6.0, 4.5))]
    places = [(52.0, 7.2), (66.0, -7.6), (96.0, -9.0), (104.0, 8.5), (120.0, -7.0), (34.0, -8.2)]
    places += [(float(s), side * rng.uniform(18, 30)) for s in range(30, 150, 12) for side in (1, -1)]
    for along, left in places:
        kind = kinds[int(rng.integers(len(kinds)))]
        street.stand(
            kind,
            along + rng.uniform(-2, 2),
            left,
            turn_rad=rng.uniform(0, 6.2),
            scale=rng.uniform(0.85, 1.15),
        )


def _furniture(street: Street, camera_side: float, village: str) -> None:
    near, far = camera_side, -camera_side
    edge = HALF_WIDTH_M + 0.45
    street.stand(signs.lamp_post(), 56.0, far * edge, turn_rad=np.pi / 2 if far < 0 else -np.pi / 2)
    street.stand(signs.lamp_post(), 78.0, near * edge, turn_rad=np.pi / 2 if near < 0 else -np.pi / 2)
    street.stand(signs.weight_limit(), 48.0, far * (edge + 0.1))
    street.stand(signs.weight_limit(), 33.0, near * (edge + 1.3))
    board, words = signs.village_name(village)
    street.stand(board, 38.0, far * (HALF_WIDTH_M + PAVEMENT_M + 0.1), lettering=words)
    street.stand(signs.bollard(), 26.0, far * (HALF_WIDTH_M + 0.4))
    street.stand(signs.bollard(), 22.0, far * (HALF_WIDTH_M + 0.4))
