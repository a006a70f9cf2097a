"""Speed, length and height of made-up vehicles before made-up cameras, and of the film's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from config.files import load
from config.sites import SitesFile
from deploy.demo.film.shots import read_clips
from edge.road.measure import NOTHING, Estimate, Measured, measured
from edge.road.plane import road_of
from edge.road.trailer import trailer_behind
from tests.edge.road.roadside import FRAME_PX, Boxes, Camera, Drive

CAR = Drive(4.4, 1.8, 1.5, 13.0, 26.0, across_m=-1.75)
RIGID = Drive(9.5, 2.5, 3.4, 12.0, 30.0, across_m=-1.75)
ARTIC = Drive(16.5, 2.55, 4.0, 11.0, 36.0, across_m=-1.75)
OBLIQUE = Camera(across_m=9.0, height_m=6.0, turned_deg=25.0, down_deg=14.0, focal_px=1100.0)
LOW = Camera(height_m=3.0, turned_deg=6.0, down_deg=4.0, focal_px=2400.0, across_m=5.0)
LOW_POINTS = ((-3.5, 40.0), (3.5, 30.0), (3.5, 80.0), (-3.5, 80.0))


def coming(drive: Drive) -> Drive:
    return replace(drive, speed_mps=-drive.speed_mps, front_m=64.0, across_m=1.75)


def off(estimate: Estimate | None, truth: float) -> float:
    """How many standard errors an estimate is off."""
    assert estimate is not None
    return abs(estimate.value - truth) / estimate.standard_error


@pytest.mark.parametrize("camera", [Camera(), OBLIQUE], ids=["usual", "oblique"])
@pytest.mark.parametrize("drive", [CAR, RIGID, ARTIC, coming(CAR), coming(RIGID), coming(ARTIC)])
@pytest.mark.parametrize("moved_px", [0.0, 2.0])
def test_speed_and_height_within_their_stated_errors(camera: Camera, drive: Drive, moved_px: float) -> None:
    road = road_of(camera.calibration(moved_px=moved_px))
    for seed in range(4):
        found = measured(drive.path(camera, noise=0.02, seed=seed), road, FRAME_PX)
        assert found.speed_mps is not None
        assert found.speed_mps.standard_error < 0.08 * abs(drive.speed_mps)
        assert off(found.speed_mps, abs(drive.speed_mps)) < 2.5
        assert off(found.height_m, drive.height_m) < 3.5
        assert found.along_mps is not None
        assert np.sign(found.along_mps) == np.sign(drive.speed_mps)
        assert found.lane == (1 if drive.across_m < 0 else 2)


@pytest.mark.parametrize("drive", [CAR, RIGID, ARTIC, coming(CAR), coming(RIGID), coming(ARTIC)])
def test_an_oblique_view_shows_the_length(drive: Drive) -> None:
    road = road_of(OBLIQUE.calibration(moved_px=1.0))
    lengths = [measured(drive.path(OBLIQUE, 0.02, seed), road, FRAME_PX).length_m for seed in range(6)]
    given = [length for length in lengths if length is not None]
    assert len(given) >= 4
    assert max(off(length, drive.length_m) for length in given) < 3
    assert float(np.median([length.value for length in given])) == pytest.approx(drive.length_m, rel=0.15)


def test_stated_length_errors_are_neither_boast_nor_excuse() -> None:
    """Over many drives two thirds should be within one standard error; here half to all of them."""
    road = road_of(OBLIQUE.calibration())
    drives = [replace(d, speed_mps=d.speed_mps * k) for d in (RIGID, coming(ARTIC)) for k in (0.8, 1.0, 1.3)]
    lengths = [
        (measured(drive.path(OBLIQUE, 0.02, seed), road, FRAME_PX).length_m, drive.length_m)
        for drive in drives
        for seed in range(4)
    ]
    misses = [off(length, truth) for length, truth in lengths if length is not None]
    assert len(misses) >= 20
    assert float(np.mean(np.array(misses) < 1)) > 0.5
    assert float(np.median(misses)) > 0.1


def test_a_view_along_the_road_does_not_show_the_length() -> None:
    camera = Camera(across_m=1.75, height_m=3.0, turned_deg=0.0, down_deg=4.0, focal_px=2400.0)
    road = road_of(camera.calibration(((-3.5, 40.0), (3.5, 40.0), (3.5, 80.0), (-3.5, 80.0))))
    drive = replace(RIGID, speed_mps=-9.0, front_m=75.0, across_m=1.75)
    found = measured(drive.path(camera, noise=0.02), road, FRAME_PX)
    assert found.speed_mps is not None
    assert found.length_m is None
    assert found.height_m is not None


def cut_at_the_side(drive: Drive) -> Boxes:
    """The drive's boxes, all reaching to the picture's left edge."""
    return [
        (at_s, ((x + wide / 2) / 2, y, x + wide / 2, high))
        for at_s, (x, y, wide, high) in drive.path(Camera())
    ]


NOT_KNOWN = [
    ("too few looks", RIGID.path(Camera())[:4]),
    ("too short a time", RIGID.path(Camera(), looks_per_s=50.0)[:12]),
    ("it stands", replace(RIGID, speed_mps=0.001).path(Camera(), noise=0.02)),
    ("off the measured stretch", replace(CAR, front_m=120.0).path(Camera())),
    ("cut by the picture's edge", cut_at_the_side(ARTIC)),
    ("nothing seen", []),
]


@pytest.mark.parametrize(("name", "path"), NOT_KNOWN, ids=[name for name, _ in NOT_KNOWN])
def test_no_speed_rather_than_a_guess(name: str, path: Boxes) -> None:
    found = measured(path, road_of(Camera().calibration()), FRAME_PX)
    assert (found.speed_mps, found.length_m, found.height_m) == (None, None, None), name


def test_a_path_that_jumps_is_no_speed() -> None:
    path = RIGID.path(Camera(), noise=0.01)
    torn = [(at_s, (x, y + 80 * (index % 2), w, h)) for index, (at_s, (x, y, w, h)) in enumerate(path)]
    assert measured(torn, road_of(Camera().calibration()), FRAME_PX).speed_mps is None


@pytest.mark.parametrize("drift_mps", [-0.8, 0.5, 1.0])
@pytest.mark.parametrize("drive", [CAR, RIGID, coming(ARTIC)])
def test_who_changes_lanes_is_still_measured_right(drive: Drive, drift_mps: float) -> None:
    road = road_of(OBLIQUE.calibration())
    found = measured(replace(drive, drift_mps=drift_mps).path(OBLIQUE, 0.02), road, FRAME_PX)
    assert off(found.speed_mps, abs(drive.speed_mps)) < 2.5


def test_who_turns_off_is_not_measured() -> None:
    road = road_of(OBLIQUE.calibration())
    turning = replace(CAR, speed_mps=8.0, drift_mps=5.0, across_m=-5.0)
    assert measured(turning.path(OBLIQUE, 0.01), road, FRAME_PX) == NOTHING


def test_one_wild_box_does_not_bend_the_speed() -> None:
    path = RIGID.path(Camera(), noise=0.01)
    at_s, (x, y, wide, high) = path[10]
    path[10] = (at_s, (x, y + 25, wide, high))
    found = measured(path, road_of(Camera().calibration()), FRAME_PX)
    assert off(found.speed_mps, RIGID.speed_mps) < 2


def test_without_the_cameras_height_there_is_no_height() -> None:
    road = road_of(Camera().calibration(height_known=False))
    found = measured(RIGID.path(Camera(), noise=0.01), road, FRAME_PX)
    assert found.height_m is None
    assert off(found.speed_mps, RIGID.speed_mps) < 2.5


def test_a_stream_of_another_size_measures_the_same() -> None:
    road = road_of(Camera().calibration())
    path = RIGID.path(Camera(), noise=0.01)
    half = [(at_s, tuple(value / 2 for value in box)) for at_s, box in path]
    whole, small = measured(path, road, FRAME_PX), measured(half, road, (640, 360))
    assert whole == small != NOTHING


FILM = {
    "entry": "ashcombe-west",
    "exit": "ashcombe-east",
    "exit_later": "ashcombe-east",
    "van": "thornwick-layby",
}


@pytest.mark.parametrize("clip_name", FILM)
def test_the_films_vehicles_as_the_truth_has_them(clip_name: str, project_root: Path) -> None:
    """The pilot's own calibration on the film's true boxes: speeds and heights as the shot list says."""
    sites = {s.site_id: s for s in load(project_root / "config/pilot/sites.yaml", SitesFile).sites}
    calibration = sites[FILM[clip_name]].calibration
    assert calibration is not None
    road, clip = road_of(calibration), read_clips()[clip_name]
    truth = json.loads((project_root / "deploy/demo/film/truth.json").read_text())[clip_name]
    for passing, looks in zip(clip.passings, truth["vehicles"], strict=True):
        found = measured(film_path(looks["looks"], clip.fps), road, FRAME_PX)
        vehicle = passing.vehicle()
        assert off(found.speed_mps, passing.speed_mps) < 2, passing.kind
        assert (found.along_mps or 0.0) * (1 if passing.direction == "away" else -1) > 0
        assert found.lane == (1 if passing.direction == "away" else 2)
        if vehicle.hgv:
            assert 3.4 < height_of(found) < 4.3
            assert found.length_m is None or off(found.length_m, vehicle.front_m + vehicle.rear_m) < 2


def film_path(looks: list[dict[str, object]], fps: float) -> Boxes:
    path = []
    for look in looks[-64:]:
        x1, y1, x2, y2 = look["box_px"]  # type: ignore[misc] # a list of four in the truth file
        path.append((look["frame"] / fps, ((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1)))  # type: ignore[operator] # a number
    return path


def height_of(found: Measured) -> float:
    assert found.height_m is not None
    return found.height_m.value


def odd_path(random: np.random.Generator) -> Boxes:
    """Boxes as no vehicle gives them: jumping, frozen, without size, beyond the picture, at one instant."""
    count = int(random.integers(0, 30))
    times_s = np.sort(random.uniform(0, float(random.choice([0.0, 0.5, 3.0, 60.0])), count))
    rows = random.uniform((-100, -100, 0, 0), (1400, 800, 900, 600), (count, 4))
    if random.random() < 0.6:
        rows = rows[:1] + random.normal(0, 60, 4) * times_s[:, None] if count else rows
        rows[:, 2:] = np.maximum(rows[:, 2:], 0)
    if random.random() < 0.3:
        rows = np.repeat(rows[:1], count, axis=0)
    return [(float(at_s), tuple(row)) for at_s, row in zip(times_s, rows.tolist(), strict=True)]


def test_no_track_takes_the_unit_down() -> None:
    random = np.random.default_rng(5)
    roads = [road_of(Camera().calibration()), road_of(OBLIQUE.calibration(height_known=False))]
    for number in range(300):
        path = odd_path(random)
        found = measured(path, roads[number % 2], FRAME_PX)
        assert found.speed_mps is None or 0 < found.speed_mps.value < 60
        assert trailer_behind(path, path) is None
