"""How the figures move with what a force can choose and what it cannot: window, misses, officers' errors."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from enforcement.simulation.county import simulate
from enforcement.simulation.figures import Figures
from enforcement.simulation.village import County

SPARE_S = (30.0, 60.0, 90.0, 120.0, 180.0, 300.0, 480.0)
MISSED = (0.005, 0.02, 0.05, 0.10)
OFFICER_ERROR = (0.0, 0.01, 0.02, 0.05, 0.10)


@dataclass(frozen=True)
class Cell:
    """One county that differs from the others of its row in one value."""

    what: str
    value: float
    county: County


@dataclass(frozen=True)
class Moved:
    """What a cell gave."""

    cell: Cell
    figures: Figures

    def as_json(self) -> dict[str, Any]:
        """The figures that matter, as plain values."""
        figures = self.figures
        return {
            self.cell.what: self.cell.value,
            "passages": figures.totals["passages"],
            "share_right": round(figures.share_right(), 5),
            "letters": figures.totals["letters"],
            "wrong_letters": figures.totals["wrong_letters"],
            "wrong_letters_in_10000": round(figures.wrong_in_ten_thousand(), 2),
            "share_of_breaches_found": round(figures.found_share(), 4),
        }


def cells(county: County) -> Iterator[Cell]:
    """The county with each of the values in turn, all else as it is."""
    for value in SPARE_S:
        windows = msgspec.structs.replace(county.choices.windows, spare_s=value)
        choices = msgspec.structs.replace(county.choices, windows=windows)
        yield Cell("window_spare_s", value, replace(county, choices=choices))
    parameters = county.parameters
    for value in MISSED:
        cameras = msgspec.structs.replace(parameters.cameras, missed=value)
        changed = msgspec.structs.replace(parameters, cameras=cameras)
        yield Cell("missed_by_camera", value, replace(county, parameters=changed))
    for value in OFFICER_ERROR:
        people = msgspec.structs.replace(parameters.people, officer_error=value)
        changed = msgspec.structs.replace(parameters, people=people)
        yield Cell("officer_error", value, replace(county, parameters=changed))


def sweep(county: County, passages: int, pool: ProcessPoolExecutor, at_once: int) -> Iterator[Moved]:
    """The figures of each cell, by so many passages."""
    for cell in cells(county):
        yield Moved(cell, simulate(cell.county, passages, pool, at_once))
