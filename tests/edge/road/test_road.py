"""The road's plane from four points: metres back and forth, the lens behind them, and what is refused."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from config.calibration import Calibration
from edge.errors import CalibrationError
from edge.road.plane import Road, road_of
from tests.edge.road.roadside import FRAME_PX, Camera

CAMERAS = [
    Camera(),
    Camera(across_m=0.0, turned_deg=0.0, down_deg=12.0),
    Camera(height_m=2.6, turned_deg=7.0, down_deg=4.0, focal_px=2400.0),
    Camera(across_m=-9.0, height_m=7.0, turned_deg=-25.0, down_deg=14.0, focal_px=1100.0),
]
FAR_ENOUGH = ((-3.5, 32.0), (3.5, 32.0), (3.5, 70.0), (-3.5, 70.0))


def shares(camera: Camera, *road_m: tuple[float, float]) -> np.ndarray:
    return camera.pixels(np.array([(*point, 0.0) for point in road_m])) / FRAME_PX


@pytest.mark.parametrize("camera", CAMERAS)
def test_points_of_the_picture_lie_where_they_are_on_the_road(camera: Camera) -> None:
    road = road_of(camera.calibration(FAR_ENOUGH))
    places = [(-1.0, 40.0), (3.0, 55.0), (0.0, 66.0)]
    assert road.on_road(shares(camera, *places)) == pytest.approx(np.array(places), abs=1e-4)
    assert road.in_picture(np.array(places)) == pytest.approx(shares(camera, *places), abs=1e-6)
    assert road.residual_px == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("camera", CAMERAS)
def test_the_points_tell_the_lens_and_its_height(camera: Camera) -> None:
    behind = road_of(camera.calibration(FAR_ENOUGH, height_known=False)).camera
    assert behind is not None
    assert behind.focal_px == pytest.approx(camera.focal_px, rel=0.005)
    assert behind.implied_height_m == pytest.approx(camera.height_m, rel=0.005)
    above = np.array([(1.0, 45.0, 0.0), (1.0, 45.0, 4.0), (-2.0, 60.0, 2.5)])
    assert behind.project(above) == pytest.approx(camera.pixels(above), abs=1.0)


def test_the_measured_height_sets_the_scale_upwards() -> None:
    camera = Camera()
    told = msgspec.structs.replace(camera.calibration(), camera_height_m=camera.height_m * 1.2)
    behind = road_of(told).camera
    assert behind is not None
    foot, top = behind.project(np.array([(1.0, 40.0, 0.0), (1.0, 40.0, 4.8)]))
    truth = camera.pixels(np.array([(1.0, 40.0, 0.0), (1.0, 40.0, 4.0)]))
    assert np.array([foot, top]) == pytest.approx(truth, abs=1.0)


def test_nothing_above_the_horizon_is_on_the_road() -> None:
    road = road_of(Camera().calibration())
    assert np.isnan(road.on_road(np.array([(0.5, 0.0)]))).all()
    assert np.isnan(road.in_picture(np.array([(0.0, -50.0)]))).all()


def test_the_road_is_trusted_along_the_measured_stretch_only() -> None:
    road = road_of(Camera().calibration())
    along = np.array([(0.0, 10.0), (0.0, 16.0), (0.0, 40.0), (0.0, 65.0), (0.0, 80.0), (np.nan, np.nan)])
    assert road.holds(along).tolist() == [False, True, True, True, False, False]


@pytest.mark.parametrize(
    ("across_m", "lane"), [(-4.0, None), (-3.4, 1), (-0.1, 1), (0.1, 2), (3.4, 2), (3.6, None)]
)
def test_lanes_count_from_the_left(across_m: float, lane: int | None) -> None:
    assert road_of(Camera().calibration()).lane(across_m) == lane


def test_farther_off_misplaced_points_matter_more() -> None:
    road = road_of(Camera().calibration())
    near, far = ([(0.0, 24.0), (0.0, 30.0)], [(0.0, 54.0), (0.0, 60.0)])
    assert 0.001 < road.distance_error(shares(Camera(), *near)) < road.distance_error(shares(Camera(), *far))


def misplaced(calibration: Calibration, index: int, by: float) -> Calibration:
    points = list(calibration.road_points)
    points[index] = msgspec.structs.replace(points[index], y=points[index].y + by)
    return msgspec.structs.replace(calibration, road_points=tuple(points))


def test_a_fifth_point_shows_a_wrong_one() -> None:
    five = Camera().calibration((*FAR_ENOUGH, (0.0, 45.0)))
    assert road_of(five).residual_m < 1e-4
    assert 0.5 < road_of(misplaced(five, 4, 0.01)).residual_px < 10
    with pytest.raises(CalibrationError, match=r"number \d is off by \d+ px"):
        road_of(misplaced(five, 4, 0.06))


@pytest.mark.parametrize("wrong", [0.5, 2.0])
def test_a_height_that_the_points_contradict_is_refused(wrong: float) -> None:
    told = msgspec.structs.replace(Camera().calibration(), camera_height_m=5.0 * wrong)
    with pytest.raises(CalibrationError, match=r"the road points make it 5\.0 m"):
        road_of(told)


def test_a_map_seen_straight_from_above_leaves_the_lens_open() -> None:
    """A plane parallel to the picture looks the same through every lens."""
    rows = [
        (0.3, 0.8, -3.0, 0.0),
        (0.7, 0.8, 3.0, 0.0),
        (0.7, 0.8 - 16 / 45, 3.0, 3.0),
        (0.3, 0.8 - 16 / 45, -3.0, 3.0),
    ]
    written = {
        "picture_px": FRAME_PX,
        "road_points": [{"x": x, "y": y, "across_m": a, "along_m": b} for x, y, a, b in rows],
    }
    road: Road = road_of(msgspec.convert(written, Calibration))
    assert road.camera is None
