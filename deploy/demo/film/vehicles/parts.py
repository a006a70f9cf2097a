"""Parts that several vehicles share: wheels, lamps, cabs, doors, under-run bars."""

from deploy.demo.film.mesh import Mesh, Point
from deploy.demo.film.vehicles.model import PlateMount, Workshop


def wheel(mesh: Mesh, centre: Point, radius_m: float, width_m: float) -> None:
    """A tyre with shoulders, a dished steel rim and a hub; its outer side faces outwards."""
    out = 1.0 if centre[1] > 0 else -1.0
    half, rim = width_m / 2, radius_m * 0.60
    outline = [
        (0.0, -half),
        (radius_m * 0.92, -half),
        (radius_m, -half * 0.7),
        (radius_m, half * 0.7),
        (radius_m * 0.92, half),
        (rim * 1.04, half * 0.95),
        (rim, half * 0.9),
        (rim * 0.92, half * 0.35),
        (rim * 0.45, half * 0.35),
        (rim * 0.38, half * 0.9),
        (0.0, half * 0.95),
    ]
    bands = ["rubber"] * 5 + ["rim"] * 2 + ["rim_dark", "rim", "rim"]
    mesh.lathe(centre, [(r, y * out) for r, y in outline], bands)


def axle(mesh: Mesh, x: float, track_m: float, radius_m: float, *, twin: bool = False) -> None:
    """The wheels of one axle; `track_m` is the width over the tyres."""
    width = 0.58 if twin else min(0.32, radius_m * 0.62)
    for side in (1.0, -1.0):
        wheel(mesh, (x, side * (track_m / 2 - width / 2), radius_m), radius_m, width)


def arch(mesh: Mesh, x: float, y: float, radius_m: float) -> None:
    """A dark disc on the body's side that reads as the opening over a wheel."""
    out = 0.012 if y > 0 else -0.012
    outline = [(0.0, out), (radius_m, out), (radius_m, -8 * out)]
    mesh.lathe((x, y, radius_m), outline, ["cavity", "cavity"])


def mudguard(mesh: Mesh, x: float, radius_m: float, outside_m: float) -> None:
    """A flat-topped guard over a lorry's wheels, both sides."""
    top, reach = 2 * radius_m + 0.06, radius_m + 0.1
    outline = [
        (x - reach, radius_m * 0.9),
        (x - reach + 0.05, radius_m * 0.9),
        (x - reach * 0.6, top),
        (x + reach * 0.6, top),
        (x + reach - 0.05, radius_m * 0.9),
        (x + reach, radius_m * 0.9),
        (x + reach * 0.65, top + 0.05),
        (x - reach * 0.65, top + 0.05),
    ]
    for y0 in (outside_m - 0.6, -outside_m):
        mesh.prism(outline, y0, y0 + 0.6, "black_plastic")


def plate_holder(mesh: Mesh, mount: PlateMount) -> None:
    """The dark frame that a number plate sits on."""
    x, y, z = mount.centre
    back = -0.03 if mount.facing == "front" else 0.03
    near, far = sorted((x + back, x - 0.004 * (1 if mount.facing == "front" else -1)))
    mesh.box((near, y - 0.285, z - 0.075), (far, y + 0.285, z + 0.075), "black_plastic")


def head_lamp(work: Workshop, low: Point, high: Point) -> None:
    """Clear lamps on both sides, in a dark surround with an amber corner."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    work.bevelled.mirrored_box(
        (x0, y0 - 0.03, z0 - 0.03), (x1 - 0.012, y1 + 0.03, z1 + 0.03), "black_plastic"
    )
    split = y0 + (y1 - y0) * 0.78
    work.bevelled.mirrored_box((x0, y0, z0), (x1, split, z1), "lamp_clear")
    work.bevelled.mirrored_box((x0, split + 0.01, z0), (x1, y1, z1), "lamp_amber")


def rear_lorry_lamps(work: Workshop, x: float, half_width_m: float, z: float) -> None:
    """Round-cornered clusters (red, amber, clear) and the striped marker boards above the bar."""
    out = half_width_m - 0.08
    for start, width, material in (
        (0.0, 0.16, "lamp_amber"),
        (0.17, 0.20, "lamp_red"),
        (0.38, 0.12, "lamp_clear_off"),
    ):
        work.bevelled.mirrored_box(
            (x - 0.05, out - start - width, z - 0.08), (x, out - start, z + 0.08), material
        )
    for stripe in range(4):
        material = "marker_red" if stripe % 2 == 0 else "marker_yellow"
        inner = out - 0.14 * (stripe + 1)
        work.bevelled.mirrored_box((x + 0.02, inner, z + 0.13), (x + 0.035, inner + 0.14, z + 0.27), material)


def barn_doors(
    work: Workshop, x: float, half_width_m: float, low_m: float, high_m: float, paint: str
) -> None:
    """Two rear doors in a frame, with four locking bars, hinges and a seam down the middle."""
    frame, panel = work.bevelled, x - 0.02
    frame.mirrored_box((x - 0.05, half_width_m - 0.09, low_m), (x + 0.1, half_width_m, high_m), "frame")
    frame.box((x - 0.05, -half_width_m, high_m - 0.12), (x + 0.1, half_width_m, high_m), "frame")
    frame.box((x - 0.05, -half_width_m, low_m), (x + 0.1, half_width_m, low_m + 0.1), "frame")
    frame.mirrored_box((panel, 0.008, low_m + 0.11), (x + 0.1, half_width_m - 0.1, high_m - 0.13), paint)
    for y in (0.22, 0.72):
        frame.mirrored_box(
            (panel - 0.05, y - 0.018, low_m + 0.03), (panel - 0.015, y + 0.018, high_m - 0.03), "steel"
        )
        frame.mirrored_box(
            (panel - 0.07, y - 0.03, low_m + 0.5), (panel - 0.02, y + 0.22, low_m + 0.56), "steel"
        )
    for step in range(4):
        z = low_m + 0.3 + step * (high_m - low_m - 0.6) / 3
        frame.mirrored_box(
            (panel - 0.045, half_width_m - 0.2, z), (x, half_width_m + 0.005, z + 0.09), "frame"
        )


def under_run_bar(work: Workshop, x: float, half_width_m: float, z: float) -> None:
    """The rear protective bar on its two brackets, and mud flaps beside it."""
    work.bevelled.box(
        (x, -half_width_m + 0.06, z - 0.07), (x + 0.1, half_width_m - 0.06, z + 0.07), "steel_dark"
    )
    work.bevelled.mirrored_box((x + 0.02, 0.5, z), (x + 0.12, 0.62, z + 0.6), "chassis")
    work.bevelled.mirrored_box(
        (x + 0.5, half_width_m - 0.68, 0.25), (x + 0.52, half_width_m - 0.08, 0.95), "black_plastic"
    )


def mirrors(
    work: Workshop, x: float, half_width_m: float, low_m: float, high_m: float, out_m: float = 0.2
) -> None:
    """Door mirrors on arms, both sides."""
    work.bevelled.mirrored_box(
        (x - 0.06, half_width_m + 0.06, low_m),
        (x + 0.06, half_width_m + 0.06 + out_m, high_m),
        "black_plastic",
    )
    middle = (low_m + high_m) / 2
    work.bevelled.mirrored_box(
        (x - 0.03, half_width_m - 0.05, middle),
        (x + 0.01, half_width_m + 0.1, middle + 0.04),
        "black_plastic",
    )
