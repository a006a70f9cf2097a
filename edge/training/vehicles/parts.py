"""Parts of vehicles, drawn on a face: doors, liveries, lamps, windscreens, grilles."""

from __future__ import annotations

import numpy as np

from edge.training.vehicles.canvas import Face, Rng, any_font, cloudy
from edge.training.vehicles.decoys import decoy, phrase, word

MOST_SIDE_PX = 480


def blank_face(rng: Rng, width_m: float, height_m: float, px_per_m: float) -> Face:
    fitting = min(px_per_m, MOST_SIDE_PX / max(width_m, height_m))
    return Face(width_m, height_m, fitting, rng.uniform(5, 245) if rng.random() < 0.8 else 235)


def body_panel(face: Face, floor_m: float, rng: Rng) -> None:
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
    livery(face, floor_m, rng, int(rng.integers(0, 6)))
    for _ in range(int(rng.integers(0, 3))):
        tall = rng.uniform(0.08, 0.3)
        x, y = rng.uniform(0, face.width_m * 0.8), rng.uniform(0, floor_m)
        face.paste(decoy(rng), x, y, tall * rng.uniform(1, 5), tall)


def livery(face: Face, floor_m: float, rng: Rng, lines: int) -> None:
    for _ in range(lines):
        tall = float(np.exp(rng.uniform(np.log(0.06), np.log(0.6))))
        text = phrase(rng)
        wide = min(face.width_m * 0.95, tall * len(text) * rng.uniform(0.5, 1.0))
        x, y = rng.uniform(0, max(0.01, face.width_m - wide)), rng.uniform(0, max(0.01, floor_m - tall))
        around = face.part(x, y, wide, tall)
        ground = float(around.mean()) if around.size else 128.0
        level = ground + rng.uniform(50, 230) * (-1 if ground > 127 else 1)
        face.write(text, x, y, wide, tall, any_font(rng), level)


def lamps(face: Face, first_x_m: float, y_m: float, rng: Rng) -> None:
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


def windscreen(face: Face, top_m: float, bottom_m: float, rng: Rng) -> None:
    inset, tall = rng.uniform(0.02, 0.25), bottom_m - top_m
    glass = face.part(inset, top_m, face.width_m - 2 * inset, tall)
    low = rng.uniform(5, 90)
    glass[:] = cloudy(glass.shape, rng, low, low + rng.uniform(5, 120))
    for x in rng.uniform(0.3, face.width_m - 0.3, 2):
        face.line(float(x), bottom_m, float(x) + rng.uniform(-0.8, 0.8), top_m + tall * 0.4, 10, 0.02)
    if rng.random() < 0.5:  # the haulier's or the driver's name behind the glass, or on the sun visor
        high = rng.uniform(0.1, 0.25)
        x, wide = rng.uniform(0.2, 0.8), rng.uniform(0.4, 1.4)
        y = bottom_m - high - 0.02 if rng.random() < 0.6 else top_m
        level = rng.uniform(0, 255)
        face.box(x, y, wide, high, level)
        face.write(word(rng), x + 0.04, y + high * 0.15, wide - 0.08, high * 0.7, any_font(rng), 255 - level)


def radiator(face: Face, top_m: float, bottom_m: float, rng: Rng) -> None:
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
        tall = min(tall, 0.9 * (bottom_m - top_m))
        y = rng.uniform(top_m, bottom_m - tall)
        face.write(text, (face.width_m - across) / 2, y, across, tall, any_font(rng), rng.uniform(120, 255))


def headlamps(face: Face, y_m: float, rng: Rng) -> None:
    wide, tall, x = rng.uniform(0.25, 0.5), rng.uniform(0.12, 0.3), rng.uniform(0.02, 0.3)
    lit = rng.random() < 0.3
    for left in (x, face.width_m - x - wide):
        face.box(left, y_m, wide, tall, rng.uniform(90, 230))
        face.frame(left, y_m, wide, tall, 20, 0.015)
        for _ in range(int(rng.integers(1, 3))):
            centre = left + rng.uniform(0.25, 0.75) * wide
            face.disc(
                centre, y_m + tall / 2, tall * rng.uniform(0.25, 0.45), 255 if lit else rng.uniform(60, 255)
            )


def tail(face: Face, y_m: float, rng: Rng) -> None:
    lamps(face, rng.uniform(0, 0.1), y_m, rng)
