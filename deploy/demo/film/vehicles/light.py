"""The light vehicles: a panel van and a hatchback, skinned over cross-sections."""

from deploy.demo.film.mesh import Outline
from deploy.demo.film.vehicles.model import Lettering, Livery, PlateMount, Unit, Vehicle, Workshop
from deploy.demo.film.vehicles.parts import arch, axle, head_lamp, mirrors, plate_holder

Section = tuple[float, Outline]


def _section(
    x: float, keel: float, sill: float, waist: tuple[float, float], belt: tuple[float, float],
    rail: tuple[float, float], ridge: float,
) -> Section:  # fmt: skip
    """A half cross-section; pairs are (half width, height). The rail is a narrow band: the pillar."""
    inner = (rail[0] - 0.05, rail[1] + (ridge - rail[1]) * 0.45)
    return x, [(0.0, keel), (sill, keel), waist, belt, rail, inner, (0.0, ridge)]


def _paint(sections: list[Section], body: str, glass: set[tuple[int, int]]) -> list[list[str]]:
    """Body paint everywhere, dark underneath, glass in the named cells (section gap, band)."""
    rows = []
    for gap in range(len(sections) - 1):
        rows.append(
            ["glass" if (gap, band) in glass else "chassis" if band == 0 else body for band in range(6)]
        )
    return rows


def car(livery: Livery) -> Vehicle:
    """A five-door hatchback, 4.2 m long."""
    work, body = Workshop(), livery.paint("body")
    low, waist, belt, rail = 0.22, (0.89, 0.58), (0.87, 0.91), (0.63, 1.38)
    sections = [
        _section(0.86, 0.30, 0.64, (0.72, 0.44), (0.70, 0.58), (0.62, 0.66), 0.69),
        _section(0.74, low, 0.80, (0.86, 0.50), (0.83, 0.68), (0.72, 0.77), 0.81),
        _section(0.35, low, 0.83, (0.89, 0.55), (0.86, 0.76), (0.76, 0.87), 0.92),
        _section(-0.34, low, 0.84, waist, (0.87, 0.88), (0.79, 0.95), 1.00),
        _section(-0.46, low, 0.84, waist, (0.87, 0.89), (0.77, 1.02), 1.07),
        _section(-1.12, low, 0.84, waist, belt, (0.64, 1.36), 1.42),
        _section(-1.22, low, 0.84, waist, belt, rail, 1.45),
        _section(-1.70, low, 0.84, waist, belt, rail, 1.47),
        _section(-1.80, low, 0.84, waist, belt, rail, 1.47),
        _section(-2.55, low, 0.84, waist, (0.87, 0.94), (0.61, 1.36), 1.45),
        _section(-2.80, low, 0.84, waist, (0.87, 0.96), (0.60, 1.33), 1.41),
        _section(-3.18, 0.26, 0.82, (0.87, 0.6), (0.85, 0.96), (0.72, 1.02), 1.04),
        _section(-3.28, 0.28, 0.80, (0.86, 0.6), (0.84, 0.90), (0.74, 0.96), 0.98),
        _section(-3.33, 0.32, 0.74, (0.82, 0.55), (0.80, 0.78), (0.70, 0.88), 0.90),
    ]
    glass = {(4, 5), (10, 5), (5, 3), (6, 3), (8, 3), (9, 3)}
    work.subdivided.loft(sections, _paint(sections, body, glass))
    for x in (0.0, -2.58):
        arch(work.smooth, x, 0.88, 0.36)
        arch(work.smooth, x, -0.88, 0.36)
        axle(work.smooth, x, 1.80, 0.315)
    head_lamp(work, (0.5, 0.48, 0.57), (0.845, 0.74, 0.69))
    work.bevelled.box((0.6, -0.42, 0.56), (0.875, 0.42, 0.64), "black_plastic")
    work.bevelled.box((0.6, -0.64, 0.24), (0.885, 0.64, 0.38), "black_plastic")
    work.bevelled.mirrored_box((-3.32, 0.62, 0.72), (-3.1, 0.84, 0.92), "lamp_red")
    work.bevelled.box((-3.35, -0.66, 0.28), (-3.1, 0.66, 0.42), "black_plastic")
    mirrors(work, -0.75, 0.86, 0.92, 1.06, 0.16)
    plates = (PlateMount((0.905, 0.0, 0.47), "front"), PlateMount((-3.37, 0.0, 0.66), "rear"))
    for plate in plates:
        plate_holder(work.bevelled, plate)
    unit = Unit(work.meshes(), 2.58, 0.0, (), plates)
    return Vehicle("car", hgv=False, units=(unit,), front_m=0.91, rear_m=3.38)


def van(livery: Livery) -> Vehicle:
    """A high-roofed panel van, 5.5 m long, 3.5 t: bonnet, raked windscreen, plain sides."""
    work, body = Workshop(), livery.paint("body")
    low, waist, belt, rail, ridge = 0.32, (1.00, 0.85), (0.98, 1.25), (0.84, 2.32), 2.48
    sections = [
        _section(0.93, 0.36, 0.78, (0.86, 0.60), (0.82, 0.86), (0.72, 0.98), 1.02),
        _section(0.82, low, 0.92, (0.97, 0.70), (0.92, 0.98), (0.80, 1.10), 1.14),
        _section(0.25, low, 0.94, waist, (0.97, 1.16), (0.88, 1.24), 1.30),
        _section(0.18, low, 0.94, waist, (0.97, 1.18), (0.89, 1.28), 1.34),
        _section(-0.60, low, 0.94, waist, belt, (0.83, 2.08), 2.16),
        _section(-0.78, low, 0.94, waist, belt, (0.83, 2.20), 2.34),
        _section(-1.10, low, 0.94, waist, belt, rail, 2.46),
        _section(-1.22, low, 0.94, waist, belt, rail, ridge),
        _section(-2.60, low, 0.94, waist, (0.99, 1.25), (0.85, 2.32), ridge),
        _section(-4.35, low, 0.94, waist, (0.99, 1.25), (0.85, 2.32), ridge),
        _section(-4.52, 0.36, 0.93, (0.99, 0.85), (0.98, 1.25), (0.84, 2.30), 2.44),
        _section(-4.55, 0.42, 0.90, (0.96, 0.85), (0.95, 1.25), (0.82, 2.24), 2.38),
    ]
    glass = {(3, 5), (3, 3), (4, 3), (5, 3)}
    work.subdivided.loft(sections, _paint(sections, body, glass))
    for x in (0.0, -3.3):
        arch(work.smooth, x, 0.99, 0.39)
        arch(work.smooth, x, -0.99, 0.39)
        axle(work.smooth, x, 1.98, 0.345)
    head_lamp(work, (0.5, 0.56, 0.80), (0.945, 0.83, 1.0))
    work.bevelled.box((0.6, -0.50, 0.70), (0.955, 0.50, 0.92), "black_plastic")
    work.bevelled.box((0.9, -0.46, 0.79), (0.965, 0.46, 0.82), "steel")
    work.bevelled.box((0.6, -0.88, 0.34), (0.965, 0.88, 0.62), "black_plastic")
    mirrors(work, -0.20, 0.93, 1.30, 1.62, 0.18)
    _van_sides(work)
    plates = (PlateMount((0.985, 0.0, 0.48), "front"), PlateMount((-4.60, 0.0, 0.78), "rear"))
    for plate in plates:
        plate_holder(work.bevelled, plate)
    unit = Unit(work.meshes(), 3.3, 0.0, _van_words(livery), plates)
    return Vehicle("van", hgv=False, units=(unit,), front_m=0.99, rear_m=4.6)


def _van_sides(work: Workshop) -> None:
    side = work.bevelled
    side.mirrored_box((-4.2, 0.96, 0.62), (0.5, 1.012, 0.74), "black_plastic")
    side.mirrored_box((-1.27, 0.95, 0.45), (-1.255, 1.004, 1.25), "cavity")
    side.mirrored_box((-2.6, 0.95, 0.45), (-2.585, 1.006, 1.25), "cavity")
    side.mirrored_box((-4.56, 0.84, 0.95), (-4.4, 0.985, 1.55), "lamp_red")
    side.mirrored_box((-4.575, 0.16, 1.42), (-4.5, 0.74, 2.02), "glass")
    side.box((-4.572, -0.006, 0.5), (-4.5, 0.006, 2.25), "cavity")
    side.box((-4.62, -0.94, 0.36), (-4.4, 0.94, 0.56), "black_plastic")


def _van_words(livery: Livery) -> tuple[Lettering, ...]:
    if not livery.operator:
        return ()
    accent = livery.paint("accent")
    return (
        Lettering(livery.operator, (-2.9, 0.945, 1.62), "left", 0.24, accent),
        Lettering(livery.operator, (-2.9, -0.945, 1.62), "right", 0.24, accent),
        Lettering(livery.telephone, (-2.9, 1.0, 1.08), "left", 0.16, accent),
        Lettering(livery.telephone, (-2.9, -1.0, 1.08), "right", 0.16, accent),
    )
