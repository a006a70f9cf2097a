"""Which camera watches which site, learnt from what cameras send: heartbeats name cameras, orders sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ingest.database.inserts import insert_into
from ingest.pairing.due import review_absences
from ingest.tables import CAMERAS


def note_cameras(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Remember the cameras and sites that passages or counts name.

    A new one may explain an absence: it may have been seeing all the time.
    """
    columns = [column.name for column in CAMERAS.columns]
    named = {tuple(row[name] for name in columns) for row in rows}
    insert = insert_into(session, CAMERAS).on_conflict_do_nothing().returning(CAMERAS.c.authority)
    values = [dict(zip(columns, each, strict=True)) for each in sorted(named)]
    for authority in sorted(set(session.scalars(insert, values))):
        review_absences(session, authority, now)
