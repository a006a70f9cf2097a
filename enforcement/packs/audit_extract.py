"""The entries of one case out of the audit log, with proof of their place in its chain.

An entry's hash covers its fields and the hash of the entry before it. The extract gives the case's entries
whole, and of every other entry from the first of them to the end of the log the hash alone, which tells
nothing of what is in it: any single one can be asked for later and checked against its hash here.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.wire.values import Instant, Sha256
from enforcement import audit
from enforcement.packs.errors import PackBroken
from enforcement.tables import AuditRow


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the log as it was written."""

    authority: str
    seq: int
    at: Instant
    who: str
    action: str
    subject: str
    reason: str
    previous_hash: Sha256
    hash: Sha256


class AuditExtract(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The case's entries; `links` are the hashes of all entries from number `first_link` to the log's end.

    `entries_in_log` counts the whole log, whose chain was verified when the extract was made.
    """

    entries: tuple[Entry, ...]
    first_link: int
    links: tuple[Sha256, ...]
    entries_in_log: int


_EXTRACT = msgspec.json.Decoder(AuditExtract)


def audit_extract(session: Session, authority: str, case_id: int, letter_ids: list[int]) -> AuditExtract:
    """The extract of a case and its letters. Raises ChainBroken where the log as a whole does not verify."""
    whole = audit.verify(session, authority)
    subjects = [f"case:{case_id}", *(f"letter:{letter_id}" for letter_id in letter_ids)]
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.authority == authority, or_(*(AuditRow.subject == each for each in subjects)))
        .order_by(AuditRow.seq)
    ).all()
    first = rows[0].seq if rows else whole + 1
    links = session.scalars(
        select(AuditRow.hash)
        .where(AuditRow.authority == authority, AuditRow.seq >= first)
        .order_by(AuditRow.seq)
    ).all()
    return AuditExtract(
        entries=tuple(
            Entry(**{name: getattr(row, name) for name in Entry.__struct_fields__}) for row in rows
        ),
        first_link=first,
        links=tuple(links),
        entries_in_log=whole,
    )


def read_extract(content: bytes) -> AuditExtract:
    """The extract in `content`, its chain checked. Raises PackBroken, naming the first wrong entry."""
    try:
        extract = _EXTRACT.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PackBroken(f"the audit extract cannot be read: {error}") from error
    hashes = dict(enumerate(extract.links, start=extract.first_link))
    if not extract.entries or extract.first_link + len(extract.links) - 1 != extract.entries_in_log:
        raise PackBroken("the audit extract does not reach from the case's first entry to the log's end")
    for entry in extract.entries:
        row = AuditRow(**msgspec.structs.asdict(entry))
        before = hashes.get(entry.seq - 1, entry.previous_hash)
        if audit.hash_of(row) != entry.hash or (hashes.get(entry.seq), before) != (
            entry.hash,
            entry.previous_hash,
        ):
            raise PackBroken(f"entry {entry.seq} of the audit extract does not fit its chain")
    return extract
