"""The evidence pictures of a passage, each checked against its hash before an officer relies on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.records import EvidenceDamaged, EvidenceMissing, EvidenceRecord, PassageRecord, evidence_bytes

_AWAITED = "This picture has not arrived from the camera yet. Look again in a few minutes."
_LOST = "The camera had to give up this picture before it could be sent. It cannot be recovered."
_MISSING = "This picture is not in the evidence store. Tell your administrator."
_DAMAGED = (
    "This picture is damaged: it no longer matches the hash that the camera made of it. It cannot be used "
    "as evidence. Tell your administrator."
)


@dataclass(frozen=True)
class Picture:
    """One picture as the page shows it. `trouble` says in words why it cannot be shown, else it is None."""

    kind: str
    sha256: str
    width_px: int
    height_px: int
    trouble: str | None


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
    return Picture(
        record.kind, record.sha256, record.width_px, record.height_px, _trouble(record, evidence_dir)
    )


def _trouble(record: EvidenceRecord, evidence_dir: Path) -> str | None:
    if record.state != "held":
        return _LOST if record.state == "lost" else _AWAITED
    try:
        evidence_bytes(evidence_dir, record.sha256)
    except EvidenceDamaged:
        return _DAMAGED
    except EvidenceMissing:
        return _MISSING
    return None
