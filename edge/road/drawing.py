"""Drawings that help to calibrate: a numbered grid over a still, and the road's own metres over it."""

from __future__ import annotations

import cv2
import numpy as np

from config.calibration import Calibration
from edge.frames import Picture, as_picture
from edge.road.camera import Points
from edge.road.plane import Road

LEAST_WIDTH_PX = 1600
"""Smaller stills are drawn larger, so that a twentieth of a grid cell can be read off."""
CELLS, BOLD = 20, 2
THIN_M, BOLD_M = 1.0, 5.0
LETTERS_PX = 3200
"""The width at which letters have OpenCV's own size, 22 px."""
LEAST_APART_PX = 7.0
"""Lines that would be nearer to each other than this are left out."""
POST_M = 4.0

Colour = tuple[int, int, int]
WHITE, BLACK, YELLOW, RED, GREEN = (255, 255, 255), (0, 0, 0), (0, 220, 255), (60, 60, 255), (90, 220, 90)


def with_picture_grid(still: Picture) -> Picture:
    """The still under lines at every twentieth of width and height, numbered at the edges."""
    drawn = _enlarged(still)
    high, wide = drawn.shape[:2]
    for number in range(1, CELLS):
        share, bold = number / CELLS, number % BOLD == 0
        x, y = round(share * wide), round(share * high)
        _line(drawn, (x, 0), (x, high), WHITE, bold)
        _line(drawn, (0, y), (wide, y), WHITE, bold)
        if bold:
            for place in ((x + 4, high // 40), (x + 4, high - 6)):
                _write(drawn, f"x {share:.1f}", place)
            for place in ((4, y - 5), (wide - wide // 30, y - 5)):
                _write(drawn, f"y {share:.1f}", place)
    return drawn


def with_road(still: Picture, road: Road, calibration: Calibration) -> Picture:
    """The still with lines every metre and 5 m on the road, the points, the lanes and 4 m posts."""
    drawn = _enlarged(still)
    left, right, near, far = road.extent_m
    _draw_across(drawn, road, (left, right), (near, far))
    for across_m in np.arange(np.ceil(left), right + 0.01, THIN_M):
        _draw(drawn, road, (across_m, near), (across_m, far), WHITE, bold=False)
    for across_m in road.lane_borders_m:
        _draw(drawn, road, (across_m, near), (across_m, far), YELLOW, bold=True)
    if road.camera is not None:
        for along_m in np.linspace(near, far, 3):
            for across_m in (left, right):
                _draw_post(drawn, road, across_m, float(along_m))
    for number, point in enumerate(calibration.road_points, start=1):
        place = _pixel(drawn, np.array([point.x, point.y]))
        cv2.circle(drawn, place, 6, RED, 2, cv2.LINE_AA)
        _write(drawn, str(number), (place[0] + 8, place[1] - 6))
    return drawn


def _draw_across(
    drawn: Picture, road: Road, across_m: tuple[float, float], along_m: tuple[float, float]
) -> None:
    """Lines across the road, as many as can be told apart; every 5 m bold and with the distance."""
    last_y = np.inf
    for at_m in np.arange(np.ceil(along_m[0]), along_m[1] + 0.01, THIN_M):
        bold = at_m % BOLD_M == 0
        left, right = (_shares(road, (side, at_m)) for side in across_m)
        y = float(left[1] * drawn.shape[0])
        if not bold and abs(y - last_y) < LEAST_APART_PX:
            continue
        last_y = y
        _line(drawn, _pixel(drawn, left), _pixel(drawn, right), GREEN if bold else WHITE, bold)
        if bold:
            x, low = _pixel(drawn, right)
            _write(drawn, f"{at_m:.0f} m", (x + 6, low + 4))


def _draw_post(drawn: Picture, road: Road, across_m: float, along_m: float) -> None:
    """A post of POST_M, marked at every metre."""
    if road.camera is None:
        return
    ups = np.arange(0.0, POST_M + 0.5)
    pixels = road.camera.project(np.array([(across_m, along_m, up) for up in ups])) / road.picture_px
    places = [_pixel(drawn, share) for share in pixels]
    _line(drawn, places[0], places[-1], RED, bold=True)
    for x, y in places:
        _line(drawn, (x - 5, y), (x + 5, y), RED, bold=False)


def _draw(
    drawn: Picture,
    road: Road,
    start_m: tuple[float, float],
    end_m: tuple[float, float],
    colour: Colour,
    bold: bool,
) -> None:
    _line(drawn, _pixel(drawn, _shares(road, start_m)), _pixel(drawn, _shares(road, end_m)), colour, bold)


def _shares(road: Road, place_m: tuple[float, float]) -> Points:
    return np.asarray(road.in_picture(np.array([place_m]))[0], np.float64)


def _pixel(drawn: Picture, share: Points) -> tuple[int, int]:
    high, wide = drawn.shape[:2]
    x, y = np.clip(share * (wide, high), -20_000, 20_000)
    return round(float(x)), round(float(y))


def _enlarged(still: Picture) -> Picture:
    times = -(-LEAST_WIDTH_PX // still.shape[1])
    if times == 1:
        return still.copy()
    return as_picture(cv2.resize(still, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC))


def _line(drawn: Picture, start: tuple[int, int], end: tuple[int, int], colour: Colour, bold: bool) -> None:
    if bold:
        cv2.line(drawn, start, end, BLACK, 4, cv2.LINE_AA)
    cv2.line(drawn, start, end, colour, 2 if bold else 1, cv2.LINE_AA)


def _write(drawn: Picture, words: str, place: tuple[int, int]) -> None:
    size = drawn.shape[1] / LETTERS_PX
    for colour, thick in ((BLACK, 4), (WHITE, 1)):
        cv2.putText(drawn, words, place, cv2.FONT_HERSHEY_SIMPLEX, size, colour, thick, cv2.LINE_AA)
