"""The two lorries: an articulated curtain-sider and a two-axle box lorry."""

from deploy.demo.film.mesh import Mesh
from deploy.demo.film.vehicles import cab
from deploy.demo.film.vehicles.model import Lettering, Livery, PlateMount, Unit, Vehicle, Workshop
from deploy.demo.film.vehicles.parts import (
    axle,
    barn_doors,
    mudguard,
    plate_holder,
    rear_lorry_lamps,
    under_run_bar,
)

WHEEL_RADIUS_M = 0.50
TRAILER_RADIUS_M = 0.48
BODY_HALF_WIDTH_M = 1.27


def articulated(livery: Livery) -> Vehicle:
    """A two-axle tractor with a tri-axle curtain-sided trailer, about 16 m long."""
    return Vehicle(
        kind="artic",
        hgv=True,
        units=(_tractor(livery), _trailer(livery)),
        front_m=cab.NOSE_M,
        rear_m=3.1 + 11.6,
    )


def rigid(livery: Livery) -> Vehicle:
    """An 18-tonne box lorry with rear doors, about 9.5 m long."""
    work, rear, wheelbase = Workshop(), -7.9, 5.2
    words = cab.add_cab(work, cab.DISTRIBUTION, livery)
    front, low, high = -0.85, 1.12, 3.55
    work.bevelled.box((rear, -BODY_HALF_WIDTH_M, low), (front, BODY_HALF_WIDTH_M, high), livery.paint("body"))
    work.bevelled.mirrored_box(
        (rear, BODY_HALF_WIDTH_M - 0.02, low - 0.02), (front, BODY_HALF_WIDTH_M + 0.012, low + 0.1), "frame"
    )
    work.bevelled.mirrored_box(
        (rear, BODY_HALF_WIDTH_M - 0.02, high - 0.08),
        (front, BODY_HALF_WIDTH_M + 0.012, high + 0.02),
        "frame",
    )
    work.bevelled.mirrored_box(
        (rear + 0.2, BODY_HALF_WIDTH_M, low + 0.35),
        (front - 0.2, BODY_HALF_WIDTH_M + 0.006, low + 0.5),
        livery.paint("accent"),
    )
    _roof_deflector(work.bevelled, livery, cab.DISTRIBUTION.roof_m, high)
    _chassis(work.bevelled, rear, front + 0.2)
    _side_guards(work.bevelled, -wheelbase + 0.75, -1.0)
    axle(work.smooth, 0.0, 2.44, WHEEL_RADIUS_M)
    axle(work.smooth, -wheelbase, 2.46, WHEEL_RADIUS_M, twin=True)
    mudguard(work.bevelled, -wheelbase, WHEEL_RADIUS_M, 1.24)
    plate = _rear_end(work, livery, rear, low, high)
    middle = ((rear + front) / 2, 0.0, (low + high) / 2 + 0.3)
    return Vehicle(
        kind="rigid",
        hgv=True,
        units=(
            Unit(
                work.meshes(), wheelbase, 0.0, words + _side_words(livery, middle, 0.42), (cab.PLATE, plate)
            ),
        ),
        front_m=cab.NOSE_M,
        rear_m=-rear,
    )


def _tractor(livery: Livery) -> Unit:
    work, wheelbase = Workshop(), 3.7
    words = cab.add_cab(work, cab.TRACTOR, livery)
    _roof_deflector(work.bevelled, livery, cab.TRACTOR.roof_m, 3.72)
    _chassis(work.bevelled, -4.4, -0.5)
    for y0 in (-1.22, 0.62):
        work.bevelled.box((-2.5, y0, 0.42), (-0.7, y0 + 0.6, 1.05), "steel" if y0 > 0 else "black_plastic")
    work.bevelled.mirrored_box(
        (-1.35, cab.HALF_WIDTH_M - 0.04, 1.1), (-0.85, cab.HALF_WIDTH_M, 3.7), livery.paint("cab")
    )
    axle(work.smooth, 0.0, 2.46, WHEEL_RADIUS_M)
    axle(work.smooth, -wheelbase, 2.48, WHEEL_RADIUS_M, twin=True)
    mudguard(work.bevelled, -wheelbase, WHEEL_RADIUS_M, 1.25)
    return Unit(work.meshes(), wheelbase, 0.0, words, (cab.PLATE,))


def _trailer(livery: Livery) -> Unit:
    work, front, rear, low, high = Workshop(), 1.35, -11.6, 1.25, 4.05
    side = BODY_HALF_WIDTH_M
    work.bevelled.box((rear, -side + 0.015, low), (front, side - 0.015, high), livery.paint("body"))
    work.bevelled.mirrored_box((rear, side - 0.06, high - 0.14), (front, side + 0.01, high + 0.03), "frame")
    work.bevelled.mirrored_box((rear, side - 0.06, low - 0.1), (front, side + 0.01, low + 0.05), "frame")
    work.bevelled.box((front - 0.04, -side, low), (front + 0.03, side, high + 0.03), "frame")
    straps = 19
    for strap in range(straps):
        x = rear + 0.4 + strap * (front - rear - 0.8) / (straps - 1)
        work.bevelled.mirrored_box(
            (x - 0.016, side - 0.02, low - 0.05), (x + 0.016, side + 0.001, high - 0.1), "steel_dark"
        )
        work.bevelled.mirrored_box(
            (x - 0.03, side - 0.02, low - 0.02), (x + 0.03, side + 0.02, low + 0.16), "frame"
        )
    _chassis(work.bevelled, rear, front - 0.6)
    _side_guards(work.bevelled, -5.6, -1.9)
    for x in (-6.4, -7.7, -9.0):
        axle(work.smooth, x, 2.5, TRAILER_RADIUS_M, twin=False)
        mudguard(work.bevelled, x, TRAILER_RADIUS_M, 1.25)
    plate = _rear_end(work, livery, rear, low, high)
    middle = ((rear + front) / 2, 0.0, (low + high) / 2 + 0.25)
    return Unit(work.meshes(), 7.7, 3.1, _side_words(livery, middle, 0.62), (plate,))


def _rear_end(work: Workshop, livery: Livery, rear: float, low: float, high: float) -> PlateMount:
    """Doors, lamps, bar and plate; the plate hangs from the bar between the lamp clusters."""
    barn_doors(work, rear - 0.06, BODY_HALF_WIDTH_M, low, high, livery.paint("body"))
    under_run_bar(work, rear - 0.02, BODY_HALF_WIDTH_M, 0.52)
    work.bevelled.box(
        (rear - 0.04, -BODY_HALF_WIDTH_M + 0.04, low - 0.36),
        (rear + 0.06, BODY_HALF_WIDTH_M - 0.04, low - 0.1),
        "chassis",
    )
    rear_lorry_lamps(work, rear - 0.05, BODY_HALF_WIDTH_M, low - 0.24)
    plate = PlateMount((rear - 0.075, 0.0, low - 0.24), "rear")
    plate_holder(work.bevelled, plate)
    return plate


def _chassis(mesh: Mesh, rear: float, front: float) -> None:
    mesh.mirrored_box((rear, 0.36, 0.85), (front, 0.46, 1.15), "chassis")
    for step in range(4):
        x = rear + (step + 0.5) * (front - rear) / 4
        mesh.box((x - 0.06, -0.4, 0.9), (x + 0.06, 0.4, 1.1), "chassis")


def _side_guards(mesh: Mesh, rear: float, front: float) -> None:
    for z in (0.5, 0.85):
        mesh.mirrored_box((rear, 1.2, z), (front, 1.23, z + 0.14), "steel")
    for x in (rear + 0.3, (rear + front) / 2, front - 0.3):
        mesh.mirrored_box((x, 1.15, 0.5), (x + 0.06, 1.2, 1.15), "chassis")


def _roof_deflector(mesh: Mesh, livery: Livery, roof_m: float, top_m: float) -> None:
    outline = [(0.72, roof_m), (0.35, roof_m + (top_m - roof_m) * 0.6), (-0.62, top_m), (-0.7, roof_m)]
    mesh.prism(list(reversed(outline)), -0.98, 0.98, livery.paint("cab"))


def _side_words(livery: Livery, middle: tuple[float, float, float], height_m: float) -> tuple[Lettering, ...]:
    x, _, z = middle
    words = []
    for facing, y in (("left", BODY_HALF_WIDTH_M + 0.012), ("right", -BODY_HALF_WIDTH_M - 0.012)):
        for text, drop, height in ((livery.operator, 0.0, height_m), (livery.telephone, 1.0, height_m * 0.5)):
            if text:
                place = (x, y, z - drop * height_m * 1.5)
                words.append(Lettering(text, place, facing, height, livery.paint("accent")))  # type: ignore[arg-type] # literal pair
    return tuple(words)
