"""The audit log: who did what to which record, when and why, as a hash chain per authority.

It holds ids, never registrations, so that data can be deleted while the chain still verifies.
Source: Data Protection Act 2018 s. 62 (logging).
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enforcement.errors import ChainBroken
from enforcement.insertion import insert_new
from enforcement.tables import AuditHeadRow, AuditRow

START = "0" * 64
LONGEST_REASON = 1000

# Free text may name a registration; the shapes that a lorry on the road can have are taken out of it.
_VRM_IN_TEXT = re.compile(
    r"\b(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]|[A-Z]{1,2}[IZ] ?\d{1,4})\b",
    re.IGNORECASE,
)


def record(
    session: Session, authority: str, *, who: str, action: str, subject: str, reason: str, now: datetime
) -> int:
    """Append one entry in the caller's transaction and give its number.

    `who` is a user id or a process, `subject` an id such as "case:12". The head's row is taken first, so that
    of two writers one waits: a chain never forks.
    """
    insert_new(session, AuditHeadRow, authority=authority, entries=0, hash=START)
    head = session.execute(
        update(AuditHeadRow)
        .where(AuditHeadRow.authority == authority)
        .values(entries=AuditHeadRow.entries + 1)
        .returning(AuditHeadRow.entries, AuditHeadRow.hash)
    ).one()
    entry = AuditRow(
        authority=authority,
        seq=head.entries,
        at=now,
        who=who,
        action=action,
        subject=subject,
        reason=without_registrations(reason)[:LONGEST_REASON],
        previous_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.execute(update(AuditHeadRow).where(AuditHeadRow.authority == authority).values(hash=entry.hash))
    session.flush()
    return entry.seq


def without_registrations(text: str) -> str:
    """A person's words with each registration taken out: they are kept when the vehicle's time is over."""
    return _VRM_IN_TEXT.sub("[registration]", text)


def verify(session: Session, authority: str) -> int:
    """The number of entries of an intact chain. Raises ChainBroken with the first entry that does not fit."""
    previous, count = START, 0
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.authority == authority)
        .order_by(AuditRow.seq)
        .execution_options(yield_per=1000)
    )
    for count, row in enumerate(rows, start=1):
        if row.seq != count:
            raise ChainBroken(
                f"entry {count} of the audit log is missing; restore it from a backup and ask why"
            )
        if row.previous_hash != previous or row.hash != hash_of(row):
            raise ChainBroken(f"entry {count} of the audit log was changed after it was written")
        previous = row.hash
    head = session.get(AuditHeadRow, authority)
    if (head.entries, head.hash) != (count, previous) if head else count > 0:
        raise ChainBroken(f"the audit log ends at entry {count}, but more were written; its end was cut off")
    return count


def hash_of(entry: AuditRow) -> str:
    """The hash that an entry must have, over all its fields and the hash of the one before it."""
    fields = (
        entry.previous_hash,
        entry.authority,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.who,
        entry.action,
        entry.subject,
        entry.reason,
    )
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()
