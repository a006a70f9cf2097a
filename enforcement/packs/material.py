"""Everything a pack is made from, as values: read once, checked, then only written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.sites import Site
from config.wire import Passage
from enforcement.cases.values import CaseFile, Letter
from enforcement.letters.proof import Proof
from enforcement.packs.audit_extract import AuditExtract
from enforcement.people import User
from enforcement.policy import Letterhead
from enforcement.register.keepers import Keeper
from ingest.records import AgentKey, ClockRecord, PassageRecord, SeenVehicle


@dataclass(frozen=True)
class PassageMaterial:
    """One passage: what is stored, the bytes its unit signed, its pictures by kind, its clock and camera.

    `seeing_s` is for how many seconds of the hour around it the camera was seeing.
    """

    record: PassageRecord
    message: Passage
    envelope: bytes
    key: AgentKey
    site: Site
    pictures: dict[str, bytes]
    clock: tuple[ClockRecord, ...]
    seeing_s: float

    @property
    def place(self) -> str:
        """Where the camera stands, in words."""
        return f"{self.site.road}, {self.site.name}"

    @property
    def heading(self) -> str:
        """What the driver did past the camera, in words."""
        words = {"towards": self.site.towards, "away": self.site.away}.get(self.record.direction, "")
        return words or self.record.direction


@dataclass(frozen=True)
class OtherCase:
    """Another case of the same registration."""

    case_id: int
    offence_at: datetime
    state: str


@dataclass(frozen=True)
class Unused:
    """What is held and not relied on. Of other vehicles only numbers are told.

    `others_read` were read at any camera between entry and exit; `others_alike` of them have a mark that
    could be confused with this vehicle's.
    """

    sightings: tuple[SeenVehicle, ...]
    cases: tuple[OtherCase, ...]
    others_read: int
    others_alike: int


@dataclass(frozen=True)
class SentLetter:
    """A letter as it was sent, and what is known of its way out."""

    letter: Letter
    pdf: bytes
    proofs: tuple[Proof, ...]

    @property
    def name(self) -> str:
        """Its name in the pack."""
        return f"letters/{self.letter.letter_id}-{self.letter.kind}.pdf"


@dataclass(frozen=True)
class Material:
    """All of a pack; the same material gives the same bytes.

    `keeper` is who kept the vehicle at the offence, None where nobody knows. `made_at` is to the second.
    """

    case: CaseFile
    officer: User
    letterhead: Letterhead
    entry: PassageMaterial
    exit: PassageMaterial
    keeper: Keeper | None
    letters: tuple[SentLetter, ...]
    audit: AuditExtract
    unused: Unused
    made_at: datetime
    software: str

    @property
    def reference(self) -> str:
        """The case's number as letters quote it."""
        return f"{self.case.order.authority.upper()}-{self.case.summary.case_id:06d}"

    @property
    def ends(self) -> tuple[tuple[str, PassageMaterial], ...]:
        """Both passages with the name of their folder in the pack."""
        return (("entry", self.entry), ("exit", self.exit))
