"""The messages, as frozen structs. Units are in the names; instants are UTC with their offset written out.

A passage's payload holds nothing that changes when a file is replayed: sequence number and outbox id travel
in the envelope's protected header, so that the same passage is the same bytes however often it is sent.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from config.errors import Undecodable
from config.wire.receipts import Receipt
from config.wire.unit_state import ClockState, Health, Loss
from config.wire.values import (
    VERSION,
    Count,
    Direction,
    Instant,
    Mark,
    MessageId,
    Name,
    Pixels,
    Sha256,
    Share,
    SiteVersion,
    VehicleClass,
    Vehicles,
    Words,
)


class Position(Struct, frozen=True, kw_only=True):
    """WGS84 position of the camera and where it came from."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    source: Literal["site", "gpsd", "file"]
    accuracy_m: Annotated[float, Meta(ge=0)] | None = None


class Deployment(Struct, frozen=True, kw_only=True):
    """When and as what a mobile van stood where the passage says."""

    deployment_id: Name
    started_at: Instant
    ended_at: Instant | None = None


class Estimate(Struct, frozen=True, kw_only=True):
    """A figure measured from pictures and one standard error, in the unit that its field is named for."""

    value: Annotated[float, Meta(ge=0)]
    standard_error: Annotated[float, Meta(ge=0)]


class Vehicle(Struct, frozen=True, kw_only=True):
    """What the picture shows. `hgv` is the probability that it looks like an HGV, never a weight.

    Length and height are there where the site is calibrated and the view shows them (since 1.1). `trailer`
    is True where one is evident and None where nothing is known: none seen is not none there.
    """

    class_: VehicleClass = msgspec.field(name="class")
    hgv: Share
    detector_score: Share
    box: tuple[Pixels, Pixels, Pixels, Pixels]
    trailer: bool | None = None
    length_m: Estimate | None = None
    height_m: Estimate | None = None


class RawRead(Struct, frozen=True, kw_only=True):
    """One look read by one reader, as it came, before vote and grammar."""

    text: Annotated[str, Meta(max_length=20)]
    confidence: Share
    reader: Annotated[str, Meta(max_length=64)]
    frame_number: Count


class Plate(Struct, frozen=True, kw_only=True):
    """The voted reading: a normalised VRM, its confidence and how many looks agree on it."""

    text: Mark
    confidence: Share
    looks: Annotated[int, Meta(ge=1)]


class Speed(Struct, frozen=True, kw_only=True):
    """A speed over ground. A video estimate is intelligence, never evidence.

    The standard error (since 1.1) is a video estimate's; a device states its own in its certificate.
    """

    metres_per_s: Annotated[float, Meta(ge=0)]
    source: Literal["device", "video_estimate"]
    standard_error_metres_per_s: Annotated[float, Meta(ge=0)] | None = None


class EvidenceRef(Struct, frozen=True, kw_only=True):
    """A picture that follows by hash on the evidence topic."""

    kind: Literal["overview", "plate"]
    sha256: Sha256
    size_bytes: Annotated[int, Meta(ge=1, le=1_500_000)]
    width_px: Pixels
    height_px: Pixels


class Passage(Struct, frozen=True, kw_only=True, tag="passage", tag_field="type"):
    """One vehicle that looks like an HGV passed one camera once."""

    version: str = VERSION
    passage_id: MessageId
    authority: Name
    agent_id: Name
    camera_id: Name
    site_id: Name
    site_version: SiteVersion
    source: Literal["live", "file"]
    captured_at: Instant
    first_seen: Instant
    last_seen: Instant
    frame_number: Count
    direction: Direction
    lane: Annotated[int, Meta(ge=0, le=16)] | None = None
    position: Position
    deployment: Deployment | None = None
    vehicle: Vehicle
    plate: Plate | None = None
    plate_reason: Words | None = None
    raw_reads: Annotated[tuple[RawRead, ...], Meta(max_length=64)] = ()
    speed: Speed | None = None
    evidence: Annotated[tuple[EvidenceRef, ...], Meta(max_length=8)] = ()
    clock: ClockState
    software: Annotated[str, Meta(max_length=64)]
    models: dict[str, Sha256] = {}


class TrafficCount(Struct, frozen=True, kw_only=True):
    """Vehicles of one class in one direction within the minute."""

    class_: VehicleClass = msgspec.field(name="class")
    direction: Direction
    vehicles: Vehicles


class Traffic(Struct, frozen=True, kw_only=True, tag="traffic", tag_field="type"):
    """Counts of one camera over one minute; all that leaves the edge of vehicles that are not HGVs."""

    version: str = VERSION
    traffic_id: MessageId
    authority: Name
    agent_id: Name
    camera_id: Name
    site_id: Name
    site_version: SiteVersion
    minute: Instant
    counts: Annotated[tuple[TrafficCount, ...], Meta(max_length=64)]


Message = Passage | Traffic | Health | Loss | Receipt
M = TypeVar("M", bound=Message)

MESSAGES: tuple[type[Message], ...] = (Passage, Traffic, Health, Loss, Receipt)

# Made here and now: msgspec 0.22 ends the process where two threads use a type for the first time at once.
_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in MESSAGES
}


def encode(message: Message) -> bytes:
    """The message as JSON in a fixed order of fields: the same message is always the same bytes."""
    return msgspec.json.encode(message, order="deterministic")


def digest_of(payload: bytes) -> str:
    """The first 16 hexadecimal digits of the payload's SHA-256: tells apart what went under one number."""
    return hashlib.sha256(payload).hexdigest()[:16]


def decode(payload: bytes, expected: type[M]) -> M:
    """The message in `payload`. Raises Undecodable with the path of the first fault."""
    try:
        message: M = _DECODERS[expected].decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(f"not a {expected.__struct_config__.tag} message: {error}") from error
    for name in ("captured_at", "first_seen", "last_seen", "minute", "sent_at", "noticed_at"):
        instant = getattr(message, name, None)
        if instant is not None and instant.utcoffset() != UTC.utcoffset(None):
            raise Undecodable(f"{name} must be UTC, not {instant.isoformat()}")
    return message
