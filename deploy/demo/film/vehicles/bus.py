"""A single-deck village bus: long glass, a door, a destination display."""

from deploy.demo.film.vehicles.model import Lettering, Livery, PlateMount, Unit, Vehicle, Workshop
from deploy.demo.film.vehicles.parts import axle, head_lamp, mirrors, plate_holder

HALF_WIDTH_M = 1.25
FRONT_M, REAR_M, ROOF_M = 2.5, -8.2, 3.0


def bus(livery: Livery) -> Vehicle:
    """A 10.7 m low-floor bus."""
    work = Workshop()
    _shell(work, livery)
    _front(work, livery)
    _side_glass(work)
    _back(work)
    for x in (0.0, -5.6):
        axle(work.smooth, x, 2.51, 0.48, twin=x < 0)
        work.bevelled.mirrored_box(
            (x - 0.62, HALF_WIDTH_M - 0.3, 0.3), (x + 0.62, HALF_WIDTH_M + 0.004, 1.08), "cavity"
        )
    plates = (
        PlateMount((FRONT_M + 0.035, 0.0, 0.52), "front"),
        PlateMount((REAR_M - 0.035, 0.0, 0.78), "rear"),
    )
    for plate in plates:
        plate_holder(work.bevelled, plate)
    unit = Unit(work.meshes(), 5.6, 0.0, _words(livery), plates)
    return Vehicle("bus", hgv=False, units=(unit,), front_m=FRONT_M, rear_m=-REAR_M)


def _shell(work: Workshop, livery: Livery) -> None:
    outline = [
        (REAR_M, 0.34), (FRONT_M - 0.1, 0.30), (FRONT_M, 0.42), (FRONT_M, 1.1), (FRONT_M - 0.14, 2.45),
        (FRONT_M - 0.42, ROOF_M), (REAR_M + 0.2, ROOF_M), (REAR_M, ROOF_M - 0.3),
    ]  # fmt: skip
    work.bevelled.prism(outline, -HALF_WIDTH_M, HALF_WIDTH_M, livery.paint("body"))
    work.bevelled.box((REAR_M + 0.6, -0.85, ROOF_M), (-4.2, 0.85, ROOF_M + 0.16), "frame")
    work.bevelled.mirrored_box(
        (REAR_M, HALF_WIDTH_M - 0.02, 0.34),
        (FRONT_M - 0.2, HALF_WIDTH_M + 0.006, 0.62),
        livery.paint("accent"),
    )


def _front(work: Workshop, livery: Livery) -> None:
    lean = 0.14 / 1.35
    screen = [
        (FRONT_M - 0.06, 1.14),
        (FRONT_M + 0.012, 1.12),
        (FRONT_M + 0.012 - lean * 1.25, 2.38),
        (FRONT_M - 0.25, 2.38),
    ]
    work.bevelled.prism(screen, -1.16, 1.16, "glass")
    work.bevelled.box((FRONT_M - 0.1, -0.014, 1.14), (FRONT_M - 0.05, 0.014, 2.3), "cavity")
    display = [(FRONT_M - 0.5, 2.46), (FRONT_M - 0.12, 2.46), (FRONT_M - 0.12, 2.8), (FRONT_M - 0.5, 2.8)]
    work.bevelled.prism(display, -0.98, 0.98, "display")
    work.bevelled.box((FRONT_M - 0.05, -1.22, 0.34), (FRONT_M + 0.025, 1.22, 0.62), livery.paint("accent"))
    head_lamp(work, (FRONT_M - 0.05, 0.72, 0.68), (FRONT_M + 0.03, 1.14, 0.88))
    work.bevelled.box((FRONT_M - 0.02, -0.5, 0.8), (FRONT_M + 0.01, 0.5, 0.98), "black_plastic")
    mirrors(work, FRONT_M + 0.1, HALF_WIDTH_M - 0.02, 1.9, 2.35, 0.2)


def _side_glass(work: Workshop) -> None:
    work.bevelled.mirrored_box(
        (REAR_M + 0.5, HALF_WIDTH_M - 0.02, 1.25), (FRONT_M - 0.3, HALF_WIDTH_M + 0.008, 2.4), "glass"
    )
    for post in range(7):
        x = REAR_M + 1.7 + post * 1.35
        work.bevelled.mirrored_box((x, HALF_WIDTH_M, 1.25), (x + 0.05, HALF_WIDTH_M + 0.014, 2.4), "cavity")
    # The door is on the nearside (left), where British passengers wait.
    work.bevelled.box((0.85, HALF_WIDTH_M - 0.05, 0.4), (2.05, HALF_WIDTH_M + 0.015, 2.4), "black_plastic")
    for x in (0.92, 1.49):
        work.bevelled.box((x, HALF_WIDTH_M, 0.6), (x + 0.5, HALF_WIDTH_M + 0.022, 2.3), "glass")


def _back(work: Workshop) -> None:
    work.bevelled.box((REAR_M - 0.012, -1.05, 1.55), (REAR_M + 0.05, 1.05, 2.35), "glass")
    work.bevelled.box((REAR_M - 0.015, -0.8, 0.98), (REAR_M + 0.05, 0.8, 1.4), "black_plastic")
    for slat in range(4):
        work.bevelled.box(
            (REAR_M - 0.03, -0.78, 1.02 + slat * 0.1), (REAR_M, 0.78, 1.05 + slat * 0.1), "cavity"
        )
    work.bevelled.mirrored_box((REAR_M - 0.02, 0.98, 0.8), (REAR_M + 0.05, 1.18, 1.02), "lamp_red")
    work.bevelled.mirrored_box((REAR_M - 0.02, 0.98, 1.06), (REAR_M + 0.05, 1.18, 1.2), "lamp_amber")
    work.bevelled.box((REAR_M - 0.025, -1.24, 0.36), (REAR_M + 0.05, 1.24, 0.6), "black_plastic")


def _words(livery: Livery) -> tuple[Lettering, ...]:
    accent = livery.paint("accent")
    return (
        Lettering("7 Thornwick", (FRONT_M - 0.114, 0.0, 2.63), "front", 0.2, "amber_dots"),
        Lettering(livery.operator, (-3.0, HALF_WIDTH_M + 0.012, 0.98), "left", 0.26, accent),
        Lettering(livery.operator, (-3.0, -HALF_WIDTH_M - 0.012, 0.98), "right", 0.26, accent),
        Lettering("7", (REAR_M - 0.02, 0.0, 2.62), "rear", 0.2, accent),
    )
