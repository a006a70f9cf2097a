"""Made-up camera units with true keys, and their passages: as large and varied as real ones, all unique."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from joserfc.jwk import OKPKey

from config.wire import (
    ClockState,
    EvidenceRef,
    Passage,
    Plate,
    Position,
    RawRead,
    SigningKey,
    Vehicle,
    encode,
    seal,
)
from config.wire.envelope import Header
from ingest.bench.plan import AUTHORITY

_MODELS = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("vehicles", "plates", "reader")}
_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
_LOOKS = 5


class UnitKey(msgspec.Struct, frozen=True):
    """What the generator is given of a unit: its name, its outbox and its private key as a JWK."""

    agent_id: str
    outbox_id: str
    private_jwk: dict[str, str | list[str]]


@dataclass(frozen=True)
class Unit:
    """A unit that signs."""

    agent_id: str
    outbox_id: str
    key: SigningKey

    @classmethod
    def made(cls, number: int) -> Unit:
        """A unit with a fresh key."""
        agent_id = f"bench-{number}"
        outbox_id = hashlib.sha256(agent_id.encode()).hexdigest()[:32]
        return cls(agent_id, outbox_id, SigningKey(f"{agent_id}:key", OKPKey.generate_key("Ed25519")))

    @classmethod
    def of(cls, told: UnitKey) -> Unit:
        """The same unit in another process."""
        key = SigningKey(f"{told.agent_id}:key", OKPKey.import_key(told.private_jwk))
        return cls(told.agent_id, told.outbox_id, key)

    def told(self) -> UnitKey:
        """This unit for another process."""
        return UnitKey(self.agent_id, self.outbox_id, dict(self.key.key.as_dict(private=True)))

    def sealed(self, seq: int, captured_at: datetime) -> bytes:
        """Its passage number `seq`, signed."""
        header = Header(kid=self.key.key_id, kind="passage", outbox=self.outbox_id, seq=seq)
        return seal(encode(_passage(self.agent_id, seq, captured_at)), header, self.key)


def _passage(agent_id: str, seq: int, captured_at: datetime) -> Passage:
    digest = hashlib.sha256(f"{agent_id} {seq}".encode()).hexdigest()
    later_than_before = f"{seq:012x}7"  # as the ids of live cameras begin with the time
    vrm = _vrm(int(digest[:12], 16))
    box = tuple(int(digest[at : at + 2], 16) * 4 for at in (0, 2, 4, 6))
    return Passage(
        passage_id=later_than_before + digest[:19],
        authority=AUTHORITY,
        agent_id=agent_id,
        camera_id=agent_id,
        site_id=agent_id,
        site_version=1,
        source="live",
        captured_at=captured_at,
        first_seen=captured_at - timedelta(seconds=1),
        last_seen=captured_at + timedelta(seconds=1),
        frame_number=seq * 60,
        direction="towards" if seq % 2 else "away",
        lane=1,
        position=Position(latitude=51.87, longitude=-0.4, source="site"),
        vehicle=Vehicle(class_="truck", hgv=0.97, detector_score=0.88, box=(box[0], box[1], box[2], box[3])),
        plate=Plate(text=vrm, confidence=0.93, looks=_LOOKS),
        raw_reads=tuple(
            RawRead(text=vrm, confidence=0.9, reader="british-plates", frame_number=seq * 60 + look)
            for look in range(_LOOKS)
        ),
        evidence=(
            EvidenceRef(
                kind="overview", sha256=_hash(digest, "o"), size_bytes=183_000, width_px=1280, height_px=720
            ),
            EvidenceRef(
                kind="plate", sha256=_hash(digest, "p"), size_bytes=9_000, width_px=320, height_px=96
            ),
        ),
        clock=ClockState(source="chrony", offset_s=0.001, error_bound_s=0.01),
        software="bench",
        models=_MODELS,
    )


def _hash(digest: str, what: str) -> str:
    return hashlib.sha256((digest + what).encode()).hexdigest()


def _vrm(number: int) -> str:
    """A mark that no vehicle has: the age code 00 was never issued."""
    letters = []
    for _ in range(5):
        number, at = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[at])
    return f"{letters[0]}{letters[1]}00{''.join(letters[2:])}"


def now_to_the_second() -> datetime:
    """The instant at which all passages of a run claim to have been seen."""
    return datetime.now(UTC).replace(microsecond=0)
