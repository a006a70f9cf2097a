"""What ingest tells enforcement, as frozen values: passages, evidence, transits and their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

EvidenceState = Literal["awaited", "held", "lost"]
Conclusion = Literal["through", "stayed", "implausible", "unresolved", "no_inference", "close"]
Fact = str | int | float | None


@dataclass(frozen=True)
class EvidenceRecord:
    """One picture of a passage and whether its bytes are in the store."""

    sha256: str
    kind: Literal["overview", "plate"]
    state: EvidenceState
    size_bytes: int
    width_px: int
    height_px: int


@dataclass(frozen=True)
class PassageRecord:
    """One vehicle that passed one camera once, as its unit signed it. Instants are UTC.

    `clock_ok` says whether the unit's clock was inside the tolerance that ingest was set to on arrival, and
    that no heartbeat around it shows otherwise.
    """

    passage_id: str
    authority: str
    agent_id: str
    camera_id: str
    site_id: str
    site_version: int
    source: Literal["live", "file"]
    captured_at: datetime
    first_seen: datetime
    last_seen: datetime
    received_at: datetime
    direction: str
    lane: int | None
    vrm: str | None
    read_confidence: float | None
    looks: int | None
    plate_reason: str | None
    raw_reads: tuple[dict[str, Any], ...]
    vehicle_class: str
    hgv: float
    trailer: bool | None
    box: tuple[int, int, int, int]
    latitude: float
    longitude: float
    deployment_id: str | None
    deployment_started_at: datetime | None
    deployment_ended_at: datetime | None
    clock_source: str
    clock_offset_s: float | None
    clock_error_s: float | None
    clock_ok: bool
    software: str
    models: dict[str, str]
    evidence: tuple[EvidenceRecord, ...]


@dataclass(frozen=True)
class Reason:
    """Why something was concluded: a code for software, a sentence for people, the figures behind it."""

    code: str
    text: str
    facts: dict[str, Fact]


@dataclass(frozen=True)
class TransitRecord:
    """What the sightings of one VRM in one zone amount to, judged by the order version in force then.

    The first of the `reasons` is that of the conclusion, the others are what it rests on. A "close" one has
    two VRMs: `vrm` was read at the entry, `exit_vrm` at the exit. It would be through if both were one
    vehicle, which an officer has to see in the pictures; both sightings stand as unresolved besides it.
    """

    transit_id: str
    authority: str
    order_id: str
    order_version: int
    zone_id: str
    vrm: str
    entry_passage_id: str | None
    exit_passage_id: str | None
    conclusion: Conclusion
    reasons: tuple[Reason, ...]
    elapsed_s: float | None
    started_at: datetime
    concluded_at: datetime
    exit_vrm: str | None = None

    @property
    def may_be_case(self) -> bool:
        """Whether a case may rest on it: it drove through, or did if two close reads were one vehicle."""
        return self.conclusion in ("through", "close")


@dataclass(frozen=True)
class TrafficRecord:
    """Vehicles of one class in one direction past one site within the minute."""

    site_id: str
    minute: datetime
    vehicle_class: str
    direction: str
    vehicles: int


@dataclass(frozen=True)
class AgentKey:
    """A unit's public key (a JWK in JSON) as it was enrolled."""

    authority: str
    agent_id: str
    key_id: str
    public_jwk: str
    stored_at: datetime
    revoked_at: datetime | None
