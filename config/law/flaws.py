"""What is wrong with an order version that has every field, in words for whoever must put it right."""

from __future__ import annotations

from collections.abc import Iterator

from config.law.deadlines import months_after
from config.law.orders import CameraPair, Exemption, OrderVersion, Zone

EXPERIMENTAL_MONTHS = 18
FIRST_YEAR, LAST_YEAR = 1900, 2200


def flaws(order: OrderVersion) -> list[str]:
    """Everything that keeps a version from being judged by; empty where it can be used.

    Sources: Road Traffic Regulation Act 1984 s. 9(3) (experimental orders end within 18 months), Traffic
    Signs Manual ch. 3 (a structural limit gives no right of access).
    """
    return [*_flaws_of_time(order), *_flaws_of_exemptions(order), *_flaws_of_place(order)]


def _flaws_of_time(order: OrderVersion) -> Iterator[str]:
    ends = order.effective_to
    if not FIRST_YEAR <= order.effective_from.year <= LAST_YEAR:
        yield f"effective_from {order.effective_from} is not between {FIRST_YEAR} and {LAST_YEAR}"
        return
    if ends is not None and ends <= order.effective_from:
        yield f"effective_to {ends} is not after effective_from {order.effective_from}, so it never binds"
    if order.type == "experimental":
        last = months_after(order.effective_from, EXPERIMENTAL_MONTHS)
        if ends is None or ends > last:
            yield f"an experimental order ends by {last}, {EXPERIMENTAL_MONTHS} months on; give effective_to"
    if order.type == "temporary" and ends is None:
        yield "a temporary order has an end; give effective_to"
    for hours in (*order.hours, *order.except_hours):
        if hours.first_day and hours.last_day and hours.last_day < hours.first_day:
            yield f"hours end on {hours.last_day}, before they begin on {hours.first_day}"


def _flaws_of_exemptions(order: OrderVersion) -> Iterator[str]:
    for terms in order.exemption_terms:
        if terms.exemption not in order.exemptions:
            yield f"exemption_terms names {terms.exemption}, which is not among the exemptions"
    access = {Exemption.ACCESS_LOADING, Exemption.OFF_STREET_PREMISES}.intersection(order.exemptions)
    if order.purpose == "structural" and access:
        yield f"a structural limit gives no right of access, but the exemptions name {min(access)}"


def _flaws_of_place(order: OrderVersion) -> Iterator[str]:
    if not order.sections:
        yield "it has no sections; give the restricted roads as LINESTRING(east north, ...) in EPSG:27700"
    names = [zone.zone_id for zone in order.zones]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two of its zones are called {name}"
    for zone in order.zones:
        for number, pair in enumerate(zone.pairs, start=1):
            yield from _flaws_of_pair(zone, number, pair)


def _flaws_of_pair(zone: Zone, number: int, pair: CameraPair) -> Iterator[str]:
    where = f"pair {number} of zone {zone.zone_id}"
    if pair.entry == pair.exit:
        yield f"{where} begins and ends at the same camera and direction"
    if pair.max_elapsed_s <= pair.min_elapsed_s:
        yield f"the window of {where} ends at {pair.max_elapsed_s:g} s, not after {pair.min_elapsed_s:g} s"
    if "unknown" in (pair.entry.direction, pair.exit.direction):
        yield f"{where} names a direction 'unknown'; say towards or away"
    if not pair.calibrated_by.strip():
        yield f"{where} does not say who calibrated it"
