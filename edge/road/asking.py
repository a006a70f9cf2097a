"""Asks a person at a terminal for the points of a calibration."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from config.calibration import Calibration, RoadPoint
from edge.errors import CalibrationError

LEAST_POINTS, MOST_POINTS = 4, 16

Ask = Callable[[str], str]
"""Shows a question and gives the answer, as `input` does; raises EOFError when there are no more."""


def asked(ask: Ask, picture_px: tuple[int, int]) -> Calibration:
    """The calibration by questions at the terminal; an answer that is wrong is said so and asked again.

    Raises CalibrationError where the points end before there are four, or fix no road.
    """
    points = _asked_points(ask, picture_px)
    height_m = _numbers(ask, "lens above the road in metres (empty: not measured): ", (0, 1))
    borders_m = _numbers(
        ask, "lane borders across, left to right, in metres (empty: none): ", (0, 2, 3, 4, 5, 6)
    )
    written = {
        "picture_px": picture_px,
        "road_points": msgspec.to_builtins(points),
        "lane_borders_m": borders_m,
        "camera_height_m": height_m[0] if height_m else None,
    }
    try:
        return msgspec.convert(written, Calibration)
    except msgspec.ValidationError as error:
        raise CalibrationError(str(error)) from error


def _asked_points(ask: Ask, picture_px: tuple[int, int]) -> list[RoadPoint]:
    points: list[RoadPoint] = []
    while len(points) < MOST_POINTS:
        row = _numbers(ask, f"point {len(points) + 1}: x y across_m along_m (empty: no more): ", (0, 4))
        if not row:
            if len(points) >= LEAST_POINTS:
                break
            raise CalibrationError(
                f"{len(points)} points are too few; four are needed, five check themselves"
            )
        x, y, across_m, along_m = row
        if max(x, y) > 1:
            x, y = x / picture_px[0], y / picture_px[1]
        try:
            point = {"x": x, "y": y, "across_m": across_m, "along_m": along_m}
            points.append(msgspec.convert(point, RoadPoint))
        except msgspec.ValidationError as error:
            print(f"  not a point of this picture: {error}")
    return points


def _numbers(ask: Ask, question: str, counts: tuple[int, ...]) -> list[float]:
    """The numbers of one answer; an ended input is an empty answer."""
    while True:
        try:
            words = ask(question).replace(",", " ").split()
        except EOFError:
            return []
        try:
            numbers = [float(word) for word in words]
        except ValueError:
            print("  numbers only, with a point for the fraction")
            continue
        if len(numbers) in counts:
            return numbers
        print(f"  {' or '.join(map(str, counts))} numbers are expected, not {len(numbers)}")
