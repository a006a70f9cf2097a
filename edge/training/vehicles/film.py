"""Vehicles of the project's own rendered film, in grey, with the corners of their plates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from edge.plates.quads import Quad
from edge.training.vehicles.canvas import Grey

FILM = Path(__file__).parents[3] / "deploy/demo/film"
_AROUND = 0.15
_EVERY = 3


@dataclass(frozen=True)
class FilmView:
    """A vehicle as filmed: its crop and the plates in it, which may be empty."""

    picture: Grey
    plates: tuple[Quad, ...]


def film_views(film: Path = FILM) -> list[FilmView]:
    """Every third look at each vehicle of each clip, and the street before it."""
    truth = json.loads((film / "truth.json").read_text(encoding="utf-8"))
    return [view for name, clip in truth.items() for view in _clip_views(film / f"clips/{name}.mp4", clip)]


def _clip_views(path: Path, clip: dict[str, Any]) -> list[FilmView]:
    looks: dict[int, list[dict[str, Any]]] = {}
    for vehicle in clip["vehicles"]:
        for look in vehicle["looks"]:
            looks.setdefault(look["frame"], []).append(look)
    views: list[FilmView] = []
    with av.open(str(path)) as opened:
        for number, frame in enumerate(opened.decode(video=0)):
            if number in looks and number % _EVERY == 0:
                picture = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
                plates = [look["plate_corners_px"] for look in looks[number] if look["plate_corners_px"]]
                quads = [np.array(corners, np.float32) for corners in plates]
                views += [_view(picture, look["box_px"], quads) for look in looks[number]]
    return views


def _view(picture: Grey, box_px: list[int], plates: list[Quad]) -> FilmView:
    x0, y0, x1, y1 = box_px
    across, down = round((x1 - x0) * _AROUND), round((y1 - y0) * _AROUND)
    left, top = max(0, x0 - across), max(0, y0 - down)
    crop = picture[top : y1 + down, left : x1 + across].copy()
    inside = np.array(crop.shape[::-1], np.float32)
    shifted = [quad - np.array([left, top], np.float32) for quad in plates]
    return FilmView(crop, tuple(q for q in shifted if (q > 0).all() and (q < inside).all()))
