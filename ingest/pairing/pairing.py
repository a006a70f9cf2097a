"""The pairing pass: takes passages whose turn has come, looks at their VRM's sightings around them, and
writes the transits that follow. Run again at any time, in any order, it leaves the same transits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_into
from ingest.heartbeats.seeing import Interval, covers
from ingest.heartbeats.uptime import site_seeing
from ingest.pairing.close_rows import close_pairs, wait_for_others
from ingest.pairing.conclusions import pairs_of
from ingest.pairing.doubt import without_doubtful
from ingest.pairing.law import order_versions, sites
from ingest.pairing.match import Law, Sighting
from ingest.pairing.seen_rows import seen_by_vrm
from ingest.pairing.transit_rows import Place, write_close_transits, write_transits
from ingest.pairing.transits import LONGEST_STAY, Transit
from ingest.tables import ORDER_VERSIONS, PAIRING_DUE, SITES

_AT_ONCE = 400
# A passage's neighbours lie within the longest stay, and so do theirs.
_NEIGHBOURS = LONGEST_STAY
_CONTEXT = 2 * LONGEST_STAY


@dataclass(frozen=True)
class Due:
    """A passage whose pairing is to be looked at."""

    authority: str
    passage_id: str
    vrm: str
    captured_at: datetime


class Pairing:
    """Runs passes; remembers each authority's orders and sites until new ones are stored."""

    def __init__(self) -> None:
        self._laws: dict[str, tuple[tuple[object, ...], Law]] = {}

    def run(self, session: Session, now: datetime) -> Counter[str]:
        """Take passages that are due and write their transits; how often each match and conclusion came.

        The caller commits. The key "due" counts the passages taken; none are left when it is 0.
        """
        endings: Counter[str] = Counter()
        due = _due(session, now)
        by_authority: dict[str, list[Due]] = defaultdict(list)
        for each in due:
            by_authority[each.authority].append(each)
        for authority, some in sorted(by_authority.items()):
            self._pair(session, authority, some, now, endings)
        endings["due"] = len(due)
        return endings

    def _pair(
        self, session: Session, authority: str, due: Sequence[Due], now: datetime, endings: Counter[str]
    ) -> None:
        _lock(session, authority, {each.vrm for each in due})
        law = self._law(session, authority)
        since, until = _around(due)
        around = seen_by_vrm(session, authority, {each.vrm for each in due}, since=since, until=until)
        seeing = _Seeing(session, authority, since, until)
        near: set[str] = set()
        transits: list[Transit] = []
        waiting: list[tuple[Sighting, datetime]] = []
        centres = _times(due)
        for vrm, passages in around.items():
            ours = {p.passage_id for p in passages if _is_near(p.captured_at, centres[vrm])}
            pairs = pairs_of(passages, law, seeing, now, endings)
            near |= ours
            transits += [transit for transit in pairs.transits if ours & {*transit.passage_ids}]
            waiting += [(one, end) for one, end in pairs.waiting if one.seen.passage_id in ours]
        place = Place(authority, set(around), near, since, until)
        self._write(session, place, {each.passage_id for each in due}, transits, law, now, endings)
        _wait_for(session, authority, due, waiting)

    def _write(
        self,
        session: Session,
        place: Place,
        due: set[str],
        transits: Sequence[Transit],
        law: Law,
        now: datetime,
        endings: Counter[str],
    ) -> None:
        """Write the transits, and then the close pairs of what is alone now and of what no longer is."""
        sure = without_doubtful(session, place.authority, transits)
        written = write_transits(session, place, sure, now)
        endings.update(written.endings)
        affected = (due | written.passage_ids).intersection(place.near)
        wait_for_others(session, place.authority)
        alone = [transit for transit in sure if affected.intersection(transit.passage_ids)]
        close = without_doubtful(session, place.authority, close_pairs(session, place.authority, alone, law))
        close = [transit for transit in close if transit.conclusion == "close"]
        endings.update(write_close_transits(session, replace(place, near=affected), close, now).endings)

    def _law(self, session: Session, authority: str) -> Law:
        stamp = tuple(
            value
            for table in (ORDER_VERSIONS, SITES)
            for value in session.execute(
                select(func.count(), func.max(table.c.stored_at)).where(table.c.authority == authority)
            ).one()
        )
        known = self._laws.get(authority)
        if known is None or known[0] != stamp:
            self._laws[authority] = known = (stamp, _read_law(session, authority))
        return known[1]


def _read_law(session: Session, authority: str) -> Law:
    versions = defaultdict(list)
    for order in order_versions(session, authority):
        versions[order.order_id].append(order)
    return Law({(s.site_id, s.site_version): s for s in sites(session, authority)}, versions)


def _due(session: Session, now: datetime) -> list[Due]:
    rows = PAIRING_DUE.c
    query = (
        select(rows.authority, rows.passage_id, rows.vrm, rows.captured_at)
        .where(rows.due_at <= now)
        .order_by(rows.due_at, rows.passage_id)
        .limit(_AT_ONCE)
    )
    return [Due(*row) for row in session.execute(query)]


def _lock(session: Session, authority: str, vrms: Iterable[str]) -> None:
    """Keep other ingesters from pairing the same VRMs meanwhile; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text(
            "SELECT pg_advisory_xact_lock(hashtext(:authority), number) FROM (SELECT DISTINCT hashtext(vrm) "
            "AS number FROM unnest(CAST(:vrms AS text[])) AS vrm ORDER BY number) AS numbers"
        )
        session.execute(lock, {"authority": authority, "vrms": sorted(vrms)})


def _around(due: Sequence[Due]) -> tuple[datetime, datetime]:
    """From when until when passages count for those that are due."""
    times = [each.captured_at for each in due]
    return min(times) - _CONTEXT, max(times) + _CONTEXT


def _times(due: Iterable[Due]) -> dict[str, list[datetime]]:
    times: dict[str, list[datetime]] = defaultdict(list)
    for each in due:
        times[each.vrm].append(each.captured_at)
    return times


def _is_near(at: datetime, centres: Iterable[datetime]) -> bool:
    return any(abs(at - centre) <= _NEIGHBOURS for centre in centres)


class _Seeing:
    """When sites were seeing around some times, read once a site."""

    def __init__(self, session: Session, authority: str, since: datetime, until: datetime) -> None:
        self._session = session
        self._authority = authority
        self._since, self._until = since, until
        self._intervals: dict[str, list[Interval]] = {}

    def __call__(self, site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
        """Whether the site was seeing from `start` to `end`, give or take `slack_s`."""
        if site_id not in self._intervals:
            self._intervals[site_id] = site_seeing(
                self._session, self._authority, site_id, since=self._since, until=self._until
            )
        return covers(self._intervals[site_id], start, end, slack_s=slack_s)


def _wait_for(
    session: Session, authority: str, due: Sequence[Due], waiting: Sequence[tuple[Sighting, datetime]]
) -> None:
    """Take the passages off the list, and put back those whose conclusion is still to come."""
    taken = PAIRING_DUE.c.passage_id.in_([each.passage_id for each in due])
    session.execute(delete(PAIRING_DUE).where(PAIRING_DUE.c.authority == authority, taken))
    rows = {
        alone.seen.passage_id: {
            "authority": authority,
            "passage_id": alone.seen.passage_id,
            "vrm": alone.seen.vrm,
            "captured_at": alone.seen.captured_at,
            "due_at": end,
        }
        for alone, end in sorted(waiting, key=lambda each: each[1], reverse=True)
    }
    if rows:
        insert = insert_into(session, PAIRING_DUE)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["authority", "passage_id"], set_={"due_at": insert.excluded.due_at}
            ),
            list(rows.values()),
        )
