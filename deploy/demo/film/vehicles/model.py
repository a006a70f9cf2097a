"""What a vehicle is made of: rigid units with meshes, lettering and places for number plates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from deploy.demo.film.mesh import Finish, Mesh, Point

Kind = Literal["artic", "rigid", "van", "car", "bus"]
Facing = Literal["front", "rear", "left", "right"]

PLATE_WIDTH_M = 0.520
PLATE_HEIGHT_M = 0.111


@dataclass(frozen=True)
class Lettering:
    """Words on a surface: centre in the unit's frame (metres), cap height, and a material name."""

    text: str
    centre: Point
    facing: Facing
    height_m: float
    material: str


@dataclass(frozen=True)
class PlateMount:
    """Where a plate hangs on its unit; front plates are white, rear plates yellow."""

    centre: Point
    facing: Literal["front", "rear"]

    def corners(self) -> list[Point]:
        """Corners seen from outside: top left, top right, bottom right, bottom left."""
        x, y, z = self.centre
        left = PLATE_WIDTH_M / 2 if self.facing == "rear" else -PLATE_WIDTH_M / 2
        top, bottom = z + PLATE_HEIGHT_M / 2, z - PLATE_HEIGHT_M / 2
        return [(x, y + left, top), (x, y - left, top), (x, y - left, bottom), (x, y + left, bottom)]


@dataclass(frozen=True)
class Unit:
    """A rigid piece: its origin is its front axle (a trailer's: its kingpin) on the ground.

    `behind_m` is how far the origin lies behind the vehicle's front axle, `wheelbase_m` the distance from the
    origin back to the axle that follows the road.
    """

    meshes: Mapping[Finish, Mesh]
    wheelbase_m: float
    behind_m: float = 0.0
    lettering: tuple[Lettering, ...] = ()
    plates: tuple[PlateMount, ...] = ()


@dataclass(frozen=True)
class Vehicle:
    """A whole vehicle; `front_m` and `rear_m` reach from the front axle to its two ends."""

    kind: Kind
    hgv: bool
    units: tuple[Unit, ...]
    front_m: float
    rear_m: float


@dataclass(frozen=True)
class Livery:
    """Paint as RRGGBB, and the words a vehicle carries (both may be empty)."""

    cab: str
    body: str
    accent: str
    operator: str = ""
    telephone: str = ""

    def paint(self, where: Literal["cab", "body", "accent"]) -> str:
        """The material name of a paint."""
        return f"paint:{getattr(self, where)}"


@dataclass
class Workshop:
    """Meshes of one unit while it is being built, by how their edges are finished."""

    bevelled: Mesh = field(default_factory=Mesh)
    smooth: Mesh = field(default_factory=Mesh)
    subdivided: Mesh = field(default_factory=Mesh)

    def meshes(self) -> dict[Finish, Mesh]:
        """The meshes that hold anything."""
        made: dict[Finish, Mesh] = {
            "bevelled": self.bevelled,
            "smooth": self.smooth,
            "subdivided": self.subdivided,
        }
        return {finish: mesh for finish, mesh in made.items() if mesh.faces}
