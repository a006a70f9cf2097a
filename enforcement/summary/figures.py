"""What a parish's cameras and cases came to in a month, as plain counts. Nothing here leaves the room.

Days, hours and the month itself are local (Europe/London).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.clock import LONDON
from config.law.deadlines import months_after
from config.law.orders import OrderVersion, Zone
from config.sites import Site
from enforcement.cases.values import UNDECIDED, CaseState
from enforcement.tables import CaseRow, TransitOutcomeRow
from ingest import records

HOUR_BANDS = (0, 6, 9, 12, 15, 18)
# In the order in which they are printed; what has to be hidden besides small cells is taken from the top.
CONCLUSIONS = ("stayed", "through", "implausible", "unresolved", "no_inference")
RESULTS = ("confirmed", "rejected", "waiting", "no_case")


@dataclass(frozen=True)
class Month:
    """A local month, or its part until now. `since` is inside, `until` is not."""

    name: str
    since: datetime
    until: datetime
    complete: bool

    @property
    def days(self) -> range:
        """The days of the month that the figures cover."""
        last_moment = self.until.astimezone(LONDON) - timedelta(microseconds=1)
        return range(1, last_moment.day + 1)

    @property
    def length_s(self) -> float:
        """How long the covered part is."""
        return (self.until - self.since).total_seconds()


@dataclass
class Counts:
    """Vehicles past one site by day of the month, and by first hour of the band and direction."""

    by_day: Counter[int] = field(default_factory=Counter)
    by_band: Counter[tuple[int, str]] = field(default_factory=Counter)

    def add(self, at: datetime, direction: str, vehicles: int) -> None:
        """Count vehicles that passed at an instant."""
        local = at.astimezone(LONDON)
        band = max(hour for hour in HOUR_BANDS if hour <= local.hour)
        self.by_day[local.day] += vehicles
        self.by_band[band, direction] += vehicles


@dataclass
class SiteFigures:
    """One camera site: lorries, all traffic, and seconds of seeing (None: not known)."""

    site: Site
    hgvs: Counts = field(default_factory=Counts)
    traffic: Counts = field(default_factory=Counts)
    uptime_s: float | None = None


@dataclass(frozen=True)
class ParishFigures:
    """One parish in one month. `transits` by conclusion; `results` says what became of the through ones."""

    parish: str
    month: Month
    orders: tuple[OrderVersion, ...]
    sites: tuple[SiteFigures, ...]
    transits: Counter[str]
    results: Counter[str]


def month_of(name: str, now: datetime) -> Month:
    """The month `YYYY-MM`. Raises ValueError for another form or a month that has not begun."""
    first = datetime.strptime(name, "%Y-%m").replace(tzinfo=LONDON)
    end = datetime.combine(months_after(first.date(), 1), time(), LONDON)
    if now <= first:
        raise ValueError(f"the month {name} has not begun")
    return Month(name, first, min(end, now), complete=now >= end)


def parish_figures(session: Session, authority: str, month: Month) -> list[ParishFigures]:
    """The figures of every parish that an order covered in the month, by name."""
    orders = [order for order in records.order_versions(session, authority) if _covers(order, month)]
    parishes = sorted({zone.parish for order in orders for zone in order.zones})
    sites = _sites(session, authority, month)
    transits = records.transits(session, authority, since=month.since, until=month.until)
    results = _results(session, authority, month)
    return [_parish(parish, month, orders, sites, transits, results) for parish in parishes]


def _covers(order: OrderVersion, month: Month) -> bool:
    last_day = (month.until.astimezone(LONDON) - timedelta(microseconds=1)).date()
    ends = order.effective_to
    return order.effective_from <= last_day and (ends is None or ends > month.since.date())


def _parish(
    parish: str,
    month: Month,
    orders: list[OrderVersion],
    sites: dict[str, SiteFigures],
    transits: list[records.TransitRecord],
    results: dict[str, str],
) -> ParishFigures:
    here = [(order, zone) for order in orders for zone in order.zones if zone.parish == parish]
    keys = {(order.order_id, zone.zone_id) for order, zone in here}
    # The two sightings of a close pair are counted as unresolved already.
    ours = [each for each in transits if (each.order_id, each.zone_id) in keys and each.conclusion != "close"]
    through = [transit.transit_id for transit in ours if transit.conclusion == "through"]
    return ParishFigures(
        parish=parish,
        month=month,
        orders=tuple({order.order_id: order for order, _ in here}.values()),
        sites=tuple(sites[site_id] for site_id in _site_ids(zone for _, zone in here) if site_id in sites),
        transits=Counter(transit.conclusion for transit in ours),
        results=Counter(results.get(transit_id, "waiting") for transit_id in through),
    )


def _site_ids(zones: Iterable[Zone]) -> list[str]:
    points = (point for zone in zones for pair in zone.pairs for point in (pair.entry, pair.exit))
    return list(dict.fromkeys(point.site_id for point in points))


def _sites(session: Session, authority: str, month: Month) -> dict[str, SiteFigures]:
    """The figures of each site by its id, under its newest version."""
    figures = {site.site_id: SiteFigures(site) for site in records.sites(session, authority)}
    for passage in records.passages(session, authority, since=month.since, until=month.until):
        if passage.site_id in figures:
            figures[passage.site_id].hgvs.add(passage.captured_at, passage.direction, 1)
    for count in records.traffic(session, authority, since=month.since, until=month.until):
        if count.site_id in figures:
            figures[count.site_id].traffic.add(count.minute, count.direction, count.vehicles)
    uptime_s = records.site_uptime(session, authority, since=month.since, until=month.until)
    for site_id, site in figures.items():
        site.uptime_s = uptime_s.get(site_id)
    return figures


def _results(session: Session, authority: str, month: Month) -> dict[str, str]:
    """What became of each transit of the month that was judged."""
    margin = timedelta(days=1)  # a transit starts when its lorry is first seen, the offence when it drives in

    def within(table: type[TransitOutcomeRow] | type[CaseRow], column: str) -> dict[str, str]:
        query = select(table.transit_id, getattr(table, column)).where(
            table.authority == authority,
            table.offence_at >= month.since - margin,
            table.offence_at < month.until + margin,
        )
        return dict(session.execute(query).tuples().all())

    results = dict.fromkeys(within(TransitOutcomeRow, "outcome"), "no_case")
    return results | {case: _result(state) for case, state in within(CaseRow, "state").items()}


def _result(state: str) -> str:
    if state in UNDECIDED:
        return "waiting"
    return "rejected" if state == CaseState.REJECTED else "confirmed"
