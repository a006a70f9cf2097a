"""Transits as rows. A row keeps the order version that it was judged by; one that no longer follows from
the passages is withdrawn, not deleted, so that a case that names it can say what happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from ingest.tables import TRANSITS
from ingest.transits import Transit


def write_transits(
    session: Session,
    authority: str,
    vrms: Collection[str],
    near: Collection[str],
    transits: Sequence[Transit],
    now: datetime,
) -> Counter[str]:
    """Make the transits that rest on the passages `near` be exactly these; how many are new, by kind."""
    rows = TRANSITS.c
    about = and_(
        rows.authority == authority,
        rows.vrm.in_(vrms),
        or_(rows.entry_passage_id.in_(near), rows.exit_passage_id.in_(near)),
    )
    stored = {row["transit_id"]: row for row in session.execute(select(TRANSITS).where(about)).mappings()}
    endings: Counter[str] = Counter()
    new: list[dict[str, Any]] = []
    for transit in transits:
        before = stored.pop(transit.transit_id, None)
        if before is None:
            new.append(_row(authority, transit, now))
        elif _stands(before, transit):
            continue
        else:
            changed = _row(authority, transit, now)
            session.execute(update(TRANSITS).where(*_its_row(authority, transit.transit_id)).values(changed))
        endings[f"transit_{transit.conclusion}"] += 1
    if new:
        session.execute(insert(TRANSITS), new)
    for transit_id, row in stored.items():
        if row["withdrawn_at"] is None:
            ours = _its_row(authority, transit_id)
            session.execute(update(TRANSITS).where(*ours).values(withdrawn_at=now))
            endings["transit_withdrawn"] += 1
    return endings


def _stands(before: Any, transit: Transit) -> bool:
    """Whether the row is right as it is. Another order version does not reopen what one has decided."""
    if before["withdrawn_at"] is not None:
        return False
    same_version = before["order_version"] == transit.judged_by.order.version
    return not same_version or before["conclusion"] == transit.conclusion


def _its_row(authority: str, transit_id: str) -> tuple[Any, Any]:
    return TRANSITS.c.authority == authority, TRANSITS.c.transit_id == transit_id


def _row(authority: str, transit: Transit, now: datetime) -> dict[str, Any]:
    judged_by, entry, leaving = transit.judged_by, transit.entry, transit.exit
    return {
        "authority": authority,
        "transit_id": transit.transit_id,
        "order_id": judged_by.order.order_id,
        "order_version": judged_by.order.version,
        "zone_id": judged_by.zone.zone_id,
        "vrm": judged_by.seen.vrm,
        "entry_passage_id": entry.seen.passage_id if entry else None,
        "exit_passage_id": leaving.seen.passage_id if leaving else None,
        "conclusion": transit.conclusion,
        "reasons": [asdict(reason) for reason in transit.reasons],
        "elapsed_s": transit.elapsed_s,
        "started_at": (entry or leaving or judged_by).seen.captured_at,
        "concluded_at": now,
        "withdrawn_at": None,
    }
