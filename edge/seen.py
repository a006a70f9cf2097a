"""What the picture pipeline gives to the rest: vehicles seen, their readings, pictures and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edge.road.measure import NOTHING, Measured

Direction = Literal["towards", "away", "unknown"]


Doubt = tuple[tuple[str, float], ...]
"""What else one character may be, with its odds, likeliest first."""


@dataclass(frozen=True)
class RawRead:
    """One look read by one reader, before vote and grammar; `doubts` where it tells its second guesses."""

    text: str
    confidence: float
    character_confidences: tuple[float, ...]
    reader: str
    frame_number: int
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class PlateReading:
    """The voted registration; `looks` is how many looks agree on it."""

    text: str
    confidence: float
    looks: int
    raw_reads: tuple[RawRead, ...]


@dataclass(frozen=True)
class EvidencePicture:
    """A JPEG as it is kept and hashed; in an overview all but the vehicle itself is beyond recovery."""

    kind: Literal["overview", "plate"]
    jpeg: bytes
    sha256: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class SeenVehicle:
    """One vehicle that passed a camera once, or that a still shows.

    Instants are UTC, `captured_at` the evidence frame's; `*_s` are seconds since the source began. `box_px`
    is x1, y1, x2, y2 in the evidence frame. `plate_reason` says in plain words why `reading` is None.
    `evidence` is empty for a vehicle that does not look like an HGV; `measured` is NOTHING where no site
    calibration is known.
    """

    source: str
    track_id: int
    first_seen: datetime
    last_seen: datetime
    captured_at: datetime
    first_s: float
    last_s: float
    captured_s: float
    frame_number: int
    vehicle_class: str
    hgv: float
    detector_score: float
    box_px: tuple[int, int, int, int]
    trailer: bool | None
    direction: Direction
    lane: int | None
    reading: PlateReading | None
    plate_reason: str | None
    raw_reads: tuple[RawRead, ...]
    evidence: tuple[EvidencePicture, ...]
    measured: Measured = NOTHING


@dataclass(frozen=True)
class TrafficCount:
    """How many vehicles of one class went in one direction in the minute that began at `minute` (UTC)."""

    minute: datetime
    vehicle_class: str
    direction: str
    vehicles: int
