"""What is filmed, read from shots.yaml: clips with their camera, light, weather and passing vehicles."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from deploy.demo.film.camera import Camera
from deploy.demo.film.road import Direction, Pose, Road, unit_pose
from deploy.demo.film.vehicles import BUILDERS, Kind, Livery, Vehicle

HERE = Path(__file__).parent
SHOTS_FILE = HERE / "shots.yaml"


class ShotsError(ValueError):
    """The shot list names something that it does not define."""


@dataclass(frozen=True)
class Light:
    """Daylight: the sun by compass and elevation, strengths as Cycles counts them, exposure in stops."""

    sun_azimuth_deg: float
    sun_elevation_deg: float
    sun_strength: float
    sky_strength: float
    exposure_ev: float


@dataclass(frozen=True)
class Weather:
    """`wetness` of the ground from 0 (dry) to 1 (standing wet)."""

    wetness: float = 0.0


@dataclass(frozen=True)
class Passing:
    """One vehicle going by: its front axle is at `from_m` along the road at `start_s`, gone at `to_m`."""

    kind: Kind
    plate: str
    livery: Livery
    direction: Direction
    start_s: float
    from_m: float
    to_m: float
    speed_mps: float

    @property
    def end_s(self) -> float:
        """When the front axle reaches `to_m`."""
        return self.start_s + abs(self.to_m - self.from_m) / self.speed_mps

    def vehicle(self) -> Vehicle:
        """Build the vehicle."""
        return BUILDERS[self.kind](self.livery)

    def poses(self, vehicle: Vehicle, road: Road, at_s: float) -> list[Pose] | None:
        """Where the vehicle's units stand, or None when it is not on the road."""
        if not self.start_s <= at_s <= self.end_s:
            return None
        sign = 1.0 if self.to_m > self.from_m else -1.0
        front = self.from_m + sign * self.speed_mps * (at_s - self.start_s)
        return [
            unit_pose(road, self.direction, front - sign * unit.behind_m, unit.wheelbase_m)
            for unit in vehicle.units
        ]


@dataclass(frozen=True)
class Clip:
    """One clip of the film; `heading_deg` is the compass direction that +x points to."""

    name: str
    camera: Camera
    road: Road
    heading_deg: float
    seed: int
    village: str
    light: Light
    weather: Weather
    fps: float
    duration_s: float
    passings: tuple[Passing, ...]

    @property
    def frame_count(self) -> int:
        """Frames in the clip; frame n shows the time n / fps."""
        return round(self.duration_s * self.fps)

    def sun_direction(self) -> NDArray[np.float64]:
        """Unit vector from the ground to the sun in the street's frame."""
        turn = np.radians(self.light.sun_azimuth_deg - self.heading_deg)
        up = np.radians(self.light.sun_elevation_deg)
        return np.array([np.cos(turn) * np.cos(up), -np.sin(turn) * np.cos(up), np.sin(up)])


def read_clips(path: Path = SHOTS_FILE) -> dict[str, Clip]:
    """Clips by name. Raises ShotsError for a vehicle, light or camera that the file does not define."""
    shots = cast(dict[str, Any], YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    return {name: _clip(name, clip, shots) for name, clip in shots["clips"].items()}


def _clip(name: str, clip: Mapping[str, Any], shots: Mapping[str, Any]) -> Clip:
    view = _named(shots, "views", clip["view"])
    passings = tuple(_passing(item, shots, view) for item in clip["passings"])
    return Clip(
        name=name,
        camera=Camera(**view["camera"]),
        road=Road(**view["road"]),
        heading_deg=view["heading_deg"],
        seed=view["seed"],
        village=view["village"],
        light=Light(**_named(shots, "lights", clip["light"])),
        weather=Weather(**clip.get("weather", {})),
        fps=shots["fps"],
        duration_s=clip["duration_s"],
        passings=passings,
    )


def _passing(item: Mapping[str, Any], shots: Mapping[str, Any], view: Mapping[str, Any]) -> Passing:
    vehicle = _named(shots, "vehicles", item["vehicle"])
    from_m, to_m = view["run_m"]
    return Passing(
        kind=vehicle["kind"],
        plate=vehicle["plate"],
        livery=Livery(**vehicle["livery"]),
        direction=view["direction"],
        start_s=item["start_s"],
        from_m=item.get("from_m", from_m),
        to_m=item.get("to_m", to_m),
        speed_mps=item["speed_mps"],
    )


def _named(shots: Mapping[str, Any], table: str, name: str) -> Mapping[str, Any]:
    try:
        return cast(Mapping[str, Any], shots[table][name])
    except KeyError:
        known = ", ".join(shots[table])
        raise ShotsError(f"shots.yaml: {name!r} is not among its {table} ({known})") from None
