"""Where things fall in the picture: the numbers that the masks and the ground truth rest on."""

import math

import numpy as np
import pytest

from deploy.demo.film import moving
from deploy.demo.film.camera import Camera
from deploy.demo.film.road import LANE_OFFSET_M, Road, unit_pose
from deploy.demo.film.shots import Clip, Passing, read_clips
from deploy.demo.film.vehicles import BUILDERS, Kind, Livery, PlateMount
from deploy.demo.film.vehicles.model import PLATE_WIDTH_M

LEVEL = Camera(x_m=0.0, y_m=0.0, height_m=2.0, yaw_deg=0.0, pitch_deg=0.0, lens_mm=36.0)
STRAIGHT = Road(bend_at_m=1000.0, bend_radius_m=50.0)
LIVERY = Livery(cab="802020", body="203080", accent="ffffff", operator="Test", telephone="01632 960000")


@pytest.mark.parametrize(
    ("point", "pixel"),
    [
        ((10.0, 0.0, 2.0), (640.0, 360.0)),
        ((10.0, 0.0, 1.0), (640.0, 488.0)),
        ((10.0, 1.0, 2.0), (512.0, 360.0)),
        ((20.0, -1.0, 2.0), (704.0, 360.0)),
    ],
)
def test_camera_projects_ahead_below_and_aside(
    point: tuple[float, float, float], pixel: tuple[float, float]
) -> None:
    pixels, depth = LEVEL.project(np.array([point]))
    assert pixels[0] == pytest.approx(pixel)
    assert depth[0] == pytest.approx(point[0])


@pytest.mark.parametrize("radius_m", [45.0, -45.0])
def test_road_bends_without_a_corner_or_a_gap(radius_m: float) -> None:
    road = Road(bend_at_m=58.0, bend_radius_m=radius_m)
    along = np.arange(50.0, 110.0, 0.25)
    points = np.array([road.point(float(s)) for s in along])
    steps = np.diff(points, axis=0)
    assert np.linalg.norm(steps, axis=1) == pytest.approx(0.25, rel=1e-3)
    headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    assert headings == pytest.approx([road.heading_rad(float(s) + 0.125) for s in along[:-1]], abs=0.003)


@pytest.mark.parametrize(
    ("direction", "y_m", "heading"), [("away", LANE_OFFSET_M, 0.0), ("towards", -LANE_OFFSET_M, math.pi)]
)
def test_traffic_keeps_left(direction: str, y_m: float, heading: float) -> None:
    pose = unit_pose(STRAIGHT, direction, 30.0, 4.0)  # type: ignore[arg-type] # the cases are the literal's values
    assert (pose.x_m, pose.y_m) == pytest.approx((30.0, y_m))
    assert abs(pose.heading_rad) == pytest.approx(heading)


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_vehicle_spans_what_it_says_and_stands_on_the_ground(kind: Kind) -> None:
    vehicle = BUILDERS[kind](LIVERY)
    points = np.concatenate(
        [
            np.array(mesh.vertices) - np.array([unit.behind_m, 0.0, 0.0])
            for unit in vehicle.units
            for mesh in unit.meshes.values()
        ]
    )
    assert points[:, 2].min() == pytest.approx(0.0, abs=0.03)
    assert points[:, 0].max() == pytest.approx(vehicle.front_m, abs=0.25)
    assert points[:, 0].min() == pytest.approx(-vehicle.rear_m, abs=0.25)
    assert 1.5 < np.ptp(points[:, 1]) < 3.1


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_vehicle_has_one_plate_at_each_end(kind: Kind) -> None:
    mounts = [mount for unit in BUILDERS[kind](LIVERY).units for mount in unit.plates]
    assert sorted(mount.facing for mount in mounts) == ["front", "rear"]


def test_plate_is_as_wide_as_its_distance_makes_it_and_unseen_from_behind() -> None:
    mount = PlateMount((0.0, 0.0, 0.6), "front")
    facing_us = unit_pose(STRAIGHT, "towards", 20.0, 4.0)
    look = moving.plate_look(LEVEL, mount, facing_us)
    assert look is not None
    assert look.width_px == pytest.approx(LEVEL.focal_px * PLATE_WIDTH_M / 20.0, rel=0.01)
    assert moving.plate_look(LEVEL, mount, unit_pose(STRAIGHT, "away", 20.0, 4.0)) is None


def _first_passing() -> tuple[Clip, Passing]:
    clip = read_clips()["entry"]
    return clip, clip.passings[0]


def test_what_is_rendered_again_holds_the_vehicle_and_its_shadow() -> None:
    clip, passing = _first_passing()
    vehicle = passing.vehicle()
    poses = passing.poses(vehicle, clip.road, passing.start_s + 5.0)
    assert poses is not None
    outline = moving.silhouette(clip.camera, vehicle, poses)
    touched = moving.touched(clip, vehicle, poses)
    assert (touched[outline > 0] > 200).all()
    assert (touched > 0).sum() > 1.2 * (outline > 0).sum()


def test_an_empty_road_has_no_border() -> None:
    assert moving.border_of(np.zeros((720, 1280), np.uint8)) is None


def test_a_vehicle_half_beside_the_camera_is_cut_off_at_the_lens() -> None:
    clip, passing = _first_passing()
    vehicle = passing.vehicle()
    poses = passing.poses(vehicle, clip.road, passing.start_s + (passing.from_m - 3.0) / passing.speed_mps)
    assert poses is not None
    border = moving.border_of(moving.silhouette(clip.camera, vehicle, poses))
    assert border is not None
    assert border.left == 0


def test_vehicle_is_on_the_road_only_while_it_passes() -> None:
    clip, passing = _first_passing()
    vehicle = passing.vehicle()
    assert passing.poses(vehicle, clip.road, passing.start_s - 0.01) is None
    assert passing.poses(vehicle, clip.road, passing.end_s + 0.01) is None
    poses = passing.poses(vehicle, clip.road, passing.start_s)
    assert poses is not None
    assert len(poses) == len(vehicle.units) == 2
