"""A passage and its rows, as ingest leaves them, for tests."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import msgspec

from config.wire.messages import ClockState, EvidenceRef, Passage, Plate, Position, Vehicle, encode


def a_hash(*parts: object) -> str:
    """A SHA-256 that is the same for the same parts."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def signed_passage(vrm: str, at: datetime, site_id: str, direction: str, trailer: bool | None) -> Passage:
    """A passage with two pictures, as a unit would sign it."""
    pictures = tuple(
        EvidenceRef(kind=kind, sha256=a_hash(vrm, at, site_id, kind), size_bytes=9, width_px=3, height_px=2)
        for kind in ("overview", "plate")
    )
    return Passage(
        passage_id=a_hash(vrm, at, site_id)[:32],
        authority="demo",
        agent_id=f"unit-{site_id}",
        camera_id=site_id,
        site_id=site_id,
        site_version=1,
        source="live",
        captured_at=at,
        first_seen=at,
        last_seen=at,
        frame_number=1,
        direction=direction,  # type: ignore[arg-type]  # tests pass one of the literals
        position=Position(latitude=51.87, longitude=-0.4, source="site"),
        vehicle=Vehicle(class_="truck", hgv=0.9, detector_score=0.9, box=(0, 0, 3, 2), trailer=trailer),
        plate=Plate(text=vrm, confidence=0.98, looks=4),
        evidence=pictures,
        clock=ClockState(source="chrony", offset_s=0.01, error_bound_s=0.02),
        software="tests",
    )


def passage_row(passage: Passage, raw: bytes, seq: int, now: datetime) -> dict[str, Any]:
    """The passage's row, as ingest would store it."""
    return {
        "authority": passage.authority,
        "passage_id": passage.passage_id,
        "agent_id": passage.agent_id,
        "camera_id": passage.camera_id,
        "site_id": passage.site_id,
        "site_version": passage.site_version,
        "source": passage.source,
        "captured_at": passage.captured_at,
        "received_at": now,
        "direction": passage.direction,
        "vrm": passage.plate.text if passage.plate else None,
        "latitude": passage.position.latitude,
        "longitude": passage.position.longitude,
        "deployment_started_at": None,
        "deployment_ended_at": None,
        "clock_error_s": 0.03,
        "clock_ok": True,
        "outbox_id": "0" * 32,
        "seq": seq,
        "payload_sha256": hashlib.sha256(encode(passage)).hexdigest(),
        "raw": raw,
    }


def reference_row(passage: Passage, ref: EvidenceRef) -> dict[str, Any]:
    """The row that ties a picture to its passage."""
    return {"authority": passage.authority, "passage_id": passage.passage_id, **msgspec.structs.asdict(ref)}


def evidence_row(passage: Passage, ref: EvidenceRef, state: str, now: datetime) -> dict[str, Any]:
    """The row of a picture in `state`."""
    return {
        "authority": passage.authority,
        "sha256": ref.sha256,
        "agent_id": passage.agent_id,
        "outbox_id": "0" * 32,
        "state": state,
        "named_at": now,
        "asked_at": None,
        "held_at": now if state == "held" else None,
    }
