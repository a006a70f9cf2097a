"""What could not be taken: its bytes, its topic and why. The same bytes for the same reason are one row.

A row stands until somebody settles it: it was replayed and taken, or a person has dismissed it. Of one unit
so many rows are kept open; more is counted in one row without bytes, so that a flood cannot fill the disk.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_into
from ingest.errors import NotFound
from ingest.intake.arrivals import Refused
from ingest.intake.fair_queue import unit_of
from ingest.tables import QUARANTINE

MOST_ROWS_OF_A_UNIT = 5_000
# More than any message of ours; a longer one is cut, and its row says how long it was.
_KEPT_BYTES = 1_600_000
_UNKNOWN = "unknown"
_ROWS = QUARANTINE.c


@dataclass(frozen=True)
class Quarantined:
    """One row of the quarantine. `authority` is "unknown" where no trusted signature named one.

    `agent_id` is the unit under whose name the message came, whoever sent it.
    """

    quarantine_id: int
    authority: str
    agent_id: str
    topic: str
    code: str
    reason: str
    raw: bytes
    size_bytes: int
    times: int
    first_at: datetime
    last_at: datetime
    settled_at: datetime | None
    settled_why: str | None


def put_in_quarantine(session: Session, refused: Sequence[Refused]) -> None:
    """Keep the refused bytes with their reason, counting how often they came."""
    open_rows: Counter[str] = Counter()
    for agent_id in {_agent_of(each) for each in refused}:
        open_rows[agent_id] = _open_rows(session, agent_id)
    for each in refused:
        row = _row(each)
        if open_rows[row["agent_id"]] >= MOST_ROWS_OF_A_UNIT:
            row = _without_bytes(row)
        insert = insert_into(session, QUARANTINE)
        counted = {"times": _ROWS.times + 1, "last_at": row["last_at"], "settled_at": None}
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["bytes_sha256", "topic", "code"], set_={**counted, "settled_why": None}
            ),
            row,
        )
        open_rows[row["agent_id"]] += 1


def quarantined(
    session: Session, *, most: int = 100, ids: Collection[int] | None = None, settled: bool = False
) -> list[Quarantined]:
    """The newest open rows, or those with the given ids; settled ones only where they are asked for."""
    query = select(QUARANTINE).order_by(_ROWS.quarantine_id.desc()).limit(most)
    if not settled:
        query = query.where(_ROWS.settled_at.is_(None))
    if ids is not None:
        query = query.where(_ROWS.quarantine_id.in_(ids))
    names = Quarantined.__dataclass_fields__
    return [Quarantined(**{name: row[name] for name in names}) for row in session.execute(query).mappings()]


def settle(session: Session, quarantine_id: int, why: str, now: datetime) -> None:
    """Close an open row: it was taken after all, or it never will be. Raises NotFound."""
    settled = session.execute(
        update(QUARANTINE)
        .where(_ROWS.quarantine_id == quarantine_id, _ROWS.settled_at.is_(None))
        .values(settled_at=now, settled_why=why[:300])
        .returning(_ROWS.quarantine_id)
    ).all()
    if not settled:
        raise NotFound(f"row {quarantine_id} is not open in quarantine; see 'hgv-ingest quarantine list'")


def quarantine_counts(session: Session) -> Counter[str]:
    """How many open rows there are under each code."""
    query = select(_ROWS.code, func.count()).where(_ROWS.settled_at.is_(None)).group_by(_ROWS.code)
    return Counter({code: int(count) for code, count in session.execute(query)})


def _open_rows(session: Session, agent_id: str) -> int:
    count = select(func.count()).where(_ROWS.agent_id == agent_id, _ROWS.settled_at.is_(None))
    return int(session.scalar(count) or 0)


def _row(refused: Refused) -> dict[str, Any]:
    payload, at = refused.arrival.payload, refused.arrival.received_at
    return {
        "authority": refused.sender.authority if refused.sender else _UNKNOWN,
        "agent_id": _agent_of(refused),
        "bytes_sha256": hashlib.sha256(payload).hexdigest(),
        "topic": _printable(refused.arrival.topic, 300),
        "code": refused.code,
        "reason": _printable(refused.reason, 600),
        "raw": payload[:_KEPT_BYTES],
        "size_bytes": len(payload),
        "times": 1,
        "first_at": at,
        "last_at": at,
    }


def _without_bytes(row: dict[str, Any]) -> dict[str, Any]:
    """The row in which everything beyond a unit's limit is counted, one for each code."""
    reason = f"more than {MOST_ROWS_OF_A_UNIT} messages of this unit lie here: these were counted, not kept"
    topic = f"hgv/v1/{row['agent_id']}/#"
    return {**row, "bytes_sha256": "", "topic": topic, "reason": reason, "raw": b"", "size_bytes": 0}


def _agent_of(refused: Refused) -> str:
    return _printable(unit_of(refused.arrival.topic), 64) or _UNKNOWN


def _printable(text: str, most: int) -> str:
    """The text as a database takes it: PostgreSQL has no NUL in text."""
    return text.replace("\0", "\\0")[:most]
