"""Camera units as a test plays them: keys, signed messages, pictures, deliveries."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import OKPKey
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import OrdersFile
from config.link import public_text
from config.sites import SitesFile
from config.wire import (
    CameraHealth,
    ClockState,
    EvidenceRef,
    Health,
    Loss,
    Passage,
    Plate,
    Position,
    SigningKey,
    Traffic,
    TrafficCount,
    Vehicle,
    encode,
    seal,
    topic_for,
)
from config.wire.envelope import Header
from ingest.intake.arrivals import Arrival, Message
from ingest.intake.keys import KeyRing, store_agent_key
from ingest.pairing.law import store_order_version, store_sites
from ingest.storing.commit import Committer

PILOT = Path(__file__).parents[2] / "config" / "pilot"
# A Tuesday in British summer time, inside all effective dates of the pilot.
NOON = datetime(2026, 10, 6, 11, 0, tzinfo=UTC)
GOOD_CLOCK = ClockState(source="chrony", offset_s=0.0, error_bound_s=0.0)


def jpeg(text: str, width_px: int = 64, height_px: int = 48) -> bytes:
    """Bytes with the structure of a JPEG, `text` in its comments; different for each text."""
    size = height_px.to_bytes(2, "big") + width_px.to_bytes(2, "big")
    comments = [text[start : start + 60_000] for start in range(0, len(text), 60_000)]
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xC0, b"\x08" + size + b"\x01\x01\x11\x00"),
            *(segment(0xFE, comment.encode()) for comment in comments),
            segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            b"\x12\xff\x00\x34\xff\xd9",
        ]
    )


def segment(marker: int, body: bytes) -> bytes:
    """One marker segment of a JPEG."""
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def reference(picture: bytes, kind: str = "overview") -> EvidenceRef:
    """What a passage says of the picture."""
    sha256 = hashlib.sha256(picture).hexdigest()
    return EvidenceRef(kind=kind, sha256=sha256, size_bytes=len(picture), width_px=64, height_px=48)


def passage(
    name: str,
    *,
    agent_id: str = "unit-1",
    site_id: str = "ashcombe-west",
    direction: str = "towards",
    after_s: float = 0.0,
    vrm: str | None = "AA19AAA",
    **changes: Any,
) -> Passage:
    """A passage called `name`, `after_s` seconds after noon."""
    at = NOON + timedelta(seconds=after_s)
    whole = Passage(
        passage_id=hashlib.sha256(name.encode()).hexdigest()[:32],
        authority="demo",
        agent_id=agent_id,
        camera_id=site_id,
        site_id=site_id,
        site_version=1,
        source="live",
        captured_at=at,
        first_seen=at - timedelta(seconds=1),
        last_seen=at + timedelta(seconds=1),
        frame_number=7,
        direction=direction,
        position=Position(latitude=51.8712, longitude=-0.4031, source="site"),
        vehicle=Vehicle(class_="truck", hgv=0.9, detector_score=0.8, box=(1, 2, 30, 40)),
        plate=Plate(text=vrm, confidence=0.9, looks=3) if vrm else None,
        plate_reason=None if vrm else "no look was sharp",
        clock=GOOD_CLOCK,
        software="test",
    )
    return msgspec.structs.replace(whole, **changes)


def traffic(name: str, *, agent_id: str = "unit-1", after_s: float = 0.0) -> Traffic:
    """A minute's counts called `name`."""
    return Traffic(
        traffic_id=hashlib.sha256(name.encode()).hexdigest()[:32],
        authority="demo",
        agent_id=agent_id,
        camera_id="ashcombe-west",
        site_id="ashcombe-west",
        site_version=1,
        minute=NOON + timedelta(seconds=after_s),
        counts=(TrafficCount(class_="car", direction="towards", vehicles=3),),
    )


def health(
    *,
    agent_id: str = "unit-1",
    camera_id: str = "ashcombe-west",
    after_s: float = 0.0,
    last_seq: int = 0,
    state: str = "seeing",
    unit_state: str = "up",
    faulty_after_s: float | None = None,
    fault: str = "frozen",
    seeing_after_s: float | None = None,
    **changes: Any,
) -> Health:
    """A heartbeat whose camera has given a frame just now; faulty since `faulty_after_s`, if given."""
    at = NOON + timedelta(seconds=after_s)
    camera = CameraHealth(
        camera_id=camera_id,
        site_version=1,
        state=state,
        frames=1,
        last_frame_at=at,
        fault=None if faulty_after_s is None else fault,
        faulty_since=None if faulty_after_s is None else NOON + timedelta(seconds=faulty_after_s),
        seeing_since=None if seeing_after_s is None else NOON + timedelta(seconds=seeing_after_s),
    )
    whole = Health(
        authority="demo",
        agent_id=agent_id,
        sent_at=at,
        outbox_id="0" * 32,
        last_seq=last_seq,
        depth=0,
        clock=GOOD_CLOCK,
        cameras=(camera,),
        software="test",
        state=unit_state,
    )
    return msgspec.structs.replace(whole, **changes)


def loss(name: str, *pictures: bytes, agent_id: str = "unit-1", **changes: Any) -> Loss:
    """What a unit says it has lost."""
    whole = Loss(
        loss_id=hashlib.sha256(name.encode()).hexdigest()[:32],
        authority="demo",
        agent_id=agent_id,
        noticed_at=NOON,
        cause="disk_full",
        words="the disk was full",
        pictures=tuple(hashlib.sha256(picture).hexdigest() for picture in pictures),
    )
    return msgspec.structs.replace(whole, **changes)


def load_pilot(engine: Engine) -> None:
    """Store the pilot's orders and sites."""
    with Session(engine) as session, session.begin():
        for order in load(PILOT / "orders.yaml", OrdersFile).orders:
            store_order_version(session, order, NOON)
        store_sites(session, load(PILOT / "sites.yaml", SitesFile), NOON)


@dataclass
class Unit:
    """A unit with its own key; numbers what it sends unless told the number."""

    agent_id: str = "unit-1"
    outbox_id: str = "0" * 32
    key: SigningKey = field(init=False)
    _seqs: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.key = SigningKey(f"{self.agent_id}:key", OKPKey.generate_key("Ed25519"))

    def enrol(self, engine: Engine, authority: str = "demo") -> Unit:
        """Have the centre know this unit's key."""
        with Session(engine) as session, session.begin():
            store_agent_key(session, authority, self.agent_id, self.key.key_id, public_text(self.key), NOON)
        return self

    def sealed(self, message: Message, seq: int | None = None) -> bytes:
        """The message in this unit's envelope."""
        kind = message.__struct_config__.tag
        number = None if kind == "health" else seq or next(self._seqs)
        outbox = None if kind == "health" else self.outbox_id
        header = Header(kid=self.key.key_id, kind=kind, outbox=outbox, seq=number)
        return seal(encode(message), header, self.key)

    def delivers(self, message: Message, seq: int | None = None, *, after_s: float = 3600.0) -> Arrival:
        """The message as the broker delivers it, some seconds after noon."""
        tag = message.__struct_config__.tag
        topic = topic_for(self.agent_id, "health" if tag == "loss" else tag)
        return arrival(topic, self.sealed(message, seq), after_s=after_s)

    def delivers_picture(self, picture: bytes) -> Arrival:
        """A picture as the broker delivers it."""
        return arrival(topic_for(self.agent_id, "evidence", hashlib.sha256(picture).hexdigest()), picture)


def arrival(topic: str, payload: bytes, *, after_s: float = 3600.0) -> Arrival:
    """Any bytes on any topic."""
    return Arrival(topic, payload, received_at=NOON + timedelta(seconds=after_s), mid=1, link=1)


def committer_on(engine: Engine, evidence_dir: Path) -> Committer:
    """A committer whose clock stands at one o'clock and whose keys are read anew each time."""
    ticks = itertools.count(start=0, step=10)
    return Committer(
        engine=engine,
        keys=KeyRing(engine, lambda: float(next(ticks))),
        evidence_dir=evidence_dir,
        clock=lambda: NOON + timedelta(hours=1),
        tolerance_s=10.0,
        reached=lambda step: None,
    )
