"""Made-up passages: what a camera unit sees as its n-th vehicle, the same whenever it is asked."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from config.wire import (
    ClockState,
    EvidenceRef,
    Passage,
    Plate,
    Position,
    Traffic,
    TrafficCount,
    Vehicle,
    encode,
)
from edge.outbox.outbox import Kind, OutboxPicture

AUTHORITY = "demo"
NOON = datetime(2026, 10, 6, 11, 0, tzinfo=UTC)
_LETTERS = "ABDEFGHJKLMNOPRSTUVWXY"
# Every third vehicle has a picture, and a few of them one that nearly fills a message.
_PICTURE_EACH, _LARGE_AT, _LARGE_EACH, _TRAFFIC_EACH = 3, 60, 600, 10


@dataclass(frozen=True)
class Unit:
    """A unit's name and where its camera stands."""

    agent_id: str
    site_id: str
    direction: str
    after_s: float


UNITS = (
    Unit("unit-1", "ashcombe-west", "towards", 0.0),
    Unit("unit-2", "ashcombe-east", "away", 120.0),
    Unit("unit-3", "marrow-north", "towards", 0.0),
)


@dataclass(frozen=True)
class Event:
    """One thing to put into the outbox."""

    message_id: str
    kind: Kind
    payload: bytes
    pictures: Sequence[OutboxPicture] = ()


def events(seed: int, unit: Unit, number: int) -> list[Event]:
    """The passage of a vehicle, and now and then a minute's counts before it."""
    pictures = _pictures(seed, unit, number)
    seen = _passage(seed, unit, number, pictures)
    made = [Event(seen.passage_id, "passage", encode(seen), [picture for picture, _ in pictures])]
    if number % _TRAFFIC_EACH == 0:
        counted = _traffic(seed, unit, number)
        made.insert(0, Event(counted.traffic_id, "traffic", encode(counted)))
    return made


def _passage(seed: int, unit: Unit, number: int, pictures: Sequence[tuple[OutboxPicture, int]]) -> Passage:
    at = NOON + timedelta(seconds=unit.after_s + 3 * number)
    return Passage(
        passage_id=_id(seed, unit, f"passage {number}"),
        authority=AUTHORITY,
        agent_id=unit.agent_id,
        camera_id=unit.site_id,
        site_id=unit.site_id,
        site_version=1,
        source="live",
        captured_at=at,
        first_seen=at - timedelta(seconds=1),
        last_seen=at + timedelta(seconds=1),
        frame_number=number,
        direction=unit.direction,  # type: ignore[arg-type]  # one of UNITS
        position=Position(latitude=51.8712, longitude=-0.4031, source="site"),
        vehicle=Vehicle(class_="truck", hgv=0.9, detector_score=0.8, box=(1, 2, 30, 40)),
        plate=Plate(text=_mark(number), confidence=0.9, looks=3),
        evidence=tuple(_reference(picture, side_px) for picture, side_px in pictures),
        clock=ClockState(source="chrony", offset_s=0.0, error_bound_s=0.01),
        software="fault",
    )


def _traffic(seed: int, unit: Unit, number: int) -> Traffic:
    return Traffic(
        traffic_id=_id(seed, unit, f"traffic {number}"),
        authority=AUTHORITY,
        agent_id=unit.agent_id,
        camera_id=unit.site_id,
        site_id=unit.site_id,
        site_version=1,
        minute=NOON + timedelta(minutes=number),
        counts=(TrafficCount(class_="car", direction="towards", vehicles=number % 40),),
    )


def _pictures(seed: int, unit: Unit, number: int) -> list[tuple[OutboxPicture, int]]:
    if number % _PICTURE_EACH:
        return []
    side_px = 1100 if number % _LARGE_EACH == _LARGE_AT else 48
    noise = np.random.default_rng([seed, number, *unit.agent_id.encode()])
    pixels = noise.integers(0, 256, (side_px, side_px), np.uint8)
    jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
    return [(OutboxPicture(hashlib.sha256(jpeg).hexdigest(), jpeg), side_px)]


def _reference(picture: OutboxPicture, side_px: int) -> EvidenceRef:
    return EvidenceRef(
        kind="overview",
        sha256=picture.sha256,
        size_bytes=len(picture.jpeg),
        width_px=side_px,
        height_px=side_px,
    )


def _id(seed: int, unit: Unit, what: str) -> str:
    return hashlib.sha256(f"{seed} {unit.agent_id} {what}".encode()).hexdigest()[:32]


def _mark(number: int) -> str:
    """A registration in the British format; the units of one seed share them, as lorries are seen twice."""
    dice = random.Random(number)
    return "BD21" + "".join(dice.choice(_LETTERS) for _ in range(3))
