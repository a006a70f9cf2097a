"""A passage as matching and pairing see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ingest.records import Seen
from tests.ingest.units import NOON


def seen(name: str, after_s: float, site_id: str, direction: str, **changes: Any) -> Seen:
    """A vehicle at a site some seconds after noon, by a camera whose clock is right."""
    fields: dict[str, Any] = {
        "passage_id": name,
        "vrm": "AA19AAA",
        "captured_at": NOON + timedelta(seconds=after_s),
        "site_id": site_id,
        "site_version": 1,
        "direction": direction,
        "latitude": 51.87,
        "longitude": -0.4,
        "deployed_from": None,
        "deployed_until": None,
        "clock_ok": True,
        "clock_within_s": 0.0,
        "agent_id": f"unit-{site_id}",
        "camera_id": site_id,
    }
    return Seen(**{**fields, **changes})
