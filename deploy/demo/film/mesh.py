"""Polygon meshes as plain numbers: what vehicles and street furniture are built of.

Nothing here knows Blender: the same vertices serve the renderer, the moving part's mask and the ground truth.
Lengths are metres; vehicles point along +x, y is to their left, z is up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float, float]
Outline = Sequence[tuple[float, float]]
Finish = Literal["bevelled", "smooth", "subdivided"]


@dataclass
class Mesh:
    """Vertices (metres), polygons by vertex index, and a material name and UV outline for each polygon."""

    vertices: list[Point] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    uvs: list[Outline | None] = field(default_factory=list)

    def polygon(self, corners: Sequence[Point], material: str, uv: Outline | None = None) -> None:
        """Add one polygon; corners run anticlockwise seen from outside."""
        first = len(self.vertices)
        self.vertices.extend(corners)
        self._face(tuple(range(first, first + len(corners))), material, uv)

    def box(self, low: Point, high: Point, material: str) -> None:
        """Add an axis-aligned box."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        self.prism([(x0, z0), (x1, z0), (x1, z1), (x0, z1)], y0, y1, material)

    def mirrored_box(self, low: Point, high: Point, material: str) -> None:
        """Add a box on the left (y > 0) and its mirror image on the right."""
        self.box(low, high, material)
        self.box((low[0], -high[1], low[2]), (high[0], -low[1], high[2]), material)

    def prism(self, outline_xz: Outline, y0: float, y1: float, material: str) -> None:
        """Add a side outline (anticlockwise in x, z) drawn out from y0 to y1."""
        count, first = len(outline_xz), len(self.vertices)
        self.vertices.extend((x, y0, z) for x, z in outline_xz)
        self.vertices.extend((x, y1, z) for x, z in outline_xz)
        right = tuple(range(first, first + count))
        self._face(right, material)
        self._face(tuple(index + count for index in reversed(right)), material)
        for here in range(count):
            after = (here + 1) % count
            self._face((first + after, first + here, first + here + count, first + after + count), material)

    def lathe(self, centre: Point, outline: Outline, materials: Sequence[str], segments: int = 28) -> None:
        """Turn an outline of (radius, y) about the axle through `centre`; one material for each band."""
        first, count = len(self.vertices), len(outline)
        for turn in np.linspace(0.0, 2.0 * np.pi, segments, endpoint=False):
            cos, sin = float(np.cos(turn)), float(np.sin(turn))
            self.vertices.extend(
                (centre[0] + r * cos, centre[1] + y, centre[2] + r * sin) for r, y in outline
            )
        for segment in range(segments):
            here, after = first + segment * count, first + (segment + 1) % segments * count
            for band in range(count - 1):
                face = (here + band, here + band + 1, after + band + 1, after + band)
                self._face(face, materials[band])

    def loft(self, rings: Sequence[tuple[float, Outline]], materials: Sequence[Sequence[str]]) -> None:
        """Skin half sections (x, [(y, z) from the keel to the ridge]) and their mirror image.

        `materials[i][j]` paints the cell between sections i and i+1 and section points j and j+1; the end
        caps take the first and last rows' paint.
        """
        count, first = len(rings[0][1]), len(self.vertices)
        loop = 2 * count - 2
        for x, half in rings:
            self.vertices.extend((x, y, z) for y, z in half)
            self.vertices.extend((x, -y, z) for y, z in reversed(half[1:-1]))
        for ring in range(len(rings) - 1):
            for cell in range(loop):
                here, after = first + ring * loop, first + (ring + 1) * loop
                step = (cell + 1) % loop
                band = cell if cell < count - 1 else loop - 1 - cell
                self._face((here + cell, here + step, after + step, after + cell), materials[ring][band])
        last = first + (len(rings) - 1) * loop
        self._cap(first, count, materials[0], forward=True)
        self._cap(last, count, materials[-1], forward=False)

    def _cap(self, first: int, count: int, materials: Sequence[str], *, forward: bool) -> None:
        loop = 2 * count - 2
        for band in range(count - 1):
            other, above = (loop - band) % loop, loop - band - 1
            corners = [first + band, first + other, first + above, first + band + 1]
            face = tuple(dict.fromkeys(corners))
            self._face(tuple(reversed(face)) if forward else face, materials[band])

    def _face(self, face: tuple[int, ...], material: str, uv: Outline | None = None) -> None:
        self.faces.append(face)
        self.materials.append(material)
        self.uvs.append(uv)


def points(mesh: Mesh) -> NDArray[np.float64]:
    """The vertices as an array, shape (n, 3), metres."""
    return np.asarray(mesh.vertices, dtype=np.float64).reshape(-1, 3)
