"""Road points in a site file: those that fix a road are taken, others name the line and what is wrong."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from config.calibration import Calibration
from config.errors import FileMistake
from config.files import load
from config.settings import EdgeSettings, load_settings
from config.sites import SitesFile

PILOT = Path(__file__).parents[2] / "config" / "pilot"
SITES = (PILOT / "sites.yaml").read_text()
FIRST = SITES[SITES.index("      road_points:") : SITES.index("  - site_id: ashcombe-east")]
SQUARE = [(0.2, 0.8, -3.0, 10.0), (0.8, 0.8, 3.0, 10.0), (0.6, 0.4, 3.0, 40.0), (0.4, 0.4, -3.0, 40.0)]


def points(*rows: tuple[float, float, float, float]) -> str:
    lines = [f"        - {{x: {x}, y: {y}, across_m: {a}, along_m: {b}}}" for x, y, a, b in rows]
    return "\n".join(["      road_points:", *lines, ""])


MISTAKES = [
    ("too few", points(*SQUARE[:3]), "length >= 4"),
    ("outside the picture", points((1.2, 0.8, 3.0, 10.0), *SQUARE), "<= 1.0"),
    (
        "three on a line in the picture",
        points((0.5, 0.6, 0.0, 20.0), (0.35, 0.7, -1.0, 15.0), (0.2, 0.8, -3.0, 10.0), (0.8, 0.4, 3.0, 40.0)),
        "no three on a line",
    ),
    (
        "all on one line of the road",
        points(*((x, y, a, 10.0) for x, y, a, _ in SQUARE)),
        "no three on a line",
    ),
    ("mirrored", points(*((x, y, -a, b) for x, y, a, b in SQUARE)), "mirrored"),
    ("two mixed up", points(SQUARE[0], SQUARE[1], (0.6, 0.4, -3.0, 40.0), (0.4, 0.4, 3.0, 40.0)), "mixed up"),
    ("a wrong name", FIRST.replace("across_m", "across", 1), "across"),
]


@pytest.mark.parametrize(("name", "written", "expected"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_names_the_calibration(tmp_path: Path, name: str, written: str, expected: str) -> None:
    path = tmp_path / "sites.yaml"
    path.write_text(SITES.replace(FIRST, written, 1))
    with pytest.raises(FileMistake) as caught:
        load(path, SitesFile)
    begins = 1 + SITES[: SITES.index("calibration:")].count("\n")
    assert begins <= caught.value.line <= begins + 12
    assert expected in str(caught.value)


@pytest.mark.parametrize("borders", [(0.0,), (3.0, 0.0), (0.0, 0.4)])
def test_lane_borders_run_from_left_to_right(borders: tuple[float, ...]) -> None:
    rows = [{"x": x, "y": y, "across_m": a, "along_m": b} for x, y, a, b in SQUARE]
    written = {"picture_px": (1280, 720), "road_points": rows, "lane_borders_m": borders}
    with pytest.raises(msgspec.ValidationError, match="lane_borders_m"):
        msgspec.convert(written, Calibration)


def test_the_pilots_units_know_the_same_road_as_its_sites() -> None:
    sites = {site.site_id: site for site in load(PILOT / "sites.yaml", SitesFile).sites}
    measured = 0
    for path in sorted((PILOT / "units").glob("*.yaml")):
        for camera in load_settings(path, EdgeSettings, {}).cameras:
            assert camera.site == sites[camera.site.site_id], path.name
            measured += camera.site.calibration is not None
    assert measured == 3
