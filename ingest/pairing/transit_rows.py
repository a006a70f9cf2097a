"""Transits as rows. A row keeps the order version that it was judged by; one that no longer follows from
the passages is withdrawn, not deleted, so that a case that names it can say what happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.orm import Session

from ingest.pairing.close import close_keys, may_be_close
from ingest.pairing.transits import Transit
from ingest.tables import TRANSITS

_ROWS = TRANSITS.c
# What shows that a passage cannot be relied on. It counts under whatever version a transit was judged by.
_NOT_TO_BE_RELIED_ON = ("clock", "camera_faulty")
_TOLD = ("conclusion", "reasons", "elapsed_s")


@dataclass(frozen=True)
class Place:
    """Where among the transits to write: of an authority, about some marks, started between two instants.

    Only those that rest on one of the passages `near` are touched.
    """

    authority: str
    vrms: Collection[str]
    near: Collection[str]
    since: datetime
    until: datetime

    def rows(self) -> ColumnElement[bool]:
        """The rows of the authority and the time."""
        return and_(_ROWS.authority == self.authority, _ROWS.started_at.between(self.since, self.until))


@dataclass
class Written:
    """What writing came to: endings by kind, and the passages of which something else is concluded now."""

    endings: Counter[str] = field(default_factory=Counter)
    passage_ids: set[str] = field(default_factory=set)

    def note(self, conclusion: str, *passage_ids: str | None) -> None:
        """Count a row that was made, changed or withdrawn, and remember its passages."""
        self.endings[f"transit_{conclusion}"] += 1
        self.passage_ids.update(each for each in passage_ids if each is not None)


def write_transits(session: Session, place: Place, transits: Sequence[Transit], now: datetime) -> Written:
    """Make the transits of one mark each at this place be exactly these."""
    one_mark = and_(place.rows(), _ROWS.vrm.in_(place.vrms), _ROWS.exit_vrm.is_(None))
    return _write(session, place, one_mark, transits, now)


def write_close_transits(
    session: Session, place: Place, transits: Sequence[Transit], now: datetime
) -> Written:
    """Make the close pairs at this place be exactly these."""
    either = or_(_ROWS.vrm.in_(place.vrms), _ROWS.exit_vrm.in_(place.vrms))
    return _write(session, place, and_(place.rows(), _ROWS.exit_vrm.is_not(None), either), transits, now)


def _write(
    session: Session,
    place: Place,
    which: ColumnElement[bool],
    transits: Sequence[Transit],
    now: datetime,
) -> Written:
    stored = {
        row["transit_id"]: row
        for row in session.execute(select(TRANSITS).where(which)).mappings()
        if row["entry_passage_id"] in place.near or row["exit_passage_id"] in place.near
    }
    written = Written()
    new: list[dict[str, Any]] = []
    for transit in transits:
        before = stored.pop(transit.transit_id, None)
        row = _row(place.authority, transit, now)
        if before is None:
            new.append(row)
        elif _stands(before, row):
            continue
        else:
            kept = {} if before["withdrawn_at"] else {"order_version": before["order_version"]}
            this = and_(_ROWS.authority == place.authority, _ROWS.transit_id == transit.transit_id)
            session.execute(update(TRANSITS).where(this).values(row | kept))
        written.note(transit.conclusion, *transit.passage_ids)
    if new:
        session.execute(insert(TRANSITS), new)
    gone = [row for row in stored.values() if row["withdrawn_at"] is None]
    _withdraw(session, place.authority, gone, now, written)
    return written


def _withdraw(
    session: Session, authority: str, rows: Sequence[Mapping[Any, Any]], now: datetime, written: Written
) -> None:
    for row in rows:
        written.note("withdrawn", row["entry_passage_id"], row["exit_passage_id"])
    if rows:
        these = _ROWS.transit_id.in_([row["transit_id"] for row in rows])
        session.execute(update(TRANSITS).where(_ROWS.authority == authority, these).values(withdrawn_at=now))


def _stands(before: Mapping[Any, Any], row: Mapping[str, Any]) -> bool:
    """Whether the row is right as it is. Another order version does not reopen what one has decided."""
    if before["withdrawn_at"] is not None:
        return False
    if before["order_version"] != row["order_version"]:
        unreliable = row["reasons"][0]["code"] in _NOT_TO_BE_RELIED_ON
        return not unreliable or before["conclusion"] == row["conclusion"]
    return all(before[name] == row[name] for name in _TOLD)


def _row(authority: str, transit: Transit, now: datetime) -> dict[str, Any]:
    judged_by, entry, leaving = transit.judged_by, transit.entry, transit.exit
    keys = close_keys(judged_by.seen.vrm) if may_be_close(transit) else None
    return {
        "authority": authority,
        "transit_id": transit.transit_id,
        "order_id": judged_by.order.order_id,
        "order_version": judged_by.order.version,
        "zone_id": judged_by.zone.zone_id,
        "vrm": judged_by.seen.vrm,
        "exit_vrm": transit.exit_vrm,
        "entry_passage_id": entry.seen.passage_id if entry else None,
        "exit_passage_id": leaving.seen.passage_id if leaving else None,
        "conclusion": transit.conclusion,
        "reasons": [{"code": each.code, "text": each.text, "facts": each.facts} for each in transit.reasons],
        "elapsed_s": transit.elapsed_s,
        "started_at": (entry or leaving or judged_by).seen.captured_at,
        "concluded_at": now,
        "withdrawn_at": None,
        "close_head": keys.head if keys else None,
        "close_tail": keys.tail if keys else None,
    }
