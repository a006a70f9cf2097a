"""The letters of a weight case: possible offence, warning, and request for the driver's details."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from config.law.deadlines import local_day
from config.sites import Site
from enforcement.cases.records import case_file
from enforcement.cases.values import CaseFile, zone_of
from enforcement.letters.asking import asked_under
from enforcement.letters.contents import BreachLetter, DriverRequest, Sighting, WarningLetter
from enforcement.letters.subject import Subject
from enforcement.letters.wording import (
    clock_time,
    minutes,
    on_sign,
    plain_day,
    plain_exemptions,
    plain_weekday,
    tonnes,
)
from enforcement.tables import CaseRow, LetterRow
from ingest import records
from ingest.records import PassageRecord

_Sites = dict[tuple[str, int], Site]


def first_letter(subject: Subject) -> BreachLetter:
    """What the first letter of a case says. Raises CaseNotFound."""
    return BreachLetter(**_breach(subject))


def warning_letter(subject: Subject) -> WarningLetter:
    """What a warning says, which names the letter that went before. Raises CaseNotFound."""
    return WarningLetter(**_breach(subject), earlier=_earlier(subject))


def driver_request(subject: Subject) -> DriverRequest:
    """What a request for the driver's details says. Raises CaseNotFound, and TermsMissing without an Act."""
    case = _file(subject)
    sites = _sites(subject)
    return DriverRequest(
        **subject.heading(),
        **_where(case),
        **asked_under(subject),
        offence="a possible breach of a weight limit",
        time=clock_time(case.entry.captured_at),
        sightings=_sightings(case, sites),
    )


def _breach(subject: Subject) -> dict[str, Any]:
    case = _file(subject)
    order = case.order
    return {
        **subject.heading(),
        **_where(case),
        "sightings": _sightings(case, _sites(subject)),
        "minutes": minutes(case.exit.captured_at - case.entry.captured_at),
        "order_title": order.title,
        "bound": "vehicles" if order.purpose == "structural" else "goods vehicles",
        "limit": tonnes(order.limit_kg),
        "sign": on_sign(order.limit_kg),
        "environmental": order.purpose == "environmental",
        "exemptions": plain_exemptions(order, case.entry.captured_at),
        "reply_by": plain_weekday(subject.made_on + timedelta(days=subject.policy.days_to_reply)),
    }


def _file(subject: Subject) -> CaseFile:
    row = subject.case
    return case_file(subject.session, row.authority, row.case_id, now=subject.made_at)


def _where(case: CaseFile) -> dict[str, Any]:
    return {
        "place": zone_of(case.order, case.transit.zone_id).name,
        "day": plain_weekday(local_day(case.entry.captured_at)),
    }


def _sites(subject: Subject) -> _Sites:
    known = records.sites(subject.session, subject.case.authority)
    return {(site.site_id, site.site_version): site for site in known}


def _sightings(case: CaseFile, sites: _Sites) -> tuple[Sighting, Sighting]:
    return _sighting("Driving in", case.entry, sites), _sighting("Driving out", case.exit, sites)


def _sighting(what: str, passage: PassageRecord, sites: _Sites) -> Sighting:
    site = sites[passage.site_id, passage.site_version]
    going = {"towards": site.towards, "away": site.away}.get(passage.direction, "")
    day = plain_day(local_day(passage.captured_at))
    return Sighting(
        what=what,
        place=f"{site.road}, {site.name}" + (f" ({going})" if going else ""),
        time=f"{clock_time(passage.captured_at)} on {day}",
    )


def _earlier(subject: Subject) -> str:
    """Which breach went before: of this vehicle by its date, of another one without naming it."""
    counted = subject.step.counted[-1]
    same = counted.counted_by == "vrm"
    written = subject.session.scalar(
        select(LetterRow.created_at)
        .join(CaseRow, CaseRow.case_id == LetterRow.case_id)
        .where(LetterRow.authority == subject.case.authority, LetterRow.case_id == counted.case_id)
        .order_by(LetterRow.letter_id.desc())
        .limit(1)
    )
    vehicle = "this vehicle" if same else "another vehicle that you run"
    if written is not None:
        return f"We wrote about {vehicle} on {plain_day(local_day(written))}."
    return f"We saw {vehicle} do so on {plain_day(local_day(counted.offence_at))} too."
