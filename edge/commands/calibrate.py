"""`hgv-edge calibrate STILL|VIDEO|CAMERA`: metres on the road, without a display."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2

from config.calibration import Calibration
from config.files import load
from edge.errors import CalibrationError, PictureError
from edge.frames import Picture
from edge.road.asking import asked
from edge.road.drawing import with_picture_grid, with_road
from edge.road.plane import road_of
from edge.road.report import as_yaml, report
from edge.road.still import still_of

SUMMARY = "measure a camera's road from points whose place is known"
GREATEST_SHAPE_DIFFERENCE = 0.01
HOW = """Take the drawing to the road. Choose four points or more of the road's surface that you find in both
(ends of markings, drain covers, kerb corners), as far apart as the camera sees, near and far, left and right.
Measure them by tape from a mark on the road: across_m to the right, along_m ahead."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("source", help="a picture, a video, or a camera as in a unit's settings")
    parser.add_argument(
        "--points", type=Path, metavar="FILE", help="YAML of the calibration; without it the points are asked"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="where the drawings go (default here)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draw the grid; with points say what they are worth, draw the road's metres and print the YAML."""
    still = still_of(arguments.source)
    name = Path(arguments.source).stem if "://" not in arguments.source else "camera"
    _write(arguments.out / f"{name}-grid.png", with_picture_grid(still), "numbered grid")
    print("Parked vehicles may be seen on the drawings: delete them when the site is measured.")
    calibration = _calibration(arguments.points, still)
    if calibration is None:
        print(f"{HOW}\nWrite them into a file of this form and give it as --points FILE:\n\n{EXAMPLE}")
        return 0
    print(f"\n{as_yaml(calibration)}\n")
    road = road_of(calibration)
    print("\n".join(report(road, calibration)))
    _write(arguments.out / f"{name}-road.png", with_road(still, road, calibration), "metres on the road")
    print("See that the lines lie on the road and the 4 m posts are as high as a lorry; then paste the YAML")
    print("into the camera's site, in its unit's settings and in the sites file.")
    return 0


EXAMPLE = """picture_px: [1280, 720]        # the size of the still
camera_height_m: 5.2           # the lens above the road, by tape; for heights
lane_borders_m: [-3.1, 0, 3.1] # kerb, centre line, kerb; for lanes
road_points:                   # x, y: shares of width and height, from the grid
  - {x: 0.2000, y: 0.8000, across_m: -3.1, along_m: 10}
  - {x: 0.8000, y: 0.8000, across_m: 3.1, along_m: 10}
  - {x: 0.6000, y: 0.4000, across_m: 3.1, along_m: 40}
  - {x: 0.4000, y: 0.4000, across_m: -3.1, along_m: 40}"""


def _calibration(points: Path | None, still: Picture) -> Calibration | None:
    high, wide = still.shape[:2]
    if points is None:
        if not sys.stdin.isatty():
            return None
        print(HOW)
        return asked(input, (wide, high))
    calibration = load(points, Calibration)
    picked_wide, picked_high = calibration.picture_px
    if abs(picked_wide / picked_high / (wide / high) - 1) > GREATEST_SHAPE_DIFFERENCE:
        raise CalibrationError(
            f"{points}: the points were picked in a picture of {picked_wide} x {picked_high}, this one is "
            f"{wide} x {high}; pick them again in a still of this camera"
        )
    return calibration


def _write(path: Path, drawing: Picture, what: str) -> None:
    done, encoded = cv2.imencode(".png", drawing)
    if not done:
        raise PictureError(f"{path} could not be drawn")
    try:
        path.write_bytes(encoded.tobytes())
    except OSError as error:
        raise PictureError(
            f"{path} cannot be written ({error.strerror}); choose a folder with --out"
        ) from error
    print(f"{what}: {path}")
