"""The finders that are compared, behind one seam: a crop in, places to read out."""

from __future__ import annotations

from collections.abc import Callable

from edge.frames import Picture
from edge.plates.localise import PlateLocaliser, PlatePatch
from edge.plates.quads import halves, height_px, straightened, widened, width_px
from edge.training.finder.contender import FoundPlate, PlateFinder
from edge.weights import Weights

Places = Callable[[Picture], list[PlatePatch]]

MARGIN = 0.08
"""What is added around a found plate before it is read, in its heights."""
LINE_MARGIN = 0.04
TWO_LINES_BELOW = 2.2
"""Width to height between a two-line plate (285 x 203 mm) and a one-line plate seen askew."""


def patch_of(
    crop: Picture, plate: FoundPlate, margin: float = MARGIN, line_margin: float = LINE_MARGIN
) -> PlatePatch:
    """A found plate straightened, whole for one reader and line by line for the other."""
    quad = plate.corners
    two_lines = width_px(quad) < TWO_LINES_BELOW * max(height_px(quad), 1.0)
    lines = halves(quad) if two_lines else (quad,)
    read = tuple(straightened(crop, widened(line, line_margin)) for line in lines)
    return PlatePatch(quad, straightened(crop, widened(quad, margin)), read, plate.score)


def compared(weights: Weights, threads: int, least_score: float) -> dict[str, Places]:
    """The trained finder, and the text detector with its rules at two sizes."""
    finder = PlateFinder(threads, least_score)
    near, far = (PlateLocaliser(weights, threads, long_side_px) for long_side_px in (640, 320))

    def found(crop: Picture) -> list[PlatePatch]:
        return [patch_of(crop, plate) for plate in finder.find(crop)]

    return {"finder": found, "PP-OCR tiny at 640": near.find, "PP-OCR tiny at 320": far.find}
