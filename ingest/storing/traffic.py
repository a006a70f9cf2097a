"""Counts of all traffic into the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.wire import Traffic
from ingest.database.inserts import insert_into
from ingest.intake.arrivals import Signed
from ingest.intake.outcome import Outcome
from ingest.storing.cameras import note_cameras
from ingest.storing.once import payload_sha256, store_once
from ingest.tables import TRAFFIC, TRAFFIC_COUNTS


def store_traffic(
    session: Session, arrived: Sequence[tuple[Signed, Traffic]], now: datetime, outcome: Outcome
) -> None:
    """Store each minute's counts once and answer all of them."""
    sent = {id(signed): traffic for signed, traffic in arrived}
    candidates = [(signed, _row(signed, traffic)) for signed, traffic in arrived]
    new = store_once(session, TRAFFIC, "traffic_id", candidates, outcome)
    counts = [
        {
            "authority": row["authority"],
            "traffic_id": row["traffic_id"],
            "vehicle_class": vehicle_class,
            "direction": direction,
            "vehicles": vehicles,
        }
        for signed, row in new
        for (vehicle_class, direction), vehicles in _counted(sent[id(signed)]).items()
    ]
    if new:
        note_cameras(session, [row for _, row in new], now)
    if counts:
        session.execute(insert_into(session, TRAFFIC_COUNTS), counts)


def _counted(traffic: Traffic) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for count in traffic.counts:
        counted[count.class_, count.direction] += count.vehicles
    return counted


def _row(signed: Signed, traffic: Traffic) -> dict[str, Any]:
    return {
        "authority": traffic.authority,
        "traffic_id": traffic.traffic_id,
        "agent_id": traffic.agent_id,
        "camera_id": traffic.camera_id,
        "site_id": traffic.site_id,
        "site_version": traffic.site_version,
        "minute": traffic.minute,
        "received_at": signed.arrival.received_at,
        "outbox_id": signed.sender.outbox_id,
        "seq": signed.sender.seq,
        "payload_sha256": payload_sha256(signed),
        "raw": signed.envelope.raw,
    }
