"""Close pairs in the database: which sightings alone lie near those that are looked at, and what they make.

Asked once a pass, by an index over the marks' first and last characters within each sighting's own window, so
that it costs next to nothing where nothing is near.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Integer, String, column, func, select, text, values
from sqlalchemy.orm import Session

from ingest.database.instant import Instant
from ingest.database.slices import slices
from ingest.pairing.close import are_close, close_keys, close_transit, may_be_close, search_window
from ingest.pairing.match import Law, Sighting, sightings
from ingest.pairing.seen_rows import seen_by_id
from ingest.pairing.transits import Transit
from ingest.tables import TRANSITS

_ROWS = TRANSITS.c
# A sighting alone, and the passage of another that may be its other end.
_Near = tuple[Sighting, str]
# A sighting's number, zone and key, and the window in which its other end may lie.
_Wanted = tuple[int, str, str, datetime, datetime]


def close_pairs(session: Session, authority: str, transits: Iterable[Transit], law: Law) -> list[Transit]:
    """The close pairs that some sightings alone make with stored ones, each once."""
    alone = [transit.judged_by for transit in transits if may_be_close(transit)]
    if not alone:
        return []
    near = [*_near(session, authority, alone)]
    seen = seen_by_id(session, authority, {passage_id for _, passage_id in near})
    found: dict[str, Transit] = {}
    for one, passage_id in near:
        for other in sightings(seen[passage_id], law)[1] if passage_id in seen else ():
            if (other.order.order_id, other.zone.zone_id) == (one.order.order_id, one.zone.zone_id):
                close = close_transit(one, other)
                if close is not None:
                    found[close.transit_id] = close
    return [*found.values()]


def wait_for_others(session: Session, authority: str) -> None:
    """Have one ingester at a time look for close pairs: neither would see what the other is writing."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:authority), hashtext('close pairs'))")
        session.execute(lock, {"authority": authority})


def _near(session: Session, authority: str, alone: Sequence[Sighting]) -> Iterator[_Near]:
    """Each of the sightings with the passages of stored ones that are close to it, in its window."""
    for head_or_tail in ("close_head", "close_tail"):
        for some in slices(list(enumerate(alone))):
            wanted = [_wanted(number, sighting, head_or_tail) for number, sighting in some]
            for number, passage_id, vrm in _alike(session, authority, head_or_tail, wanted):
                if are_close(alone[number].seen.vrm, vrm):
                    yield alone[number], passage_id


def _wanted(number: int, sighting: Sighting, head_or_tail: str) -> _Wanted:
    keys = close_keys(sighting.seen.vrm)
    key = getattr(keys, head_or_tail.removeprefix("close_"))
    return number, sighting.zone.zone_id, key, *search_window(sighting)


def _alike(
    session: Session, authority: str, head_or_tail: str, rows: Sequence[_Wanted]
) -> Sequence[tuple[int, str, str]]:
    """The numbers of those wanted, and passage and mark of stored sightings alone that begin or end alike."""
    wanted = values(
        column("number", Integer),
        column("zone_id", String),
        column("key", String),
        column("since", Instant),
        column("until", Instant),
    ).data(rows)
    asked = wanted.cte("wanted").c
    passage_id = func.coalesce(_ROWS.entry_passage_id, _ROWS.exit_passage_id)
    query = select(asked.number, passage_id, _ROWS.vrm).where(
        _ROWS.authority == authority,
        _ROWS.zone_id == asked.zone_id,
        _ROWS[head_or_tail] == asked.key,
        _ROWS.started_at.between(asked.since, asked.until),
        _ROWS.withdrawn_at.is_(None),
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
