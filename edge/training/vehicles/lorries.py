"""Flat rears, fronts and sides of made-up lorries and trailers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edge.training.vehicles.canvas import Face, Rng
from edge.training.vehicles.decoys import decoy
from edge.training.vehicles.parts import (
    blank_face,
    body_panel,
    headlamps,
    lamps,
    livery,
    radiator,
    windscreen,
)


@dataclass(frozen=True)
class Mount:
    """A place for a plate on a face: its middle in metres."""

    x_m: float
    y_m: float


@dataclass(frozen=True)
class DrawnVehicle:
    """One side of a vehicle, drawn flat, with the places where plates hang; the first is the usual one."""

    face: Face
    mounts: tuple[Mount, ...]


def lorry_rear(rng: Rng, px_per_m: float) -> DrawnVehicle:
    width, height = rng.uniform(2.3, 2.6), rng.uniform(2.2, 4.0)
    face = blank_face(rng, width, height, px_per_m)
    floor = height * rng.uniform(0.55, 0.78)
    body_panel(face, floor, rng)
    face.box(0, floor, width, height - floor, rng.uniform(5, 70))
    for _ in range(int(rng.integers(1, 7))):
        y, x = rng.uniform(floor, height), rng.uniform(0, width)
        face.box(x, y, rng.uniform(0.05, 1.5), rng.uniform(0.03, 0.25), rng.uniform(5, 130))
    bar = rng.uniform(floor + 0.1, height - 0.35)
    bar_tall = rng.uniform(0.1, 0.28)
    face.box(rng.uniform(0, 0.2), bar, width * 0.95, bar_tall, rng.uniform(10, 230))
    lamps(face, rng.uniform(0.03, 0.27), rng.uniform(floor, bar + 0.1), rng)
    for x in (0.05, width - rng.uniform(0.7, 1.0)):
        if rng.random() < 0.6:
            face.paste(
                decoy(rng),
                x,
                rng.uniform(floor - 0.25, bar + bar_tall),
                rng.uniform(0.5, 0.9),
                rng.uniform(0.12, 0.26),
            )
    if rng.random() < 0.7:
        for x in (0.05, width - 0.6):
            face.box(x, height - rng.uniform(0.4, 0.8), 0.55, 0.8, rng.uniform(5, 50))
    sideways = width * (0.5 if rng.random() < 0.45 else rng.uniform(0.2, 0.8))
    usual = Mount(sideways, rng.uniform(max(floor - 0.15, bar - 0.2), min(height - 0.1, bar + 0.4)))
    return DrawnVehicle(face, (usual, Mount(width * rng.uniform(0.2, 0.8), rng.uniform(floor, height - 0.1))))


def lorry_front(rng: Rng, px_per_m: float) -> DrawnVehicle:
    width, height = rng.uniform(2.2, 2.6), rng.uniform(2.5, 3.9)
    face = blank_face(rng, width, height, px_per_m)
    body = float(face.picture[0, 0])
    top, bottom = height * rng.uniform(0.15, 0.35), height * rng.uniform(0.48, 0.6)
    livery(face, top, rng, int(rng.integers(0, 3)))
    windscreen(face, top, bottom, rng)
    bumper = height * rng.uniform(0.72, 0.85)
    radiator(face, bottom, bumper, rng)
    face.box(0, bumper, width, height - bumper, np.clip(body + rng.uniform(-150, 80), 5, 250))
    if rng.random() < 0.6:
        x = rng.uniform(0.3, 0.9)
        face.box(
            x, bumper + 0.05, width - 2 * x, (height - bumper) * rng.uniform(0.4, 0.9), rng.uniform(5, 90)
        )
    headlamps(face, rng.uniform(bumper - 0.3, height - 0.4), rng)
    if rng.random() < 0.35:
        tall = rng.uniform(0.1, 0.25)
        face.paste(
            decoy(rng),
            width * rng.uniform(0.1, 0.5),
            rng.uniform(bottom, height - tall),
            tall * rng.uniform(2, 5),
            tall,
        )
    middle = width * (0.5 if rng.random() < 0.8 else rng.uniform(0.3, 0.7))
    usual = Mount(middle, rng.uniform(bumper - 0.1, height - 0.1))
    return DrawnVehicle(face, (usual, Mount(middle, rng.uniform(bottom + 0.1, bumper))))


def drawn_flank(rng: Rng, px_per_m: float, length_m: float, height_m: float) -> Face:
    """The long side of a lorry or trailer: panel, livery, wheels."""
    width, height = length_m, height_m
    face = blank_face(rng, width, height, px_per_m)
    floor = height * rng.uniform(0.6, 0.8)
    body_panel(face, floor, rng)
    livery(face, floor, rng, int(rng.integers(1, 7)))
    face.box(0, floor, width, height - floor, rng.uniform(10, 110))
    for x in np.cumsum(rng.uniform(0.9, 3.0, 6)):
        face.disc(float(x), height - 0.45, 0.5, rng.uniform(5, 40))
        face.disc(float(x), height - 0.45, rng.uniform(0.15, 0.3), rng.uniform(60, 220))
        if rng.random() < 0.5:
            face.disc(float(x), height - 0.45, rng.uniform(0.08, 0.35), rng.uniform(20, 200), 0.03)
    return face
