"""Giving quarantined messages another try, after whatever kept them out was mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ingest.intake.admit import admit
from ingest.intake.arrivals import Arrival, Refused
from ingest.storing.commit import Committer
from ingest.storing.quarantine import Quarantined, settle


@dataclass(frozen=True)
class Replayed:
    """What became of one row: taken and settled, or why it stays."""

    quarantine_id: int
    is_taken: bool
    told: str


def replay(committer: Committer, rows: Iterable[Quarantined]) -> list[Replayed]:
    """Have the messages stored as if they came now; each that is taken is settled.

    A message is stored once by its id: where this ends between the two, the next replay finds a duplicate.
    """
    return [_replayed(committer, row) for row in rows]


def _replayed(committer: Committer, row: Quarantined) -> Replayed:
    if len(row.raw) != row.size_bytes or not row.size_bytes:
        return Replayed(row.quarantine_id, False, "its bytes were not all kept")
    arrival = Arrival(row.topic, row.raw, row.first_at, mid=0, link=0)
    admitted = admit(arrival, committer.keys)
    if isinstance(admitted, Refused):
        return Replayed(row.quarantine_id, False, f"{admitted.code}: {admitted.reason}")
    outcome = committer.commit([arrival])
    (ending,) = {ending for (_, ending), count in outcome.endings.items() if count}
    if outcome.refused or ending == "unnamed":
        why = outcome.refused[0].reason if outcome.refused else "no stored passage names this picture"
        return Replayed(row.quarantine_id, False, f"{ending}: {why}")
    with Session(committer.engine) as session, session.begin():
        settle(session, row.quarantine_id, f"replayed: {ending}", committer.clock())
    return Replayed(row.quarantine_id, True, ending)
