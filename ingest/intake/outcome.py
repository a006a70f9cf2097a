"""What became of a batch: who is to be told what, and how each message ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ingest.intake.arrivals import Refused, Sender, Signed
from ingest.intake.endings import kind_of


@dataclass
class Outcome:
    """Filled while a batch is stored; acted on only after its commit."""

    accepted: list[Sender] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    held: list[tuple[str, str, str]] = field(default_factory=list)  # unit, outbox, hash of the picture
    endings: Counter[tuple[str, str]] = field(default_factory=Counter)  # (kind, ending)

    def accept(self, signed: Signed, ending: str) -> None:
        """Count a message as one that its unit may forget."""
        self.accepted.append(signed.sender)
        self.endings[signed.envelope.header.kind, ending] += 1

    def refuse(self, refused: Refused) -> None:
        """Count a message as one for quarantine."""
        self.refused.append(refused)
        self.endings[kind_of(refused.arrival.topic), f"quarantined_{refused.code}"] += 1
