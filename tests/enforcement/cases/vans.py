"""A speed van in a county: its device, its passages, and the readings that its people hand in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import insert
from sqlalchemy.orm import Session

from config.wire.envelope import Header, seal
from config.wire.messages import Deployment, encode
from enforcement.cases.devices import read_devices, store_devices
from enforcement.cases.readings import read_readings
from enforcement.cases.speed import SpeedOutcome
from enforcement.cases.speed_opening import open_speed_cases
from enforcement.register.answers import Register
from ingest import tables
from tests.enforcement.cases.docket import LORRY, POLICY
from tests.enforcement.county import NOON, County
from tests.enforcement.passage_rows import evidence_row, passage_row, reference_row, signed_passage

AT = NOON - timedelta(days=2)
COLUMNS = "serial,vrm,measuredAt,speedMph,postedMph,road,place,latitude,longitude,measuredBy,source"
LINE: dict[str, Any] = {
    "serial": "LTI-0042",
    "vrm": LORRY,
    "measuredAt": AT.isoformat(),
    "speedMph": 36,
    "postedMph": 30,
    "road": "built_up",
    "place": "High Street, Village",
    "latitude": 51.87,
    "longitude": -0.4,
    "measuredBy": "PC 77",
    "source": "device",
}


@dataclass
class Van:
    """A van with a device, the passages that its camera made, and files as its people hand them in."""

    county: County
    folder: Path
    deployment: Deployment | None = field(
        default_factory=lambda: Deployment(deployment_id="d-1", started_at=AT - timedelta(hours=1))
    )
    now: datetime = NOON
    register: Register | None = None

    def __post_init__(self) -> None:
        self.county.register_entry(LORRY, "N3", 44000)

    def device(self, **changes: Any) -> None:
        (self.folder / "certificate.pdf").write_bytes(b"calibrated, in ink")
        plain = {
            "serial": "LTI-0042",
            "device_type": "laser",
            "type_approval": "Home Office type approval order 2026",
            "agent_id": "unit-van",
            "calibrated_on": "2026-01-05",
            "valid_to": "2027-01-04",
            "certificate": "certificate.pdf",
        }
        path = self.folder / "devices.yaml"  # JSON is YAML too
        path.write_bytes(msgspec.json.encode({"authority": "demo", "devices": [{**plain, **changes}]}))
        file, certificates = read_devices(path)
        with Session(self.county.engine) as session, session.begin():
            store_devices(session, file, certificates, self.folder / "data", NOON)

    def passage(self, vrm: str = LORRY, at: datetime = AT, evidence: str = "held") -> None:
        passage = msgspec.structs.replace(
            signed_passage(vrm, at, "van", "towards", None), deployment=self.deployment
        )
        raw = seal(encode(passage), Header(kid=self.county.key.key_id, kind="passage"), self.county.key)
        stood = self.deployment
        row = passage_row(passage, raw, 1, NOON) | {
            "deployment_started_at": stood.started_at if stood else None,
            "deployment_ended_at": stood.ended_at if stood else None,
        }
        with Session(self.county.engine) as session, session.begin():
            session.execute(insert(tables.PASSAGES), row)
            for ref in passage.evidence:
                session.execute(insert(tables.EVIDENCE_REFERENCES), reference_row(passage, ref))
                session.execute(insert(tables.EVIDENCE), evidence_row(passage, ref, evidence, NOON))

    def hand_in(self, *lines: dict[str, Any]) -> Counter[SpeedOutcome]:
        path = self.folder / "readings.csv"
        rows = [",".join(f'"{value}"' for value in {**LINE, **line}.values()) for line in lines or ({},)]
        path.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
        ended, _ = open_speed_cases(
            self.county.engine,
            "demo",
            read_readings(path),
            self.register or self.county.register,
            POLICY,
            who="uid:0",
            now=self.now,
        )
        return ended
