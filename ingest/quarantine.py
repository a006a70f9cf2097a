"""What could not be taken: its bytes, its topic and why. The same bytes for the same reason are one row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.arrivals import Refused
from ingest.inserts import insert_into
from ingest.tables import QUARANTINE

# More than any message of ours; a longer one is cut, and its row says how long it was.
_KEPT_BYTES = 1_600_000
_UNKNOWN_AUTHORITY = "unknown"


@dataclass(frozen=True)
class Quarantined:
    """One row of the quarantine. `authority` is "unknown" where no trusted signature named one."""

    quarantine_id: int
    authority: str
    topic: str
    code: str
    reason: str
    raw: bytes
    size_bytes: int
    times: int
    first_at: datetime
    last_at: datetime


def put_in_quarantine(session: Session, refused: Sequence[Refused]) -> None:
    """Keep the refused bytes with their reason, counting how often they came."""
    for each in refused:
        payload, at = each.arrival.payload, each.arrival.received_at
        insert = insert_into(session, QUARANTINE)
        row = {
            "authority": each.sender.authority if each.sender else _UNKNOWN_AUTHORITY,
            "bytes_sha256": hashlib.sha256(payload).hexdigest(),
            "topic": _printable(each.arrival.topic, 300),
            "code": each.code,
            "reason": _printable(each.reason, 600),
            "raw": payload[:_KEPT_BYTES],
            "size_bytes": len(payload),
            "times": 1,
            "first_at": at,
            "last_at": at,
        }
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["bytes_sha256", "topic", "code"],
                set_={"times": QUARANTINE.c.times + 1, "last_at": at},
            ),
            row,
        )


def quarantined(session: Session, *, most: int = 100) -> list[Quarantined]:
    """The newest rows of the quarantine."""
    rows = session.execute(select(QUARANTINE).order_by(QUARANTINE.c.quarantine_id.desc()).limit(most))
    names = Quarantined.__dataclass_fields__
    return [Quarantined(**{name: row[name] for name in names}) for row in rows.mappings()]


def quarantine_counts(session: Session) -> Counter[str]:
    """How many rows there are under each code."""
    rows = session.execute(select(QUARANTINE.c.code, func.count()).group_by(QUARANTINE.c.code))
    return Counter({code: int(count) for code, count in rows})


def _printable(text: str, most: int) -> str:
    """The text as a database takes it: PostgreSQL has no NUL in text."""
    return text.replace("\0", "\\0")[:most]
