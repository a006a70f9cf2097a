"""What would go at an instant and by which rule. Reads only; nothing here deletes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from enforcement.office import Office
from enforcement.policy import Retention
from enforcement.retention import feed_rows
from enforcement.retention.kept import Kept, due_cases, what_is_kept
from enforcement.retention.rules import CASE_RULES, RECORD_RULES, Ages, Record, Rule
from ingest import records

Key = str | int


@dataclass(frozen=True)
class Room:
    """Whose records are swept, by which policy, and where its files lie. `who` goes into the audit log."""

    engine: Engine
    authority: str
    retention: Retention
    evidence_dir: Path
    data_dir: Path
    who: str


def room_of(office: Office) -> Room:
    """What a plan and a sweep of an office work with. Raises FileMistake."""
    return Room(
        engine=office.engine,
        authority=office.authority,
        retention=office.policy().retention,
        evidence_dir=Path(office.settings.evidence_dir),
        data_dir=office.data_dir,
        who=office.who,
    )


@dataclass(frozen=True)
class Portion:
    """What goes by one rule: case numbers, or the ids of records. A look-up's id is its registration."""

    rule: Rule
    keys: tuple[Key, ...]

    @property
    def printable(self) -> tuple[str, ...]:
        """The keys for a person to read; empty where they would name vehicles."""
        return () if self.rule.record is Record.LOOK_UP else tuple(str(key) for key in self.keys)


def plan(room: Room, now: datetime) -> list[Portion]:
    """All that would go at `now`, by rule, cases first."""
    ages = Ages(room.retention, now)
    with Session(records.reading(room.engine)) as session:
        due = due_cases(session, room.authority, ages)
        kept = what_is_kept(session, room.authority, {case_id for case_id, _ in due})
        portions = [Portion(rule, tuple(case_id for case_id, by in due if by == rule)) for rule in CASE_RULES]
        going: tuple[Key, ...] = ()
        for rule in RECORD_RULES:
            keys = _due(session, room.authority, rule, ages.before(rule), kept, going)
            going = keys if rule.record is Record.PASSAGE else going
            portions.append(Portion(rule, keys))
    return [portion for portion in portions if portion.keys]


def _due(
    session: Session, authority: str, rule: Rule, before: datetime, kept: Kept, going: Sequence[Key]
) -> tuple[Key, ...]:
    found: Sequence[Key]
    match rule.record:
        case Record.PASSAGE:
            old = records.passages_before(session, authority, before)
            found = [each for each in old if each not in kept.passages]
        case Record.TRANSIT:
            unfounded = records.transits_unfounded(session, authority, before, set(map(str, going)))
            found = [each for each in unfounded if each not in kept.transits]
        case Record.QUARANTINED:
            found = records.quarantined_before(session, authority, before)
        case _:
            found = feed_rows.due(session, authority, rule.record, before, kept.vrms)
    return tuple(found)
