"""Deleting pictures that no passage names any more."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest.evidence.store import evidence_path
from ingest.tables import EVIDENCE, EVIDENCE_REFERENCES


def delete_unnamed_evidence(session: Session, authority: str, evidence_dir: Path) -> int:
    """Delete rows and files of pictures that no passage of any authority names; how many rows.

    Call it after `delete_passages` was committed. A file goes before its row: a crash in between leaves a row
    that nothing names, for the next sweep, and never a picture without a row.
    """
    held, named = EVIDENCE.c, EVIDENCE_REFERENCES.c
    all_held = select(held.sha256).where(held.authority == authority)
    all_named = select(named.sha256).where(named.authority == authority)
    unnamed = session.scalars(all_held.except_(all_named)).all()
    for sha256 in unnamed:
        session.execute(delete(EVIDENCE).where(held.authority == authority, held.sha256 == sha256))
        if session.scalar(select(held.sha256).where(held.sha256 == sha256)) is None:
            evidence_path(evidence_dir, sha256).unlink(missing_ok=True)
    return len(unnamed)
