"""A database as it stands after some traffic: the pilot's orders and sites, users, and through transits.

Passages are stored as the envelopes that a unit signs, evidence under its hash, cases opened by the real job.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import OKPKey
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import CameraPoint, OrdersFile
from config.settings import Console, EnforcementSettings
from config.sites import SitesFile
from config.wire import (
    ClockState,
    EvidenceRef,
    Header,
    Passage,
    Plate,
    Position,
    RawRead,
    SigningKey,
    Vehicle,
    encode,
    seal,
)
from enforcement.cases.opening import open_cases
from enforcement.database import migrate
from enforcement.people import User, add_user
from enforcement.register.csv_register import CsvRegister
from ingest import records
from ingest.evidence.store import evidence_path
from ingest.tables import EVIDENCE, EVIDENCE_REFERENCES, PASSAGES, TRANSITS
from tests.enforcement.console import pictures

PILOT = Path(__file__).parents[3] / "config" / "pilot"
NOW = datetime(2026, 9, 16, 9, 30, tzinfo=UTC)
PASSWORD = "walnut-drum-otter"
_KEY = SigningKey("unit", OKPKey.generate_key("Ed25519"))
_SAME = (
    "authority",
    "passage_id",
    "agent_id",
    "camera_id",
    "site_id",
    "site_version",
    "source",
    "captured_at",
    "direction",
)
_MODEL = {"reader": "0" * 64}


@dataclass(frozen=True)
class Village:
    """The database, the settings of the console on it, and the folder of its pictures."""

    engine: Engine
    settings: EnforcementSettings

    @property
    def evidence_dir(self) -> Path:
        return Path(self.settings.evidence_dir)

    def add_user(self, login: str, role: str, *, authority: str = "demo", name: str = "Alex Sample") -> User:
        with Session(self.engine) as session, session.begin():
            return add_user(
                session,
                authority=authority,
                login=login,
                name=name,
                rank="Sgt",
                number="1234",
                role=role,
                password=PASSWORD,
                now=NOW,
            )

    def add_transit(
        self,
        vrm: str,
        *,
        entered_at: datetime,
        elapsed_s: float = 140.0,
        zone: int = 0,
        bgr: tuple[int, int, int] = (40, 40, 170),
        trailer: bool | None = True,
    ) -> None:
        """A vehicle that drove straight through one of the pilot's zones."""
        order = load(PILOT / "orders.yaml", OrdersFile).orders[zone]
        pair = order.zones[0].pairs[0]
        with Session(self.engine) as session, session.begin():
            entry = self._passage(session, vrm, pair.entry, entered_at, bgr, trailer, rear=False)
            left_at = entered_at + timedelta(seconds=elapsed_s)
            leaving = self._passage(session, vrm, pair.exit, left_at, bgr, trailer, rear=True)
            reason = {
                "code": "inside_window",
                "text": f"Seen driving in and, {elapsed_s:.0f} s later, driving out at the other end: "
                f"inside the {pair.min_elapsed_s:.0f} to {pair.max_elapsed_s:.0f} s that driving straight "
                "through takes.",
                "facts": {"elapsed_s": elapsed_s},
            }
            session.execute(
                insert(TRANSITS).values(
                    authority="demo",
                    transit_id=hashlib.sha256(f"{entry}{leaving}".encode()).hexdigest(),
                    order_id=order.order_id,
                    order_version=order.version,
                    zone_id=order.zones[0].zone_id,
                    vrm=vrm,
                    entry_passage_id=entry,
                    exit_passage_id=leaving,
                    conclusion="through",
                    reasons=[reason],
                    elapsed_s=elapsed_s,
                    started_at=entered_at,
                    concluded_at=left_at,
                )
            )

    def open_cases(self) -> None:
        """Run the job that opens cases."""
        open_cases(self.engine, "demo", CsvRegister(Path(self.settings.register_csv)), NOW)

    def _passage(
        self,
        session: Session,
        vrm: str,
        point: CameraPoint,
        at: datetime,
        bgr: tuple[int, int, int],
        trailer: bool | None,
        *,
        rear: bool,
    ) -> str:
        jpegs = {
            "overview": pictures.overview(vrm, bgr=bgr, rear=rear),
            "plate": pictures.patch(vrm, rear=rear),
        }
        references = tuple(pictures.reference(kind, jpeg) for kind, jpeg in jpegs.items())
        for reference, jpeg in zip(references, jpegs.values(), strict=True):
            path = evidence_path(self.evidence_dir, reference.sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(jpeg)
        message = _message(vrm, point, at, references, trailer)
        raw = seal(encode(message), Header(kid=_KEY.key_id, kind="passage", outbox="0" * 32, seq=1), _KEY)
        session.execute(insert(PASSAGES).values(**_row(message, raw)))
        for reference in references:
            session.execute(insert(EVIDENCE_REFERENCES).values(**_reference_row(message, reference)))
            session.execute(insert(EVIDENCE).values(**_evidence_row(message, reference)))
        return message.passage_id


def new_village(folder: Path, *, port: int = 8765) -> Village:
    """An empty database in `folder` with the pilot's orders and sites in it."""
    village = open_village(folder, port=port)
    records.migrate(village.engine)
    migrate(village.engine)
    with Session(village.engine) as session, session.begin():
        records.store_sites(session, load(PILOT / "sites.yaml", SitesFile), NOW)
        for order in load(PILOT / "orders.yaml", OrdersFile).orders:
            records.store_order_version(session, order, NOW)
    return village


def open_village(folder: Path, *, port: int = 8765) -> Village:
    """The village in `folder`, as it was left."""
    settings = EnforcementSettings(
        database_url=f"sqlite:///{folder}/hgv.sqlite",
        evidence_dir=str(folder / "evidence"),
        data_dir=str(folder / "enforcement"),
        authority="demo",
        register_csv=str(PILOT / "register.csv"),
        policy_file=str(PILOT / "policy.yaml"),
        console=Console(secure_cookies=False, port=port),
        clock_starts_at=NOW,
    )
    return Village(records.open_database(settings.database_url), settings)


def _message(
    vrm: str, point: CameraPoint, at: datetime, references: tuple[EvidenceRef, ...], trailer: bool | None
) -> Passage:
    reads = tuple(
        RawRead(text=text, confidence=confidence, reader="uk-plates", frame_number=40 + 3 * n)
        for n, (text, confidence) in enumerate(
            ((vrm, 0.93), (vrm, 0.97), (vrm.replace("0", "O"), 0.71), (vrm, 0.98))
        )
    )
    return Passage(
        passage_id=hashlib.sha256(f"{vrm}{at}{point.site_id}".encode()).hexdigest()[:32],
        authority="demo",
        agent_id=f"unit-{point.site_id}",
        camera_id=f"{point.site_id}-1",
        site_id=point.site_id,
        site_version=1,
        source="live",
        captured_at=at,
        first_seen=at - timedelta(seconds=1.2),
        last_seen=at + timedelta(seconds=0.8),
        frame_number=46,
        direction=point.direction,
        lane=1,
        position=Position(latitude=51.87, longitude=-0.4, source="site"),
        vehicle=Vehicle(
            class_="truck", hgv=0.964, detector_score=0.91, box=(462, 150, 818, 634), trailer=trailer
        ),
        plate=Plate(text=vrm, confidence=0.978, looks=4),
        raw_reads=reads,
        evidence=references,
        clock=ClockState(source="chrony", offset_s=0.041, error_bound_s=0.018),
        software="hgvwatch 0.1.0",
        models=_MODEL,
    )


def _row(message: Passage, raw: bytes) -> dict[str, Any]:
    plain = msgspec.structs.asdict(message)
    return {name: plain[name] for name in _SAME} | {
        "received_at": message.captured_at + timedelta(seconds=2),
        "vrm": message.plate.text if message.plate else None,
        "latitude": message.position.latitude,
        "longitude": message.position.longitude,
        "clock_within_s": 0.059,
        "clock_ok": True,
        "outbox_id": "0" * 32,
        "seq": 1,
        "payload_sha256": "0" * 64,
        "raw": raw,
    }


def _reference_row(message: Passage, reference: EvidenceRef) -> dict[str, Any]:
    return {
        "authority": message.authority,
        "passage_id": message.passage_id,
        **msgspec.structs.asdict(reference),
    }


def _evidence_row(message: Passage, reference: EvidenceRef) -> dict[str, Any]:
    return {
        "authority": message.authority,
        "sha256": reference.sha256,
        "agent_id": message.agent_id,
        "outbox_id": "0" * 32,
        "state": "held",
        "named_at": message.captured_at,
        "held_at": message.captured_at,
    }
