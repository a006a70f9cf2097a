"""Cameras and vehicles as tests of the unit make them up."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from config.settings import Camera, VanDeployment
from config.sites import Site
from edge.messages.passage import UnitName
from edge.seen import EvidencePicture, PlateReading, RawRead, SeenVehicle

NOON = datetime(2026, 10, 6, 11, 0, tzinfo=UTC)
UNIT = UnitName("unit-1", "demo", "test 1", {"detector": "d" * 64})


def camera(source: str = "rtsp://camera/stream", *, van: bool = False, **changes: Any) -> Camera:
    """A camera at a made-up place; a van's with a deployment."""
    site = Site(
        site_id="west",
        site_version=2,
        authority="demo",
        kind="van" if van else "fixed",
        name="West end",
        road="High Street",
        latitude=51.5,
        longitude=-0.5,
        effective_from=NOON,
    )
    deployment = VanDeployment(deployment_id="d1", started_at=NOON) if van else None
    return Camera(camera_id="west-1", source=source, site=site, deployment=deployment, **changes)


def vehicle(track_id: int = 1, *, hgv: float = 0.9, after_s: float = 10.0, **changes: Any) -> SeenVehicle:
    """A lorry that passed some seconds after noon."""
    at = NOON + timedelta(seconds=after_s)
    frame, scan = (
        b"\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00",
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00",
    )
    jpeg = b"\xff\xd8%b%b%d\xff\xd9" % (frame, scan, track_id)
    reads = (RawRead("AA19AAA", 0.9, (0.9,) * 7, "reader", 250),)
    fields: dict[str, Any] = {
        "source": "film",
        "track_id": track_id,
        "first_seen": at - timedelta(seconds=2),
        "last_seen": at,
        "captured_at": at - timedelta(seconds=1),
        "first_s": after_s - 2,
        "last_s": after_s,
        "captured_s": after_s - 1,
        "frame_number": int(after_s * 25),
        "vehicle_class": "truck",
        "hgv": hgv,
        "detector_score": 0.8,
        "box_px": (1, 2, 30, 40),
        "trailer": None,
        "direction": "towards",
        "lane": 1,
        "reading": PlateReading("AA19AAA", 0.95, 2, reads),
        "plate_reason": None,
        "raw_reads": reads,
        "evidence": (EvidencePicture("overview", jpeg, hashlib.sha256(jpeg).hexdigest(), 64, 48),),
    }
    return SeenVehicle(**{**fields, **changes})
