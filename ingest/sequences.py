"""What is missing of each outbox: gaps in its sequence numbers, and numbers a heartbeat promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ingest.inserts import insert_into
from ingest.tables import GAPS, OUTBOXES


@dataclass(frozen=True)
class OutboxKey:
    """One outbox of one unit."""

    authority: str
    agent_id: str
    outbox_id: str


@dataclass(frozen=True)
class Received:
    """What has come of an outbox: the highest number, and the ranges below it that have not."""

    highest_seq: int
    missing: tuple[tuple[int, int], ...]

    def with_seqs(self, seqs: Iterable[int]) -> Received:
        """The same after these numbers have come, in any order and however often."""
        highest, missing = self.highest_seq, list(self.missing)
        for seq in sorted(set(seqs)):
            if seq > highest:
                if seq > highest + 1:
                    missing.append((highest + 1, seq - 1))
                highest = seq
            else:
                missing = [part for gap in missing for part in _without(gap, seq)]
        return Received(highest, tuple(missing))


def _without(gap: tuple[int, int], seq: int) -> list[tuple[int, int]]:
    first, last = gap
    if not first <= seq <= last:
        return [gap]
    return [part for part in ((first, seq - 1), (seq + 1, last)) if part[0] <= part[1]]


def note_seqs(
    session: Session,
    came: Mapping[OutboxKey, Iterable[int]],
    promised: Mapping[OutboxKey, int],
    now: datetime,
) -> None:
    """Write down which sequence numbers have come, and the last ones that heartbeats have named."""
    for key in sorted({*came, *promised}, key=lambda key: (key.authority, key.agent_id, key.outbox_id)):
        _note(session, key, came.get(key, ()), promised.get(key, 0), now)


def missing_seqs(session: Session, *, noticed_before: datetime) -> dict[OutboxKey, int]:
    """How many numbers of each outbox are missing since before the given instant."""
    gaps, outboxes = GAPS.c, OUTBOXES.c
    count = func.sum(gaps.last_seq - gaps.first_seq + 1)
    found = {
        OutboxKey(row.authority, row.agent_id, row.outbox_id): int(row.missing)
        for row in session.execute(
            select(gaps.authority, gaps.agent_id, gaps.outbox_id, count.label("missing"))
            .where(gaps.noticed_at < noticed_before)
            .group_by(gaps.authority, gaps.agent_id, gaps.outbox_id)
        )
    }
    promised = select(OUTBOXES).where(
        outboxes.promised_seq > outboxes.highest_seq, outboxes.heard_at < noticed_before
    )
    for row in session.execute(promised):
        key = OutboxKey(row.authority, row.agent_id, row.outbox_id)
        found[key] = found.get(key, 0) + row.promised_seq - row.highest_seq
    return found


def _note(session: Session, key: OutboxKey, seqs: Iterable[int], promised: int, now: datetime) -> None:
    names = {"authority": key.authority, "agent_id": key.agent_id, "outbox_id": key.outbox_id}
    session.execute(
        insert_into(session, OUTBOXES).on_conflict_do_nothing(),
        {**names, "highest_seq": 0, "promised_seq": 0, "heard_at": now},
    )
    ours = [OUTBOXES.c[name] == value for name, value in names.items()]
    row = session.execute(select(OUTBOXES).where(*ours).with_for_update()).one()
    its_gaps = [GAPS.c[name] == value for name, value in names.items()]
    noticed = {
        (gap.first_seq, gap.last_seq): gap.noticed_at
        for gap in session.execute(select(GAPS).where(*its_gaps).order_by(GAPS.c.first_seq))
    }
    before = Received(row.highest_seq, tuple(noticed))
    after = before.with_seqs(seqs)
    session.execute(
        OUTBOXES.update()
        .where(*ours)
        .values(
            highest_seq=after.highest_seq,
            promised_seq=max(row.promised_seq, promised),
            heard_at=_promise_heard_at(row.heard_at, row.promised_seq, promised, now),
        )
    )
    if after.missing != before.missing:
        session.execute(delete(GAPS).where(*its_gaps))
        rows = [
            {**names, "first_seq": first, "last_seq": last, "noticed_at": _since(noticed, first, now)}
            for first, last in after.missing
        ]
        if rows:
            session.execute(insert_into(session, GAPS), rows)


def _promise_heard_at(before: datetime, promised_before: int, promised: int, now: datetime) -> datetime:
    """When the standing promise was first heard."""
    return now if promised > promised_before else before


def _since(noticed: Mapping[tuple[int, int], datetime], seq: int, now: datetime) -> datetime:
    """When the gap that `seq` belonged to was noticed; `now` for a new one."""
    return next((at for (first, last), at in noticed.items() if first <= seq <= last), now)
