"""Flat fronts, rears and sides of made-up lorries and cars, and where a plate hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from edge.training.finder.canvas import Face, Rng, any_font, cloudy
from edge.training.finder.decoys import decoy, phrase, word

MOST_SIDE_PX = 900


@dataclass(frozen=True)
class Mount:
    """A place for a plate on a face: its middle in metres, and the shades of lamps around it."""

    x_m: float
    y_m: float


@dataclass(frozen=True)
class DrawnVehicle:
    """One side of a vehicle, drawn flat, with the places where plates hang; the first is the usual one."""

    face: Face
    mounts: tuple[Mount, ...]


def drawn_vehicle(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """A vehicle's face at `px_per_m`, less where that would make it larger than MOST_SIDE_PX."""
    kind = _KINDS[int(rng.choice(len(_KINDS), p=_SHARES))]
    vehicle = kind(rng, px_per_m)
    if rng.random() < 0.5:
        _grime(vehicle.face, rng)
    return vehicle


def _face(rng: Rng, width_m: float, height_m: float, px_per_m: float) -> Face:
    fitting = min(px_per_m, MOST_SIDE_PX / max(width_m, height_m))
    return Face(width_m, height_m, fitting, rng.uniform(5, 245) if rng.random() < 0.8 else 235)


def _lorry_rear(rng: Rng, px_per_m: float) -> DrawnVehicle:
    width, height = rng.uniform(2.3, 2.6), rng.uniform(2.2, 4.0)
    face = _face(rng, width, height, px_per_m)
    floor = height * rng.uniform(0.55, 0.78)
    _body_panel(face, floor, rng)
    face.box(0, floor, width, height - floor, rng.uniform(5, 70))
    for _ in range(int(rng.integers(1, 7))):
        y, x = rng.uniform(floor, height), rng.uniform(0, width)
        face.box(x, y, rng.uniform(0.05, 1.5), rng.uniform(0.03, 0.25), rng.uniform(5, 130))
    bar = rng.uniform(floor + 0.1, height - 0.35)
    bar_tall = rng.uniform(0.1, 0.28)
    face.box(rng.uniform(0, 0.2), bar, width * 0.95, bar_tall, rng.uniform(10, 230))
    lamps = rng.uniform(0.1, 0.9)
    _lamps(face, lamps * 0.3, rng.uniform(floor, bar + 0.1), rng)
    for x in (0.05, width - rng.uniform(0.7, 1.0)):
        if rng.random() < 0.6:
            face.paste(decoy(rng), x, rng.uniform(floor - 0.25, bar + bar_tall), rng.uniform(0.5, 0.9), rng.uniform(0.12, 0.26))
    if rng.random() < 0.7:
        for x in (0.05, width - 0.6):
            face.box(x, height - rng.uniform(0.4, 0.8), 0.55, 0.8, rng.uniform(5, 50))
    sideways = width * (0.5 if rng.random() < 0.45 else rng.uniform(0.2, 0.8))
    usual = Mount(sideways, rng.uniform(max(floor - 0.15, bar - 0.2), min(height - 0.1, bar + 0.4)))
    return DrawnVehicle(face, (usual, Mount(width * rng.uniform(0.2, 0.8), rng.uniform(floor, height - 0.1))))


def _body_panel(face: Face, floor_m: float, rng: Rng) -> None:
    """Doors, ribs or a plain box, with liveries."""
    if rng.random() < 0.5:
        for x in np.arange(rng.uniform(0, 0.4), face.width_m, rng.uniform(0.08, 0.6)):
            face.box(float(x), 0, rng.uniform(0.01, 0.06), floor_m, rng.uniform(0, 255))
    if rng.random() < 0.6:
        face.box(face.width_m / 2 - 0.01, 0, 0.02, floor_m, rng.uniform(0, 120))
        for x in rng.uniform(0.1, face.width_m - 0.1, int(rng.integers(0, 5))):
            face.box(float(x), 0, 0.035, floor_m, rng.uniform(60, 230))
        for x in (0.02, face.width_m - 0.14):
            for y in np.arange(0.3, floor_m, rng.uniform(0.4, 1.0)):
                face.box(x, float(y), 0.12, 0.08, rng.uniform(20, 230))
    _livery(face, floor_m, rng, int(rng.integers(0, 6)))
    for _ in range(int(rng.integers(0, 3))):
        tall = rng.uniform(0.08, 0.3)
        x, y = rng.uniform(0, face.width_m * 0.8), rng.uniform(0, floor_m)
        face.paste(decoy(rng), x, y, tall * rng.uniform(1, 5), tall)


def _livery(face: Face, floor_m: float, rng: Rng, lines: int) -> None:
    for _ in range(lines):
        tall = float(np.exp(rng.uniform(np.log(0.06), np.log(0.6))))
        text = phrase(rng)
        wide = min(face.width_m * 0.95, tall * len(text) * rng.uniform(0.5, 1.0))
        x, y = rng.uniform(0, max(0.01, face.width_m - wide)), rng.uniform(0, max(0.01, floor_m - tall))
        around = face.part(x, y, wide, tall)
        ground = float(around.mean()) if around.size else 128.0
        level = ground + rng.uniform(50, 230) * (-1 if ground > 127 else 1)
        face.write(text, x, y, wide, tall, any_font(rng), level)


def _lamps(face: Face, first_x_m: float, y_m: float, rng: Rng) -> None:
    """A cluster at each side: dark red to glowing, square or round."""
    size, count = rng.uniform(0.08, 0.2), int(rng.integers(1, 5))
    levels = rng.uniform(20, 255, count)
    if rng.random() < 0.3:
        levels[int(rng.integers(count))] = 255
    round_ones = rng.random() < 0.3
    for number, level in enumerate(levels):
        x = first_x_m + number * size * 1.1
        for left in (x, face.width_m - x - size):
            if round_ones:
                face.disc(left + size / 2, y_m + size / 2, size / 2, level)
            else:
                face.box(left, y_m, size, size * 0.9, level)
                face.frame(left, y_m, size, size * 0.9, level * 0.4, 0.01)


def _lorry_front(rng: Rng, px_per_m: float) -> DrawnVehicle:
    width, height = rng.uniform(2.2, 2.6), rng.uniform(2.5, 3.9)
    face = _face(rng, width, height, px_per_m)
    body = float(face.picture[0, 0])
    top, bottom = height * rng.uniform(0.15, 0.35), height * rng.uniform(0.48, 0.6)
    _livery(face, top, rng, int(rng.integers(0, 3)))
    _windscreen(face, top, bottom, rng)
    bumper = height * rng.uniform(0.72, 0.85)
    _radiator(face, bottom, bumper, rng)
    face.box(0, bumper, width, height - bumper, np.clip(body + rng.uniform(-150, 80), 5, 250))
    if rng.random() < 0.6:
        x = rng.uniform(0.3, 0.9)
        face.box(x, bumper + 0.05, width - 2 * x, (height - bumper) * rng.uniform(0.4, 0.9), rng.uniform(5, 90))
    _headlamps(face, rng.uniform(bumper - 0.3, height - 0.4), rng)
    if rng.random() < 0.35:
        tall = rng.uniform(0.1, 0.25)
        face.paste(decoy(rng), width * rng.uniform(0.1, 0.5), rng.uniform(bottom, height - tall), tall * rng.uniform(2, 5), tall)
    middle = width * (0.5 if rng.random() < 0.8 else rng.uniform(0.3, 0.7))
    usual = Mount(middle, rng.uniform(bumper - 0.1, height - 0.1))
    return DrawnVehicle(face, (usual, Mount(middle, rng.uniform(bottom + 0.1, bumper))))


def _windscreen(face: Face, top_m: float, bottom_m: float, rng: Rng) -> None:
    inset, tall = rng.uniform(0.02, 0.25), bottom_m - top_m
    glass = face.part(inset, top_m, face.width_m - 2 * inset, tall)
    low = rng.uniform(5, 90)
    glass[:] = cloudy(*glass.shape, rng, low, low + rng.uniform(5, 120))
    for x in rng.uniform(0.3, face.width_m - 0.3, 2):
        face.line(float(x), bottom_m, float(x) + rng.uniform(-0.8, 0.8), top_m + tall * 0.4, 10, 0.02)
    if rng.random() < 0.5:  # the haulier's or the driver's name behind the glass, or on the sun visor
        high = rng.uniform(0.1, 0.25)
        x, wide = rng.uniform(0.2, 0.8), rng.uniform(0.4, 1.4)
        y = bottom_m - high - 0.02 if rng.random() < 0.6 else top_m
        level = rng.uniform(0, 255)
        face.box(x, y, wide, high, level)
        face.write(word(rng), x + 0.04, y + high * 0.15, wide - 0.08, high * 0.7, any_font(rng), 255 - level)


def _radiator(face: Face, top_m: float, bottom_m: float, rng: Rng) -> None:
    x = rng.uniform(0.1, 0.6)
    wide, dark = face.width_m - 2 * x, rng.uniform(5, 90)
    face.box(x, top_m + 0.15, wide, bottom_m - top_m - 0.15, dark)
    for y in np.arange(top_m + 0.2, bottom_m, rng.uniform(0.04, 0.25)):
        face.box(x, float(y), wide, rng.uniform(0.01, 0.08), dark + rng.uniform(-20, 170))
    if rng.random() < 0.3:
        for across in np.arange(x, x + wide, rng.uniform(0.06, 0.3)):
            face.box(float(across), top_m + 0.2, 0.02, bottom_m - top_m - 0.2, dark + rng.uniform(0, 120))
    if rng.random() < 0.8:  # the maker's name
        tall, text = rng.uniform(0.06, 0.22), word(rng)[:7]
        across = tall * len(text) * rng.uniform(0.6, 1.6)
        y = rng.uniform(top_m, bottom_m - tall)
        face.write(text, (face.width_m - across) / 2, y, across, tall, any_font(rng), rng.uniform(120, 255))


def _headlamps(face: Face, y_m: float, rng: Rng) -> None:
    wide, tall, x = rng.uniform(0.25, 0.5), rng.uniform(0.12, 0.3), rng.uniform(0.02, 0.3)
    lit = rng.random() < 0.3
    for left in (x, face.width_m - x - wide):
        face.box(left, y_m, wide, tall, rng.uniform(90, 230))
        face.frame(left, y_m, wide, tall, 20, 0.015)
        for _ in range(int(rng.integers(1, 3))):
            centre = left + rng.uniform(0.25, 0.75) * wide
            face.disc(centre, y_m + tall / 2, tall * rng.uniform(0.25, 0.45), 255 if lit else rng.uniform(60, 255))


def _car(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """The rear or front of a car or van; both are glass over a body with lamps and a plate in the middle."""
    width, height = rng.uniform(1.6, 2.1), rng.uniform(1.2, 2.6)
    face = _face(rng, width, height, px_per_m)
    body = float(face.picture[0, 0])
    waist = height * rng.uniform(0.35, 0.55)
    glass = face.part(rng.uniform(0.1, 0.3), height * 0.08, width * 0.75, waist - height * 0.08)
    glass[:] = cloudy(*glass.shape, rng, 5, rng.uniform(40, 160))
    face.part(0, waist, width, height)[:] = _shaded(face.part(0, waist, width, height), rng)
    bumper = height * rng.uniform(0.62, 0.8)
    face.box(0, bumper, width, height - bumper, np.clip(body + rng.uniform(-120, 30), 5, 250))
    face.line(0, bumper, width, bumper, body * 0.5, 0.015)
    if rng.random() < 0.5:
        _radiator(face, waist, bumper + rng.uniform(0, 0.2), rng)
    (_headlamps if rng.random() < 0.5 else _tail)(face, rng.uniform(waist, bumper - 0.1), rng)
    _livery(face, bumper, rng, int(rng.choice((0, 0, 1, 2))))
    face.box(rng.uniform(0, 0.4), height - 0.12, width * 0.8, 0.12, rng.uniform(5, 40))
    y = rng.uniform(waist + 0.1, height - 0.12)
    if rng.random() < 0.5:
        face.box(width / 2 - 0.35, y - 0.12, 0.7, 0.24, np.clip(body + rng.uniform(-120, 60), 5, 250))
    return DrawnVehicle(face, (Mount(width / 2, y), Mount(width * rng.uniform(0.3, 0.7), rng.uniform(waist, height))))


def _tail(face: Face, y_m: float, rng: Rng) -> None:
    _lamps(face, rng.uniform(0, 0.1), y_m, rng)


def _shaded(part: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], rng: Rng) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    down = np.linspace(rng.uniform(0.6, 1.3), rng.uniform(0.4, 1.0), part.shape[0])[:, None]
    return np.asarray(np.clip(part * down, 0, 255), np.uint8)


def _side(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """The long side of a lorry or trailer: panel, livery, wheels; plates hang there on no vehicle."""
    width, height = rng.uniform(4, 11), rng.uniform(2.2, 4.0)
    face = _face(rng, width, height, px_per_m)
    floor = height * rng.uniform(0.6, 0.8)
    _body_panel(face, floor, rng)
    _livery(face, floor, rng, int(rng.integers(1, 7)))
    face.box(0, floor, width, height - floor, rng.uniform(10, 110))
    for x in np.cumsum(rng.uniform(0.9, 3.0, 6)):
        face.disc(float(x), height - 0.45, 0.5, rng.uniform(5, 40))
        face.disc(float(x), height - 0.45, rng.uniform(0.15, 0.3), rng.uniform(60, 220))
    return DrawnVehicle(face, (Mount(width * rng.uniform(0.0, 1.0), rng.uniform(floor, height)),))


def _clutter(rng: Rng, px_per_m: float) -> DrawnVehicle:
    """Boxes, bars, discs and boards in any order: what a drawer of vehicles did not think of."""
    width, height = rng.uniform(1.5, 4), rng.uniform(1.5, 3)
    face = _face(rng, width, height, px_per_m)
    if rng.random() < 0.5:
        face.picture[:] = cloudy(*face.picture.shape, rng, rng.uniform(0, 120), rng.uniform(120, 255))
    for _ in range(int(rng.integers(3, 25))):
        x, y, level = rng.uniform(-0.3, width), rng.uniform(-0.3, height), rng.uniform(0, 255)
        shape = rng.random()
        if shape < 0.45:
            face.box(x, y, rng.uniform(0.02, 1.2), rng.uniform(0.02, 0.8), level)
        elif shape < 0.6:
            face.line(x, y, x + rng.normal(0, 1), y + rng.normal(0, 1), level, rng.uniform(0.01, 0.1))
        elif shape < 0.7:
            face.disc(x, y, rng.uniform(0.03, 0.4), level, rng.choice((None, 0.03)))
        elif shape < 0.8:
            face.polygon([(x + rng.normal(0, 0.5), y + rng.normal(0, 0.5)) for _ in range(4)], level)
        else:
            tall = rng.uniform(0.05, 0.4)
            face.paste(decoy(rng), x, y, tall * rng.uniform(1, 5), tall)
    return DrawnVehicle(face, (Mount(width * rng.uniform(0.1, 0.9), height * rng.uniform(0.1, 0.95)),))


def _grime(face: Face, rng: Rng) -> None:
    """Dirt and uneven light over the whole face."""
    soil = cloudy(*face.picture.shape, rng, 0, 255).astype(np.float32) / 255 * np.float32(rng.uniform(0, 0.6))
    face.picture = np.asarray(face.picture + (np.float32(rng.uniform(20, 150)) - face.picture) * soil, np.uint8)


_KINDS: tuple[Callable[[Rng, float], DrawnVehicle], ...] = (_lorry_rear, _lorry_front, _car, _side, _clutter)
_SHARES = (0.3, 0.25, 0.18, 0.1, 0.17)
