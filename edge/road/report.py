"""What a calibration is worth, in words and figures for the person who measured it, and as YAML to paste."""

from __future__ import annotations

import math

import numpy as np

from config.calibration import Calibration
from edge.road.plane import Road

PLACES = 4
BESIDE_M = 5.0
"""Distances are judged over so many metres before and behind a place."""


def as_yaml(calibration: Calibration) -> str:
    """The calibration as it is pasted into a site."""
    wide, high = calibration.picture_px
    lines = ["calibration:", f"  picture_px: [{wide}, {high}]"]
    if calibration.camera_height_m is not None:
        lines.append(f"  camera_height_m: {calibration.camera_height_m:g}")
    if calibration.lane_borders_m:
        lines.append(f"  lane_borders_m: [{', '.join(f'{at_m:g}' for at_m in calibration.lane_borders_m)}]")
    lines.append("  road_points:")
    lines += [
        f"    - {{x: {p.x:.4f}, y: {p.y:.4f}, across_m: {p.across_m:g}, along_m: {p.along_m:g}}}"
        for p in calibration.road_points
    ]
    return "\n".join(lines)


def report(road: Road, calibration: Calibration) -> list[str]:
    """Lines that say how well the points fit, what camera they imply and the scale at several places."""
    return [_fit(road, calibration), *_camera(road, calibration), *_scales(road)]


def _fit(road: Road, calibration: Calibration) -> str:
    count = len(calibration.road_points)
    if count == 4:
        return "Four points always fit, so nothing checks them: measure a fifth, and look at the drawing."
    return f"{count} points fit to {road.residual_px:.1f} px, {road.residual_m:.2f} m (root mean square)."


def _camera(road: Road, calibration: Calibration) -> list[str]:
    camera = road.camera
    if camera is None:
        return ["The points leave the lens open: speed and lane can be measured, length and height cannot."]
    view_deg = math.degrees(2 * math.atan(road.picture_px[0] / 2 / camera.focal_px))
    told = calibration.camera_height_m
    lines = [
        f"The lens sees {view_deg:.0f} degrees and hangs {camera.implied_height_m:.1f} m high by the points."
    ]
    if told is None:
        lines.append("Heights are not measured: add camera_height_m, the lens above the road, by tape.")
    else:
        lines.append(f"By tape it hangs {told:.1f} m high, which is what is used.")
    return lines


def _scales(road: Road) -> list[str]:
    left, right, near, far = road.extent_m
    middle = (left + right) / 2
    lines = ["    along    1 m across   1 m along   a distance here is right to"]
    for along_m in np.linspace(near, far, PLACES):
        here = np.array([(middle, along_m), (middle + 1, along_m), (middle, along_m + 1)])
        pixels = road.in_picture(here) * road.picture_px
        across_px, along_px = np.linalg.norm(pixels[1:] - pixels[0], axis=1)
        ends = road.in_picture(np.array([(middle, along_m - BESIDE_M), (middle, along_m + BESIDE_M)]))
        error = road.distance_error(ends)
        lines.append(f"{along_m:7.1f} m {across_px:9.1f} px {along_px:8.1f} px {error:17.1%}")
    return lines
