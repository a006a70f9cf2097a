"""Reading held pictures again, a few at a time, so that a damaged one is known before a case rests on it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, and_, or_, select, tuple_, update
from sqlalchemy.orm import Session

from ingest.database.opening import reading
from ingest.errors import EvidenceError
from ingest.evidence.store import evidence_bytes
from ingest.tables import EVIDENCE

_AT_ONCE = 20
_ROWS = EVIDENCE.c
# How the reason begins where the file failed: one that was restored from a backup is held again.
_FILE_FAILED = "its file failed: "


class Scrub:
    """Goes round all held pictures, and those whose file has failed."""

    def __init__(self, engine: Engine, evidence_dir: Path) -> None:
        self._engine = engine
        self._evidence_dir = evidence_dir
        self._after = ("", "")

    def some(self) -> Counter[str]:
        """Read the next few; how many are whole, how many failed now and how many are restored."""
        failed = and_(_ROWS.state == "lost", _ROWS.lost_why.startswith(_FILE_FAILED))
        query = select(_ROWS.authority, _ROWS.sha256, _ROWS.state).where(
            or_(_ROWS.state == "held", failed), tuple_(_ROWS.authority, _ROWS.sha256) > self._after
        )
        with Session(reading(self._engine)) as session:
            rows = session.execute(query.order_by(_ROWS.authority, _ROWS.sha256).limit(_AT_ONCE)).all()
        self._after = (rows[-1].authority, rows[-1].sha256) if len(rows) == _AT_ONCE else ("", "")
        return Counter(self._looked_at(row.authority, row.sha256, row.state) for row in rows)

    def _looked_at(self, authority: str, sha256: str, state: str) -> str:
        try:
            evidence_bytes(self._evidence_dir, sha256)
        except EvidenceError as error:
            if state != "held":
                return "lost"
            was_held = self._write(authority, sha256, state, "lost", f"{_FILE_FAILED}{error}"[:300])
            return "failed" if was_held else "deleted"
        if state == "held":
            return "whole"
        self._write(authority, sha256, state, "held", None)
        return "restored"

    def _write(self, authority: str, sha256: str, before: str, state: str, why: str | None) -> bool:
        """Write the new state down; False where the row is no longer as it was."""
        its_row = [_ROWS.authority == authority, _ROWS.sha256 == sha256, _ROWS.state == before]
        with Session(self._engine) as session, session.begin():
            changed = update(EVIDENCE).where(*its_row).values(state=state, lost_why=why)
            return session.execute(changed.returning(_ROWS.sha256)).one_or_none() is not None
