"""Houses of the street: brick or render, pitched roofs, sash windows, a door, chimneys."""

from dataclasses import dataclass

import numpy as np

from deploy.demo.film.mesh import Mesh, Point

EAVES_M = 0.35
STOREY_M = 2.5


@dataclass(frozen=True)
class HouseStyle:
    """Sizes in metres; the front, with the door, faces the road (towards -y before turning)."""

    length_m: float
    depth_m: float
    wall: str
    roof: str
    door: str
    windows: int


def drawn_style(rng: np.random.Generator) -> HouseStyle:
    """A house drawn at random."""
    length = float(rng.uniform(8.0, 13.0))
    return HouseStyle(
        length_m=length,
        depth_m=float(rng.uniform(6.5, 8.0)),
        wall=str(rng.choice(["brick", "brick", "render_cream", "render_white"])),
        roof=str(rng.choice(["tiles_red", "tiles_brown", "slate"])),
        door=str(rng.choice(["paint:123a2c", "paint:5a1414", "paint:1a2a4a"])),
        windows=int(length // 2.6),
    )


def house(style: HouseStyle) -> Mesh:
    """A two-storey house about its own middle."""
    mesh = Mesh()
    half, deep, wall = style.length_m / 2, style.depth_m / 2, 2 * STOREY_M + 0.2
    ridge = wall + deep * 0.85
    _wall(mesh, (-half, -deep), (half, -deep), wall, style.wall)
    _wall(mesh, (half, deep), (-half, deep), wall, style.wall)
    for x, y in ((half, -deep), (-half, deep)):
        _wall(mesh, (x, y), (x, -y), wall, style.wall)
        gable = [(x, y, wall), (x, -y, wall), (x, 0.0, ridge)]
        mesh.polygon(gable, style.wall, [(0.0, wall), (style.depth_m, wall), (deep, ridge)])
    _roof(mesh, style, wall, ridge)
    _front(mesh, style, -deep)
    for x in (-half + 0.6, half - 0.6):
        _gable_window(mesh, x, deep, half)
        mesh.box((x - 0.35, -0.3, ridge - 0.5), (x + 0.35, 0.3, ridge + 0.9), "brick_plain")
        mesh.lathe(
            (x, 0.0, ridge + 1.0), [(0.0, -0.1), (0.12, -0.1), (0.12, 0.1), (0.0, 0.1)], ["pot"] * 3, 10
        )
    return mesh


def _wall(
    mesh: Mesh, start: tuple[float, float], end: tuple[float, float], height_m: float, material: str
) -> None:
    run = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    corners: list[Point] = [(*start, 0.0), (*end, 0.0), (*end, height_m), (*start, height_m)]
    mesh.polygon(corners, material, [(0.0, 0.0), (run, 0.0), (run, height_m), (0.0, height_m)])


def _roof(mesh: Mesh, style: HouseStyle, wall: float, ridge: float) -> None:
    half, deep = style.length_m / 2 + 0.25, style.depth_m / 2 + EAVES_M
    low = wall - EAVES_M * 0.85
    slope = float(np.hypot(deep, ridge - low))
    uv = [(0.0, 0.0), (2 * half, 0.0), (2 * half, slope), (0.0, slope)]
    for side in (-1.0, 1.0):
        lift = 0.14
        edge: list[Point] = [
            (-half, side * deep, low),
            (half, side * deep, low),
            (half, 0.0, ridge),
            (-half, 0.0, ridge),
        ]
        top = [(x, y, z + lift) for x, y, z in edge]
        mesh.polygon(top, style.roof, uv)
        mesh.polygon(edge, "fascia")
        mesh.polygon([edge[0], edge[1], top[1], top[0]], "fascia")
        for end in ((0, 3), (1, 2)):
            mesh.polygon([edge[end[0]], edge[end[1]], top[end[1]], top[end[0]]], "fascia")
        mesh.box((-half, side * deep - 0.07, low), (half, side * deep + 0.07, low + 0.1), "gutter")


def _front(mesh: Mesh, style: HouseStyle, y: float) -> None:
    door = style.windows // 2
    for bay in range(style.windows):
        x = -style.length_m / 2 + (bay + 0.5) * style.length_m / style.windows
        _window(mesh, x, y, STOREY_M + 0.95, 0.55, 0.6)
        if bay == door:
            _door(mesh, x, y, style.door)
        else:
            _window(mesh, x, y, 0.85, 0.62, 0.68)


def _door(mesh: Mesh, x: float, y: float, paint: str) -> None:
    mesh.box((x - 0.55, y - 0.05, 0.0), (x + 0.55, y + 0.1, 2.2), "frame_white")
    mesh.box((x - 0.45, y - 0.07, 0.08), (x + 0.45, y + 0.1, 2.1), paint)
    mesh.box((x - 0.8, y - 0.7, 2.3), (x + 0.8, y, 2.42), "slate")
    mesh.box((x - 0.6, y - 0.5, 0.0), (x + 0.6, y, 0.08), "kerb")


def _window(mesh: Mesh, x: float, y: float, sill_m: float, half_m: float, half_high_m: float) -> None:
    """White frame with four panes, a sill and a lintel on the wall at y."""
    high = 2 * half_high_m
    mesh.box((x - half_m, y - 0.03, sill_m), (x + half_m, y + 0.1, sill_m + high), "frame_white")
    for column in (0, 1):
        for row in (0, 1):
            x0 = x - half_m + 0.06 + column * (half_m - 0.03)
            z0 = sill_m + 0.06 + row * (half_high_m - 0.03)
            mesh.box((x0, y - 0.035, z0), (x0 + half_m - 0.09, y, z0 + half_high_m - 0.09), "pane")
    mesh.box((x - half_m - 0.1, y - 0.12, sill_m - 0.1), (x + half_m + 0.1, y + 0.1, sill_m), "stone")
    mesh.box(
        (x - half_m - 0.12, y - 0.02, sill_m + high),
        (x + half_m + 0.12, y + 0.1, sill_m + high + 0.2),
        "stone",
    )


def _gable_window(mesh: Mesh, x: float, deep: float, half: float) -> None:
    face = half if x > 0 else -half
    low, high = sorted((face - 0.1, face + (0.03 if x > 0 else -0.03)))
    mesh.box((low, -deep * 0.4 - 0.4, 3.4), (high, -deep * 0.4 + 0.4, 4.5), "frame_white")
    low, high = sorted((face, face + (0.035 if x > 0 else -0.035)))
    mesh.box((low, -deep * 0.4 - 0.33, 3.47), (high, -deep * 0.4 + 0.33, 4.43), "pane")
