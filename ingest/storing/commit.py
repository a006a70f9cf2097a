"""A batch of arrivals into the database, in one commit.

The order is what makes nothing lost: pictures are on the disk before the rows that say so, the rows are
committed before anything is acknowledged. `reached` is told each step, for tests that end the process there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.clock import Clock
from config.wire import Health, Loss, Passage, Traffic
from ingest.database.opening import reading
from ingest.evidence.rows import give_up_refused, hold, named_by_passages
from ingest.evidence.store import forget_evidence, store_evidence
from ingest.intake.admit import admit
from ingest.intake.arrivals import Admitted, Arrival, Picture, Refused, Signed
from ingest.intake.keys import KeyRing
from ingest.intake.outcome import Outcome
from ingest.pairing.clock_doubt import doubt_arrived
from ingest.storing.health import store_heartbeats
from ingest.storing.losses import store_losses
from ingest.storing.passages import store_passages
from ingest.storing.quarantine import put_in_quarantine
from ingest.storing.sequences import OutboxKey, note_seqs
from ingest.storing.traffic import store_traffic


class Step(StrEnum):
    """The points between which the ingester may die without anything being lost."""

    ADMITTED = "admitted"
    PICTURES_STORED = "pictures_stored"
    ROWS_WRITTEN = "rows_written"
    COMMITTED = "committed"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"


_M = TypeVar("_M", Passage, Traffic, Health, Loss)
Reached = Callable[[Step], None]


@dataclass(frozen=True)
class Committer:
    """Stores batches; what database and disk raise comes through, and then no row was stored."""

    engine: Engine
    keys: KeyRing
    evidence_dir: Path
    clock: Clock
    tolerance_s: float
    reached: Reached

    def commit(self, arrivals: Sequence[Arrival]) -> Outcome:
        """Admit and store the arrivals; who is to be told what."""
        return self.store([admit(arrival, self.keys) for arrival in arrivals])

    def store(self, admitted: Sequence[Admitted]) -> Outcome:
        """Store what was admitted; who is to be told what."""
        self.reached(Step.ADMITTED)
        outcome = Outcome()
        pictures = self._store_pictures(admitted, outcome)
        self.reached(Step.PICTURES_STORED)
        with Session(self.engine) as session, session.begin():
            self._store(session, admitted, pictures, outcome)
            self.reached(Step.ROWS_WRITTEN)
        self.reached(Step.COMMITTED)
        return outcome

    def quarantine(self, arrival: Arrival, reason: str) -> Outcome:
        """Put aside an arrival that the database would not take, and answer it where it can be trusted."""
        outcome = Outcome()
        admitted = admit(arrival, self.keys)
        sender = None if isinstance(admitted, Picture) else admitted.sender
        numbered = sender if sender is not None and sender.seq else None
        with Session(self.engine) as session, session.begin():
            outcome.refuse(Refused(arrival, "unstorable", reason, numbered))
            put_in_quarantine(session, outcome.refused)
            note_seqs(session, _came(outcome), {}, self.clock())
        return outcome

    def _store_pictures(self, admitted: Sequence[Admitted], outcome: Outcome) -> list[Picture]:
        """Write the pictures that a passage names, stored or in this batch, to the disk; which these are.

        Another is counted and forgotten: once its passage comes, it is asked for.
        """
        pictures = [each for each in admitted if isinstance(each, Picture)]
        if not pictures:
            return []
        with Session(reading(self.engine)) as session:
            named = named_by_passages(session, {picture.sha256 for picture in pictures})
        for _, passage in _of(admitted, Passage):
            named.update(reference.sha256 for reference in passage.evidence)
        wanted = [picture for picture in pictures if picture.sha256 in named]
        store_evidence(self.evidence_dir, {picture.sha256: picture.arrival.payload for picture in wanted})
        outcome.endings["evidence", "unnamed"] += len(pictures) - len(wanted)
        return wanted

    def _store(
        self, session: Session, admitted: Sequence[Admitted], pictures: Sequence[Picture], outcome: Outcome
    ) -> None:
        for refused in admitted:
            if isinstance(refused, Refused):
                outcome.refuse(refused)
        now = self.clock()
        passages = _of(admitted, Passage)
        store_passages(session, passages, self.tolerance_s, now, outcome)
        store_traffic(session, _of(admitted, Traffic), now, outcome)
        heartbeats = _of(admitted, Health)
        store_heartbeats(session, heartbeats, self.tolerance_s, now, outcome)
        doubt_arrived(session, [passage for _, passage in passages], now)
        losses = _of(admitted, Loss)
        store_losses(session, losses, outcome)
        forget_evidence(self.evidence_dir, hold(session, pictures, outcome))
        give_up_refused(session, outcome.refused, outcome)
        put_in_quarantine(session, outcome.refused)
        note_seqs(session, _came(outcome), _promised(heartbeats, losses), now)


def _of(admitted: Sequence[Admitted], kind: type[_M]) -> list[tuple[Signed, _M]]:
    return [
        (each, each.message)
        for each in admitted
        if isinstance(each, Signed) and isinstance(each.message, kind)
    ]


def _came(outcome: Outcome) -> dict[OutboxKey, list[int]]:
    came: dict[OutboxKey, list[int]] = defaultdict(list)
    answered = [refused.sender for refused in outcome.refused if refused.sender is not None]
    for sender in [*outcome.accepted, *answered]:
        came[OutboxKey(sender.authority, sender.agent_id, sender.outbox_id)].append(sender.seq)
    return came


def _promised(
    heartbeats: Sequence[tuple[Signed, Health]], losses: Sequence[tuple[Signed, Loss]]
) -> dict[OutboxKey, int]:
    """The highest numbers that units say they have given, in outboxes that they have given up, too."""
    promised: dict[OutboxKey, int] = defaultdict(int)
    for _, health in heartbeats:
        if health.state != "lost":
            key = OutboxKey(health.authority, health.agent_id, health.outbox_id)
            promised[key] = max(promised[key], health.last_seq)
    for _, loss in losses:
        if loss.earlier_outbox_id is not None:
            key = OutboxKey(loss.authority, loss.agent_id, loss.earlier_outbox_id)
            promised[key] = max(promised[key], loss.earlier_last_seq or 0)
    return promised
