"""The film's vehicles, each built from its livery."""

from collections.abc import Callable, Mapping

from deploy.demo.film.vehicles.bus import bus
from deploy.demo.film.vehicles.light import car, van
from deploy.demo.film.vehicles.lorries import articulated, rigid
from deploy.demo.film.vehicles.model import Kind, Livery, PlateMount, Unit, Vehicle

BUILDERS: Mapping[Kind, Callable[[Livery], Vehicle]] = {
    "artic": articulated,
    "rigid": rigid,
    "van": van,
    "car": car,
    "bus": bus,
}

__all__ = ["BUILDERS", "Kind", "Livery", "PlateMount", "Unit", "Vehicle"]
