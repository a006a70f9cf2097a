"""Made-up vehicles of all kinds, drawn flat, and where a plate hangs on them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from edge.training.vehicles.canvas import Face, Rng, cloudy
from edge.training.vehicles.decoys import decoy
from edge.training.vehicles.lorries import DrawnVehicle, Mount, drawn_flank, lorry_front, lorry_rear
from edge.training.vehicles.parts import blank_face, headlamps, livery, radiator, tail


def drawn_vehicle(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """A vehicle's face at `px_per_m`, less where that would make it larger than MOST_SIDE_PX."""
    kind = _KINDS[int(rng.choice(len(_KINDS), p=_SHARES))]
    vehicle = kind(rng, px_per_m)
    if rng.random() < 0.5:
        _grime(vehicle.face, rng)
    return vehicle


def _car(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """The rear or front of a car or van; both are glass over a body with lamps and a plate in the middle."""
    width, height = rng.uniform(1.6, 2.1), rng.uniform(1.2, 2.6)
    face = blank_face(rng, width, height, px_per_m)
    body = float(face.picture[0, 0])
    waist = height * rng.uniform(0.35, 0.55)
    glass = face.part(rng.uniform(0.1, 0.3), height * 0.08, width * 0.75, waist - height * 0.08)
    glass[:] = cloudy(glass.shape, rng, 5, rng.uniform(40, 160))
    face.part(0, waist, width, height)[:] = _shaded(face.part(0, waist, width, height), rng)
    bumper = height * rng.uniform(0.62, 0.8)
    face.box(0, bumper, width, height - bumper, np.clip(body + rng.uniform(-120, 30), 5, 250))
    face.line(0, bumper, width, bumper, body * 0.5, 0.015)
    if rng.random() < 0.5:
        radiator(face, waist, bumper + rng.uniform(0, 0.2), rng)
    (headlamps if rng.random() < 0.5 else tail)(face, rng.uniform(waist, max(waist, bumper - 0.1)), rng)
    livery(face, bumper, rng, int(rng.choice((0, 0, 1, 2))))
    face.box(rng.uniform(0, 0.4), height - 0.12, width * 0.8, 0.12, rng.uniform(5, 40))
    y = rng.uniform(waist + 0.1, height - 0.12)
    if rng.random() < 0.5:
        face.box(width / 2 - 0.35, y - 0.12, 0.7, 0.24, np.clip(body + rng.uniform(-120, 60), 5, 250))
    return DrawnVehicle(
        face, (Mount(width / 2, y), Mount(width * rng.uniform(0.3, 0.7), rng.uniform(waist, height)))
    )


def _shaded(
    part: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], rng: Rng
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    down = np.linspace(rng.uniform(0.6, 1.3), rng.uniform(0.4, 1.0), part.shape[0])[:, None]
    return np.asarray(np.clip(part * down, 0, 255), np.uint8)


def _side(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """A side seen alone; plates hang there on no vehicle, but what is drawn must not depend on that."""
    face = drawn_flank(rng, px_per_m, rng.uniform(4, 11), rng.uniform(2.2, 4.0))
    mount = Mount(face.width_m * rng.uniform(0, 1), face.height_m * rng.uniform(0.6, 1))
    return DrawnVehicle(face, (mount,))


def _clutter(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """Boxes, bars, discs and boards in any order: what a drawer of vehicles did not think of."""
    width, height = rng.uniform(1.5, 4), rng.uniform(1.5, 3)
    face = blank_face(rng, width, height, px_per_m)
    if rng.random() < 0.5:
        face.picture[:] = cloudy(face.picture.shape, rng, rng.uniform(0, 120), rng.uniform(120, 255))
    for _ in range(int(rng.integers(3, 25))):
        x, y, level = rng.uniform(-0.3, width), rng.uniform(-0.3, height), rng.uniform(0, 255)
        shape = rng.random()
        if shape < 0.45:
            face.box(x, y, rng.uniform(0.02, 1.2), rng.uniform(0.02, 0.8), level)
        elif shape < 0.6:
            face.line(x, y, x + rng.normal(0, 1), y + rng.normal(0, 1), level, rng.uniform(0.01, 0.1))
        elif shape < 0.7:
            face.disc(x, y, rng.uniform(0.03, 0.4), level, None if rng.random() < 0.5 else 0.03)
        elif shape < 0.8:
            face.polygon([(x + rng.normal(0, 0.5), y + rng.normal(0, 0.5)) for _ in range(4)], level)
        else:
            tall = rng.uniform(0.05, 0.4)
            face.paste(decoy(rng), x, y, tall * rng.uniform(1, 5), tall)
    return DrawnVehicle(face, (Mount(width * rng.uniform(0.1, 0.9), height * rng.uniform(0.1, 0.95)),))


def _grime(face: Face, rng: Rng) -> None:
    """Dirt and uneven light over the whole face."""
    soil = cloudy(face.picture.shape, rng, 0, 255).astype(np.float32) / 255 * np.float32(rng.uniform(0, 0.6))
    face.picture = np.asarray(
        face.picture + (np.float32(rng.uniform(20, 150)) - face.picture) * soil, np.uint8
    )


_KINDS: tuple[Callable[[Rng, float], DrawnVehicle], ...] = (lorry_rear, lorry_front, _car, _side, _clutter)
_SHARES = (0.3, 0.25, 0.18, 0.1, 0.17)
