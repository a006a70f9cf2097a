"""A case as the console, the letters and the packs see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from config.law.orders import OrderVersion, Zone
from enforcement.cases.states import UNDECIDED, CaseState, Event, Kind
from enforcement.register.answers import RegisterAnswer
from ingest.records import PassageRecord, Reason, TransitRecord

__all__ = [
    "UNDECIDED",
    "AnyCaseFile",
    "Calibration",
    "CaseFile",
    "CaseState",
    "CaseSummary",
    "Decision",
    "Event",
    "Kind",
    "Letter",
    "SpeedCaseFile",
    "SpeedReading",
    "Verdict",
    "zone_of",
]

Verdict = Literal["confirm", "agree", "reject"]


@dataclass(frozen=True)
class CaseSummary:
    """One line of the list of cases. `days_left` counts to the last day for a charge.

    Of a speed case `order_title` names the limit and `zone_name` the place.
    """

    case_id: int
    kind: Kind
    state: CaseState
    vrm: str
    order_title: str
    zone_name: str
    offence_at: datetime
    opened_at: datetime
    days_left: int


@dataclass(frozen=True)
class Decision:
    """One event of a case: who, when and why. A process has no officer's name and number.

    `facts` of a step hold `breach`, `counted` (case ids), `served_on`, `answer_by` and `reasons` (texts);
    those of a look that needed one hold `weight_proof` (`document`, `number`).
    """

    decided_at: datetime
    event: Event
    before: CaseState
    after: CaseState
    who: str
    officer_name: str
    officer_number: str
    reason: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """A letter of a case. `pdf_path` is relative to the data folder of enforcement."""

    letter_id: int
    kind: str
    created_at: datetime
    pdf_path: Path
    pdf_sha256: str


@dataclass(frozen=True)
class CaseFile:
    """Everything known of one case. `deadline` is the last day on which a charge can be issued."""

    summary: CaseSummary
    order: OrderVersion
    transit: TransitRecord
    entry: PassageRecord
    exit: PassageRecord
    register: RegisterAnswer
    reasons: tuple[Reason, ...]
    decisions: tuple[Decision, ...]
    letters: tuple[Letter, ...]
    deadline: date

    @property
    def passages(self) -> tuple[tuple[str, PassageRecord], ...]:
        """Each passage with what it is to the case."""
        return (("entry", self.entry), ("exit", self.exit))


@dataclass(frozen=True)
class Calibration:
    """A device's calibration as its certificate says. `certificate_path` is relative to the data folder."""

    serial: str
    device_type: str
    type_approval: str
    calibrated_on: date
    valid_to: date
    certificate_path: Path
    certificate_sha256: str


@dataclass(frozen=True)
class SpeedReading:
    """What a device measured, of whom, where and by whom."""

    reading_id: str
    serial: str
    measured_at: datetime
    speed_mph: int
    posted_mph: int
    road: str
    place: str
    measured_by: str


@dataclass(frozen=True)
class SpeedCaseFile:
    """Everything known of a speed case. `serve_by` is the last day on which its notice can be served."""

    summary: CaseSummary
    reading: SpeedReading
    calibration: Calibration
    passage: PassageRecord
    register: RegisterAnswer
    reasons: tuple[Reason, ...]
    decisions: tuple[Decision, ...]
    letters: tuple[Letter, ...]
    deadline: date
    serve_by: date

    @property
    def passages(self) -> tuple[tuple[str, PassageRecord], ...]:
        """The one passage, with what it is to the case."""
        return (("passage", self.passage),)


AnyCaseFile = CaseFile | SpeedCaseFile


def zone_of(order: OrderVersion, zone_id: str) -> Zone:
    """The zone of an order version. Raises KeyError for an id that the version does not have."""
    return {zone.zone_id: zone for zone in order.zones}[zone_id]
