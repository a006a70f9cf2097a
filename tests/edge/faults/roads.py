"""A drawn road with houses, as a camera shows it: with its sensor's noise, by day and by night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from edge.faults import CameraFault, FaultWatch
from edge.faults.sample import sample_of
from edge.frames import Frame, Picture, as_picture
from tests.edge.pictures import frame

WIDTH_PX, HEIGHT_PX = 320, 180
NOISE_LEVELS = 2.0


@dataclass
class Road:
    """Gives pictures of one place; every one has other noise, drawn from `seed` as the place is."""

    seed: int = 1
    _rng: np.random.Generator = field(init=False)
    _place: Picture = field(init=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)
        self._place = _drawn_place(self._rng)

    def seen(
        self, seconds: int, *, light: float = 1.0, lamp: bool = False, aside_px: int = 0, lorry: bool = False
    ) -> Iterator[Picture]:
        """A picture a second; `light` is 1 by day. The lamp is over the street, the lorry fills the view."""
        for _ in range(seconds):
            yield self.one(light=light, lamp=lamp, aside_px=aside_px, lorry=lorry)

    def one(
        self, *, light: float = 1.0, lamp: bool = False, aside_px: int = 0, lorry: bool = False
    ) -> Picture:
        """One picture."""
        place = np.roll(self._place, (aside_px // 2, aside_px), axis=(0, 1)).astype(np.float32)
        if lorry:
            place = _with_lorry(place)
        lit = 16 + (place - 16) * (light + (0.7 * _lamp_light() if lamp else 0))
        return self._noisy(lit, NOISE_LEVELS)

    def small(self, seconds: int) -> Iterator[Picture]:
        """The small pictures that a watch compares."""
        return (sample_of(picture).small for picture in self.seen(seconds))

    def with_headlights(self, seconds: int, light: float) -> Iterator[Picture]:
        """A car with its lights on drives through every ten seconds."""
        for second in range(seconds):
            picture = self.one(light=light)
            if second % 10 < 4:
                x = 40 + 60 * (second % 10)
                cv2.circle(picture, (x, 120), 9, 235, -1)
                cv2.circle(picture, (x + 30, 120), 9, 235, -1)
            yield picture

    def flooded(self, seconds: int) -> Iterator[Picture]:
        """The place under noise that drowns it."""
        for _ in range(seconds):
            yield self._noisy(self._place.astype(np.float32), 60.0)

    def blank(self, seconds: int, level: float) -> Iterator[Picture]:
        """Nothing but one tone and the sensor's noise."""
        for _ in range(seconds):
            yield self._noisy(np.full((HEIGHT_PX, WIDTH_PX), level, np.float32), NOISE_LEVELS)

    def _noisy(self, clean: np.ndarray[tuple[int, ...], np.dtype[np.float32]], levels: float) -> Picture:
        noise = self._rng.normal(0, levels, clean.shape)
        return np.asarray((clean + noise).clip(0, 255), np.uint8)


@dataclass
class Watched:
    """A watch that is shown one picture a second."""

    watch: FaultWatch
    second: int = 0

    def shown(self, pictures: Iterable[Picture]) -> list[CameraFault | None]:
        """What the watch says after each picture."""
        return [self.watch.look(self._next(picture)) for picture in pictures]

    def kinds(self, pictures: Iterable[Picture]) -> set[str]:
        """The kinds of fault it said meanwhile."""
        return {fault.kind for fault in self.shown(pictures) if fault}

    def _next(self, picture: Picture) -> Frame:
        self.second += 1
        return frame(as_picture(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)), self.second, float(self.second))


def in_frames(pictures: Iterable[Picture]) -> Iterator[Frame]:
    """The pictures as frames of a source, one a second."""
    for second, picture in enumerate(pictures):
        yield frame(as_picture(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)), second, float(second))


def _drawn_place(rng: np.random.Generator) -> Picture:
    place = np.full((HEIGHT_PX, WIDTH_PX), 150, np.uint8)
    for _ in range(14):
        x, y = int(rng.integers(0, WIDTH_PX)), int(rng.integers(0, 110))
        wide, tall = int(rng.integers(25, 80)), int(rng.integers(20, 60))
        cv2.rectangle(place, (x, y), (x + wide, y + tall), int(rng.integers(60, 210)), -1)
        for window in range(x + 4, x + wide - 8, 14):
            cv2.rectangle(place, (window, y + 5), (window + 7, y + 15), int(rng.integers(30, 90)), -1)
    cv2.fillPoly(place, [np.array([[0, 179], [140, 90], [190, 90], [319, 179]])], 95)
    for edge in (20, 160, 300):
        cv2.line(place, (edge, 179), (140 + edge // 6, 90), 200, 2)
    for _ in range(40):
        x, y = int(rng.integers(0, WIDTH_PX)), int(rng.integers(20, HEIGHT_PX))
        cv2.circle(place, (x, y), int(rng.integers(2, 9)), int(rng.integers(40, 190)), -1)
    return place


def _with_lorry(
    place: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """A lorry that stands close by: nine tenths of the picture are its side."""
    covered = place.copy()
    cv2.rectangle(covered, (16, 6), (319, 170), 190, -1)
    cv2.rectangle(covered, (40, 30), (220, 80), 70, -1)
    cv2.circle(covered, (90, 165), 20, 30, -1)
    cv2.circle(covered, (260, 165), 20, 30, -1)
    return covered


def _lamp_light() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    y, x = np.mgrid[:HEIGHT_PX, :WIDTH_PX]
    near = ((x - 0.6 * WIDTH_PX) / (0.3 * WIDTH_PX)) ** 2 + ((y - 0.5 * HEIGHT_PX) / (0.4 * HEIGHT_PX)) ** 2
    return np.asarray(np.exp(-near), np.float32)
