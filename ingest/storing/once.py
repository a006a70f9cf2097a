"""Storing each message once, by its id: new, the same again, or other bytes under a known id."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_new
from ingest.database.lookups import rows_by_key
from ingest.intake.arrivals import Refused, Signed
from ingest.intake.outcome import Outcome

Row = dict[str, Any]
Candidate = tuple[Signed, Row]


def payload_sha256(signed: Signed) -> str:
    """The hash by which two messages under one id are compared."""
    return hashlib.sha256(signed.envelope.payload).hexdigest()


def store_once(
    session: Session, table: Table, id_name: str, candidates: Sequence[Candidate], outcome: Outcome
) -> list[Candidate]:
    """Insert what is not there yet, and answer every candidate; the candidates that were inserted.

    `table` has the key (authority, `id_name`) and the column payload_sha256. The same bytes again are
    accepted; other bytes under a known id are refused.
    """
    first: dict[tuple[str, str], Candidate] = {}
    for signed, row in candidates:
        first.setdefault((row["authority"], row[id_name]), (signed, row))
    if not first:
        return []
    new = insert_new(session, table, [row for _, row in first.values()], ("authority", id_name))
    inserted = [first[key] for key in first if key in new]
    for signed, _ in inserted:
        outcome.accept(signed, "stored")
    fresh = {id(row) for _, row in inserted}
    _answer_known(session, table, id_name, [c for c in candidates if id(c[1]) not in fresh], outcome)
    return inserted


def _answer_known(
    session: Session, table: Table, id_name: str, known: Sequence[Candidate], outcome: Outcome
) -> None:
    key = ("authority", id_name)
    ids = {(row["authority"], row[id_name]) for _, row in known}
    stored = {
        (authority, message_id): sha256
        for authority, message_id, sha256 in rows_by_key(session, table, key, ids, (*key, "payload_sha256"))
    }
    for signed, row in known:
        _answer(signed, row, stored[row["authority"], row[id_name]], id_name, outcome)


def _answer(signed: Signed, row: Row, stored_sha256: str, id_name: str, outcome: Outcome) -> None:
    if row["payload_sha256"] == stored_sha256:
        outcome.accept(signed, "duplicate")
        return
    reason = f"{id_name} {row[id_name]} is stored with other bytes (SHA-256 {stored_sha256})"
    outcome.refuse(Refused(signed.arrival, "other_bytes", reason, signed.sender))
