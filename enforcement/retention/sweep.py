"""Deleting what is due, in batches that are each written to the audit log in their own transaction.

It may crash anywhere: what a batch deleted is committed with its entry, and the next run plans anew. Each
batch looks again at what must stay before it deletes, and new holds wait for its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.retention import feed_rows
from enforcement.retention.erasing import erase_case
from enforcement.retention.holds import take_turns
from enforcement.retention.kept import Kept, due_cases, what_is_kept
from enforcement.retention.plan import Key, Portion, Room, plan
from enforcement.retention.rules import Ages, Record, Rule
from enforcement.tables import CaseRow, HoldRow
from ingest import records

AT_ONCE = 500
ACTION = "retention.delete"


@dataclass(frozen=True)
class Deleted:
    """How many records one rule has deleted."""

    rule: Rule
    records: int


@dataclass(frozen=True)
class Swept:
    """What a run has deleted, by rule, and the files that went with it."""

    deleted: tuple[Deleted, ...]
    pictures: int
    case_files: int


def apply(room: Room, now: datetime, *, at_once: int = AT_ONCE) -> Swept:
    """Delete what is due at `now`. A second run deletes nothing more."""
    sweep = _Sweep(room, now)
    sweep.delete_pictures("left by an earlier run")
    deleted = tuple(
        Deleted(portion.rule, sum(sweep.delete(portion.rule, keys) for keys in _batches(portion, at_once)))
        for portion in plan(room, now)
    )
    return Swept(deleted, sweep.pictures, sweep.case_files)


def _batches(portion: Portion, at_once: int) -> Iterator[tuple[Key, ...]]:
    """A case goes alone, because its files go with it."""
    size = 1 if portion.rule.record is Record.CASE else at_once
    return (portion.keys[start : start + size] for start in range(0, len(portion.keys), size))


@dataclass
class _Sweep:
    """One run: the batches' transactions, and what must stay as it was last read."""

    room: Room
    now: datetime
    pictures: int = 0
    case_files: int = 0
    _kept: Kept | None = field(default=None, init=False)
    _read_at: tuple[int, int] | None = field(default=None, init=False)

    def delete(self, rule: Rule, keys: tuple[Key, ...]) -> int:
        """Delete one batch and write it down; how many records."""
        with Session(self.room.engine) as session, session.begin():
            take_turns(session, self.room.authority)
            if rule.record is Record.CASE:
                return self._erase(session, int(keys[0]))
            gone = self._delete(session, rule, keys)
            if gone:
                self._note(session, f"rule:{rule.name}", f"{gone} {rule.record}: {rule.why}")
        if rule.record is Record.PASSAGE:
            self.delete_pictures("their passages were deleted")
        return gone

    def delete_pictures(self, why: str) -> None:
        """Delete the pictures that no passage names; a run that crashed may have left some."""
        room = self.room
        with Session(room.engine) as session, session.begin():
            gone = records.delete_unnamed_evidence(session, room.authority, room.evidence_dir)
            if gone:
                self._note(session, "pictures", f"{gone} pictures: {why}")
        self.pictures += gone

    def _erase(self, session: Session, case_id: int) -> int:
        """Erase a case, unless it was held or moved since the plan."""
        room = self.room
        for _, rule in due_cases(session, room.authority, Ages(room.retention, self.now), case_id):
            files = erase_case(session, room.authority, case_id, room.data_dir, rule, self.now)
            self._note(session, f"case:{case_id}", f"rule {rule.name}, {files} files: {rule.why}")
            self.case_files += files
            self._kept = None
            return 1
        return 0

    def _delete(self, session: Session, rule: Rule, keys: Sequence[Key]) -> int:
        authority, kept, names = self.room.authority, self._what_is_kept(session), [str(key) for key in keys]
        match rule.record:
            case Record.PASSAGE:
                going = [each for each in names if each not in kept.passages]
                return records.delete_passages(
                    session, authority, going, self.now, f"{rule.name}: {rule.why}"
                )
            case Record.TRANSIT:
                going = [each for each in names if each not in kept.transits]
                return records.delete_transits(session, authority, going)
            case Record.QUARANTINED:
                return records.delete_quarantined(session, [int(key) for key in keys])
            case _:
                return feed_rows.delete_rows(session, authority, rule.record, keys, kept.vrms)

    def _what_is_kept(self, session: Session) -> Kept:
        """Read again where a case or a hold came since it was read last; erasing only makes it less."""
        authority = self.room.authority
        newest_case = select(func.max(CaseRow.case_id)).where(CaseRow.authority == authority)
        newest_hold = select(func.max(HoldRow.hold_id)).where(HoldRow.authority == authority)
        newest = (session.scalar(newest_case) or 0, session.scalar(newest_hold) or 0)
        if self._kept is None or newest != self._read_at:
            self._kept, self._read_at = what_is_kept(session, authority), newest
        return self._kept

    def _note(self, session: Session, subject: str, reason: str) -> None:
        room = self.room
        audit.record(
            session, room.authority, who=room.who, action=ACTION, subject=subject, reason=reason, now=self.now
        )
