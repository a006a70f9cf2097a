"""The evidence pictures of a passage, each checked against its hash before an officer relies on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.records import EvidenceDamaged, EvidenceMissing, EvidenceRecord, PassageRecord, evidence_bytes

State = Literal["held", "awaited", "lost", "missing", "damaged"]

_TROUBLES: dict[State, str] = {
    "awaited": "This picture has not arrived from the camera yet. Look again in a few minutes.",
    "lost": "The camera had to give up this picture before it could be sent. It cannot be recovered.",
    "missing": "This picture is not in the evidence store. Tell your administrator.",
    "damaged": "This picture is damaged: it no longer matches the hash that the camera made of it. It cannot "
    "be used as evidence. Tell your administrator.",
}


@dataclass(frozen=True)
class Picture:
    """One picture as the page shows it; only one that is held and whole has no trouble."""

    kind: str
    sha256: str
    width_px: int
    height_px: int
    state: State

    @property
    def trouble(self) -> str | None:
        """Why the picture cannot be shown, in words; None where it can."""
        return _TROUBLES.get(self.state)


def pictures(passage: PassageRecord, evidence_dir: Path) -> dict[str, Picture]:
    """The passage's overview and plate pictures by kind; a kind the camera did not send is absent."""
    return {record.kind: _picture(record, evidence_dir) for record in passage.evidence}


def troubles(passage: PassageRecord, evidence_dir: Path) -> Iterator[str]:
    """What is wrong with the passage's pictures; nothing where overview and plate can both be seen."""
    found = pictures(passage, evidence_dir)
    for kind in ("overview", "plate"):
        picture = found.get(kind)
        if picture is None:
            yield f"there is no {kind} picture"
        elif picture.trouble is not None:
            yield f"the {kind} picture cannot be shown"


def _picture(record: EvidenceRecord, evidence_dir: Path) -> Picture:
    state = _state(record, evidence_dir)
    return Picture(record.kind, record.sha256, record.width_px, record.height_px, state)


def _state(record: EvidenceRecord, evidence_dir: Path) -> State:
    if record.state != "held":
        return record.state
    try:
        evidence_bytes(evidence_dir, record.sha256)
    except EvidenceDamaged:
        return "damaged"
    except EvidenceMissing:
        return "missing"
    return "held"
