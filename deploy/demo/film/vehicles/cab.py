"""The forward-control cab of a lorry: flat front, raked windscreen, grille, bumper, steps."""

from dataclasses import dataclass

from deploy.demo.film.vehicles.model import Lettering, Livery, PlateMount, Workshop
from deploy.demo.film.vehicles.parts import head_lamp, mirrors, plate_holder

HALF_WIDTH_M = 1.23
NOSE_M = 1.42
NAME_BOARD_M = 0.27


@dataclass(frozen=True)
class CabShape:
    """Heights in metres above the ground, and how far the cab reaches behind the front axle."""

    sill_m: float
    glass_low_m: float
    glass_high_m: float
    roof_m: float
    back_m: float


TRACTOR = CabShape(sill_m=1.12, glass_low_m=1.78, glass_high_m=2.72, roof_m=3.25, back_m=0.85)
DISTRIBUTION = CabShape(sill_m=1.02, glass_low_m=1.52, glass_high_m=2.36, roof_m=2.62, back_m=0.70)

PLATE = PlateMount((NOSE_M + 0.045, 0.0, 0.52), "front")


def add_cab(work: Workshop, shape: CabShape, livery: Livery) -> tuple[Lettering, ...]:
    """Build a cab about the front axle; returns the words on its forehead."""
    _shell(work, shape, livery)
    _glass(work, shape)
    _face(work, shape, livery)
    _sides(work, shape)
    mirrors(work, NOSE_M - 0.05, HALF_WIDTH_M, shape.glass_low_m + 0.2, shape.glass_high_m - 0.12, 0.17)
    plate_holder(work.bevelled, PLATE)
    if not livery.operator:
        return ()
    board, low = _front_at(shape, shape.glass_high_m) + 0.02, shape.glass_high_m + 0.14
    work.bevelled.box((board - 0.3, -1.0, low), (board, 1.0, low + NAME_BOARD_M), livery.paint("cab"))
    height = min(0.19, 2.2 / len(livery.operator))
    return (
        Lettering(
            livery.operator,
            (board + 0.006, 0.0, low + NAME_BOARD_M / 2),
            "front",
            height,
            livery.paint("accent"),
        ),
    )


def _front_at(shape: CabShape, z: float) -> float:
    """How far forward the cab's front lies at a height: upright to the glass, then raked back."""
    if z <= shape.glass_low_m:
        return NOSE_M
    if z <= shape.glass_high_m:
        return NOSE_M - 0.16 * (z - shape.glass_low_m) / (shape.glass_high_m - shape.glass_low_m)
    return NOSE_M - 0.16 - 0.28 * (z - shape.glass_high_m) / (shape.roof_m - shape.glass_high_m)


def _shell(work: Workshop, shape: CabShape, livery: Livery) -> None:
    outline = [
        (-shape.back_m, shape.sill_m),
        (NOSE_M - 0.02, shape.sill_m - 0.2),
        (NOSE_M, shape.sill_m),
        (NOSE_M, shape.glass_low_m),
        (NOSE_M - 0.16, shape.glass_high_m),
        (NOSE_M - 0.44, shape.roof_m),
        (-shape.back_m, shape.roof_m + 0.05),
    ]
    work.bevelled.prism(outline, -HALF_WIDTH_M, HALF_WIDTH_M, livery.paint("cab"))
    step = [(0.62, 0.38), (NOSE_M - 0.06, 0.38), (NOSE_M - 0.06, 1.1), (0.56, 1.1)]
    for y0 in (HALF_WIDTH_M - 0.5, -HALF_WIDTH_M + 0.02):
        work.bevelled.prism(step, y0, y0 + 0.48, "bumper")
    work.bevelled.mirrored_box(
        (0.7, HALF_WIDTH_M - 0.03, 0.62), (1.2, HALF_WIDTH_M + 0.01, 0.74), "black_plastic"
    )


def _glass(work: Workshop, shape: CabShape) -> None:
    low, high = shape.glass_low_m + 0.05, shape.glass_high_m - 0.03
    outline = [
        (_front_at(shape, low) - 0.05, low),
        (_front_at(shape, low) + 0.012, low),
        (_front_at(shape, high) + 0.012, high),
        (_front_at(shape, high) - 0.05, high),
    ]
    work.bevelled.prism(outline, -HALF_WIDTH_M + 0.1, HALF_WIDTH_M - 0.1, "glass")
    visor = _front_at(shape, high) + 0.02
    work.bevelled.prism(
        [(visor, high - 0.02), (visor + 0.2, high - 0.1), (visor + 0.21, high - 0.06), (visor, high + 0.14)],
        -HALF_WIDTH_M + 0.06, HALF_WIDTH_M - 0.06, "tinted",
    )  # fmt: skip
    for y in (-0.75, 0.0, 0.75):
        wiper = _front_at(shape, low) + 0.02
        work.bevelled.box(
            (wiper, y - 0.32, low + 0.02), (wiper + 0.015, y + 0.32, low + 0.045), "black_plastic"
        )


def _face(work: Workshop, shape: CabShape, livery: Livery) -> None:
    low, high = shape.sill_m - 0.12, shape.glass_low_m - 0.16
    work.bevelled.box((NOSE_M - 0.03, -0.86, low), (NOSE_M + 0.012, 0.86, high), "black_plastic")
    bars = 4
    for bar in range(bars):
        z = low + (bar + 0.5) * (high - low) / bars
        work.bevelled.box(
            (NOSE_M, -0.8, z - 0.03), (NOSE_M + 0.03, 0.8, z + 0.03), "steel" if bar else "grille"
        )
    work.bevelled.box((NOSE_M + 0.01, -0.12, high - 0.02), (NOSE_M + 0.04, 0.12, high + 0.1), "steel")
    bumper = [
        (NOSE_M - 0.3, 0.36),
        (NOSE_M - 0.02, 0.36),
        (NOSE_M + 0.03, 0.44),
        (NOSE_M + 0.03, 0.86),
        (NOSE_M - 0.3, 0.9),
    ]
    work.bevelled.prism(bumper, -HALF_WIDTH_M, HALF_WIDTH_M, "bumper")
    work.bevelled.box((NOSE_M, -0.62, 0.36), (NOSE_M + 0.036, 0.62, 0.7), "black_plastic")
    head_lamp(work, (NOSE_M - 0.05, 0.7, 0.62), (NOSE_M + 0.055, 1.16, 0.80))
    work.bevelled.mirrored_box((NOSE_M, 0.76, 0.42), (NOSE_M + 0.045, 0.92, 0.52), "lamp_clear_off")


def _sides(work: Workshop, shape: CabShape) -> None:
    low, high = shape.glass_low_m + 0.02, shape.glass_high_m - 0.06
    window = [(0.12, low + 0.06), (0.9, low - 0.14), (NOSE_M - 0.16, low), (NOSE_M - 0.3, high), (0.12, high)]
    work.bevelled.prism(window, HALF_WIDTH_M - 0.03, HALF_WIDTH_M + 0.012, "glass")
    work.bevelled.prism(window, -HALF_WIDTH_M - 0.012, -HALF_WIDTH_M + 0.03, "glass")
    for x in (0.06, NOSE_M - 0.1):
        work.bevelled.mirrored_box(
            (x, HALF_WIDTH_M - 0.02, shape.sill_m), (x + 0.015, HALF_WIDTH_M + 0.004, high), "cavity"
        )
    work.bevelled.mirrored_box(
        (0.14, HALF_WIDTH_M, low - 0.28), (0.34, HALF_WIDTH_M + 0.03, low - 0.22), "black_plastic"
    )
