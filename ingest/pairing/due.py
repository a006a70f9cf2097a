"""The work list of pairing: passages whose neighbours in time have to be looked at (again).

An entry is written in the same commit as what made it necessary, so that no crash forgets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, select
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_into
from ingest.database.instant import Instant
from ingest.tables import PAIRING_DUE, PASSAGES, TRANSITS

_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_COLUMNS = ["authority", "passage_id", "vrm", "captured_at", "due_at"]


def pair_soon(session: Session, passages: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Have these read passages (authority, passage_id, vrm, captured_at) paired with the next pass."""
    if passages:
        insert = insert_into(session, PAIRING_DUE)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["authority", "passage_id"], set_={"due_at": insert.excluded.due_at}
            ),
            [{**passage, "due_at": now} for passage in passages],
        )


def pair_again(session: Session, authority: str, *, since: datetime, now: datetime) -> None:
    """Have every read passage from `since` on paired again, because an order or a site has become known."""
    stored = PASSAGES.c
    affected: Select[tuple[object, ...]] = select(
        stored.authority, stored.passage_id, stored.vrm, stored.captured_at, literal(now, Instant)
    ).where(stored.authority == authority, stored.captured_at >= since, stored.vrm.is_not(None))
    _queue(session, affected)


def review_camera(
    session: Session, authority: str, agent_id: str, camera_id: str, now: datetime, *, since: datetime
) -> None:
    """Have the read passages of a camera from `since` on paired again, because it was faulty."""
    stored = PASSAGES.c
    affected: Select[tuple[object, ...]] = select(
        stored.authority, stored.passage_id, stored.vrm, stored.captured_at, literal(now, Instant)
    ).where(
        stored.authority == authority,
        stored.captured_at >= since,
        stored.agent_id == agent_id,
        stored.camera_id == camera_id,
        stored.vrm.is_not(None),
    )
    _queue(session, affected)


def review_absences(
    session: Session, authority: str, now: datetime, *, since: datetime = _EVER, until: datetime = _NEVER
) -> None:
    """Have conclusions from an absence drawn again, because more is known of when cameras were seeing.

    These are the transits from `since` to `until` that rest on what other cameras did not see.
    """
    stored, transits = PASSAGES.c, TRANSITS.c
    affected: Select[tuple[object, ...]] = (
        select(stored.authority, stored.passage_id, stored.vrm, stored.captured_at, literal(now, Instant))
        .join(
            TRANSITS,
            and_(
                transits.authority == stored.authority,
                func.coalesce(transits.entry_passage_id, transits.exit_passage_id) == stored.passage_id,
            ),
        )
        .where(
            transits.authority == authority,
            transits.withdrawn_at.is_(None),
            transits.conclusion.in_(("no_inference", "unresolved", "stayed")),
            transits.started_at.between(since, until),
        )
        .distinct()
    )
    _queue(session, affected)


def _queue(session: Session, affected: Select[tuple[object, ...]]) -> None:
    insert = insert_into(session, PAIRING_DUE).from_select(_COLUMNS, affected)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["authority", "passage_id"], set_={"due_at": insert.excluded.due_at}
        )
    )
