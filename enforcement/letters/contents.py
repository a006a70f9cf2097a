"""What the template of each kind of letter prints, as values: nothing else reaches the paper.

A letter speaks of its own vehicle only, and never of a driver.
"""

from __future__ import annotations

from msgspec import Struct

from enforcement.policy import Letterhead


class Content(Struct, frozen=True, kw_only=True):
    """What every letter carries: head, references, the day of the offence and the note on data."""

    letterhead: Letterhead
    reference: str
    date: str
    vrm: str
    addressee: tuple[str, ...]
    privacy: str
    place: str
    day: str


class Sighting(Struct, frozen=True, kw_only=True):
    """Where and when the vehicle was seen, in words."""

    what: str
    place: str
    time: str


class BreachLetter(Content, frozen=True, kw_only=True):
    """A first letter. `sign` is the limit as the sign shows it, `exemptions` those that held then."""

    sightings: tuple[Sighting, Sighting]
    minutes: str
    order_title: str
    bound: str
    limit: str
    sign: str
    environmental: bool
    exemptions: tuple[str, ...]
    reply_by: str


class WarningLetter(BreachLetter, frozen=True, kw_only=True):
    """A warning; `earlier` says which letter went before, in a sentence."""

    earlier: str


class DriverRequest(Content, frozen=True, kw_only=True):
    """A request for the driver's details under `act`; `days` run from the deemed day of service."""

    offence: str
    time: str
    sightings: tuple[Sighting, Sighting]
    act: str
    days: str
    answer_by: str


class SpeedLetter(Content, frozen=True, kw_only=True):
    """A notice, or advice only. `posted` is empty where the signs show the limit that binds the vehicle."""

    advice_only: bool
    speed: str
    limit: str
    posted: str | None
    time: str
    date_of_offence: str
    device: str
    tested_on: str
    act: str
    days: str
    answer_by: str


class Withdrawal(Content, frozen=True, kw_only=True):
    """A letter is taken back; `why` in a sentence or two. `closed` unless the case gets a lesser letter."""

    earlier_date: str
    why: str
    closed: bool
