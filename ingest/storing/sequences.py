"""What is missing of each outbox: gaps in its sequence numbers, and numbers a heartbeat promised."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, select, tuple_
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_into, insert_new
from ingest.tables import GAPS, OUTBOXES

_KEY = ("authority", "agent_id", "outbox_id")
_identity = attrgetter(*_KEY)
_AT_ONCE = 500


@dataclass(frozen=True)
class OutboxKey:
    """One outbox of one unit."""

    authority: str
    agent_id: str
    outbox_id: str


@dataclass(frozen=True)
class Received:
    """What has come of an outbox: the highest number, and the ranges below it that have not, in order."""

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
            elif (at := _around(missing, seq)) is not None:
                first, last = missing[at]
                parts = ((first, seq - 1), (seq + 1, last))
                missing[at : at + 1] = [part for part in parts if part[0] <= part[1]]
        return Received(highest, tuple(missing))


def _around(gaps: Sequence[tuple[int, int]], seq: int) -> int | None:
    """Which of the gaps, which are in order, has the number in it."""
    at = bisect_right(gaps, seq, key=itemgetter(0)) - 1
    return at if at >= 0 and seq <= gaps[at][1] else None


def note_seqs(
    session: Session,
    came: Mapping[OutboxKey, Iterable[int]],
    promised: Mapping[OutboxKey, int],
    now: datetime,
) -> None:
    """Write down which sequence numbers have come, and the last ones that heartbeats have named.

    All outboxes at once: a batch has messages of hundreds of them.
    """
    keys = sorted({*came, *promised}, key=_identity)
    for start in range(0, len(keys), _AT_ONCE):
        _note(session, keys[start : start + _AT_ONCE], came, promised, now)


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


def _note(
    session: Session,
    keys: Sequence[OutboxKey],
    came: Mapping[OutboxKey, Iterable[int]],
    promised: Mapping[OutboxKey, int],
    now: datetime,
) -> None:
    stored, gaps = _locked(session, keys, now), _gaps(session, keys)
    rows: list[dict[str, Any]] = []
    for key in keys:
        row, promise = stored[key], promised.get(key, 0)
        before = Received(row.highest_seq, tuple(gaps[key]))
        after = before.with_seqs(came.get(key, ()))
        rows.append(
            {
                **dict(zip(_KEY, _identity(key), strict=True)),
                "highest_seq": after.highest_seq,
                "promised_seq": max(row.promised_seq, promise),
                "heard_at": _promise_heard_at(row.heard_at, row.promised_seq, promise, now),
            }
        )
        if after.missing != before.missing:
            _rewrite_gaps(session, key, gaps[key], after.missing, now)
    _update(session, rows)


def _update(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    insert = insert_into(session, OUTBOXES)
    changed = {name: insert.excluded[name] for name in ("highest_seq", "promised_seq", "heard_at")}
    session.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=changed), rows)


def _rewrite_gaps(
    session: Session,
    key: OutboxKey,
    noticed: Mapping[tuple[int, int], datetime],
    missing: Iterable[tuple[int, int]],
    now: datetime,
) -> None:
    """Write what has changed. What is left of a gap was noticed when the gap was."""
    before, after = list(noticed), set(missing)
    gone = sorted(first for first, last in set(before) - after)
    for start in range(0, len(gone), _AT_ONCE):
        some = GAPS.c.first_seq.in_(gone[start : start + _AT_ONCE])
        session.execute(delete(GAPS).where(_is_one_of(GAPS, [key]), some))
    rows = []
    for first, last in sorted(after - set(before)):
        at = _around(before, first)
        since = now if at is None else noticed[before[at]]
        gap = {"first_seq": first, "last_seq": last, "noticed_at": since}
        rows.append({**dict(zip(_KEY, _identity(key), strict=True)), **gap})
    insert_new(session, GAPS, rows)


def _is_one_of(table: Table, keys: Sequence[OutboxKey]) -> ColumnElement[bool]:
    return tuple_(*_key_columns(table)).in_([_identity(key) for key in keys])


def _key_columns(table: Table) -> list[ColumnElement[str]]:
    return [table.c[name] for name in _KEY]


def _key_of(row: Row[Any]) -> OutboxKey:
    return OutboxKey(row.authority, row.agent_id, row.outbox_id)


def _locked(session: Session, keys: Sequence[OutboxKey], now: datetime) -> dict[OutboxKey, Row[Any]]:
    """The rows of these outboxes, new ones made; locked in order, so that no two ingesters wait crosswise."""
    found = _outboxes(session, keys)
    new = [key for key in keys if key not in found]
    if new:
        rows = [
            {
                **dict(zip(_KEY, _identity(key), strict=True)),
                "highest_seq": 0,
                "promised_seq": 0,
                "heard_at": now,
            }
            for key in new
        ]
        insert_new(session, OUTBOXES, rows)
        found = _outboxes(session, keys)
    return found


def _outboxes(session: Session, keys: Sequence[OutboxKey]) -> dict[OutboxKey, Row[Any]]:
    query = select(OUTBOXES).where(_is_one_of(OUTBOXES, keys)).order_by(*_key_columns(OUTBOXES))
    return {_key_of(row): row for row in session.execute(query.with_for_update())}


def _gaps(session: Session, keys: Sequence[OutboxKey]) -> dict[OutboxKey, dict[tuple[int, int], datetime]]:
    """The gaps of each outbox, in order, and when each was noticed."""
    gaps: dict[OutboxKey, dict[tuple[int, int], datetime]] = defaultdict(dict)
    for row in session.execute(select(GAPS).where(_is_one_of(GAPS, keys)).order_by(GAPS.c.first_seq)):
        gaps[_key_of(row)][row.first_seq, row.last_seq] = row.noticed_at
    return gaps


def _promise_heard_at(before: datetime, promised_before: int, promised: int, now: datetime) -> datetime:
    """When the standing promise was first heard."""
    return now if promised > promised_before else before
