"""The first letter of a case: a possible offence, said plainly, and how to show that there was access.

It says nothing of any other vehicle, and nothing of the driver. Times are local (Europe/London).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct

from config.clock import LONDON
from config.law.deadlines import local_day
from config.law.orders import Exemption, OrderVersion
from config.sites import Site
from config.vrm import spaced
from enforcement.cases.values import CaseFile, zone_of
from enforcement.documents import set_pdf
from enforcement.policy import Letterhead, Policy
from ingest.records import PassageRecord

FIRST_LETTER = "first_letter.typ"

_PLAIN_EXEMPTIONS = {
    Exemption.ACCESS_LOADING: "to load or unload, or for access",
    Exemption.OFF_STREET_PREMISES: "to reach premises off the road",
    Exemption.EMERGENCY_SERVICES: "for the police, fire or ambulance service",
    Exemption.BUSES: "as a bus",
    Exemption.AGRICULTURAL: "for work on farm land beside the road",
    Exemption.HIGHWAY_MAINTENANCE: "to maintain the road",
    Exemption.STATUTORY_UNDERTAKERS: "for gas, water, power or phone works",
    Exemption.REFUSE: "to collect refuse",
    Exemption.DRIVER_TRAINING: "to train or test drivers",
    Exemption.PERMIT_HOLDERS: "with a permit under this order",
}


class Sighting(Struct, frozen=True, kw_only=True):
    """Where and when the vehicle was seen, in words."""

    what: str
    place: str
    time: str


class FirstLetter(Struct, frozen=True, kw_only=True):
    """All that the template prints."""

    letterhead: Letterhead
    reference: str
    date: str
    vrm: str
    order_title: str
    limit: str
    bound: str
    place: str
    day: str
    sightings: tuple[Sighting, Sighting]
    minutes: str
    exemptions: tuple[str, ...]
    reply_by: str


def first_letter(
    case: CaseFile, sites: dict[tuple[str, int], Site], policy: Policy, made_at: datetime
) -> bytes:
    """The letter as PDF; the same arguments give the same bytes. Raises DocumentFailed."""
    return set_pdf(FIRST_LETTER, letter_data(case, sites, policy, made_at), made_at)


def letter_data(
    case: CaseFile, sites: dict[tuple[str, int], Site], policy: Policy, made_at: datetime
) -> FirstLetter:
    """What the letter of a case says. `sites` by id and version."""
    made_on = local_day(made_at)
    return FirstLetter(
        letterhead=policy.letterhead,
        reference=reference(case),
        date=_day(made_on),
        vrm=spaced(case.summary.vrm),
        order_title=case.order.title,
        limit=tonnes(case.order.limit_kg),
        bound="vehicles" if case.order.purpose == "structural" else "goods vehicles",
        place=zone_of(case.order, case.transit.zone_id).name,
        day=_weekday(local_day(case.entry.captured_at)),
        sightings=(_sighting("Driving in", case.entry, sites), _sighting("Driving out", case.exit, sites)),
        minutes=_minutes(case.exit.captured_at - case.entry.captured_at),
        exemptions=plain_exemptions(case.order),
        reply_by=_weekday(made_on + timedelta(days=policy.days_to_reply)),
    )


def reference(case: CaseFile) -> str:
    """The case's number as letters and answers quote it."""
    return f"{case.order.authority.upper()}-{case.summary.case_id:06d}"


def plain_exemptions(order: OrderVersion) -> tuple[str, ...]:
    """The order's exemptions in everyday words, in the order's sequence."""
    return tuple(_PLAIN_EXEMPTIONS[exemption] for exemption in order.exemptions)


def tonnes(weight_kg: int) -> str:
    """A limit as signs give it: 7,500 kg is "7.5 tonnes"."""
    return f"{weight_kg / 1000:.3f}".rstrip("0").rstrip(".") + " tonnes"


def _sighting(what: str, passage: PassageRecord, sites: dict[tuple[str, int], Site]) -> Sighting:
    site = sites[passage.site_id, passage.site_version]
    going = {"towards": site.towards, "away": site.away}.get(passage.direction, "")
    local = passage.captured_at.astimezone(LONDON)
    return Sighting(
        what=what,
        place=f"{site.road}, {site.name}" + (f" ({going})" if going else ""),
        time=f"{local:%H:%M:%S %Z} on {_day(local.date())}",
    )


def _minutes(between: timedelta) -> str:
    minutes, seconds = divmod(round(between.total_seconds()), 60)
    words = [f"{n} {unit}{'s' * (n != 1)}" for n, unit in ((minutes, "minute"), (seconds, "second")) if n]
    return " and ".join(words)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _weekday(day: date) -> str:
    return f"{day:%A} {_day(day)}"
