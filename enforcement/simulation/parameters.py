"""The simulator's two files as typed values: the county as it is, and what a force can choose."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.errors import FileMistake
from config.files import load
from config.law.orders import Hours

Share = Annotated[float, Meta(ge=0, le=1)]
Amount = Annotated[float, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]

HERE = Path(__file__).parent
PARAMETERS = HERE / "parameters.yaml"
POLICY = HERE / "policy.yaml"


class _Values(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a file."""


class Period(_Values, frozen=True):
    """Local days; `end` is exclusive."""

    start: date
    end: date


class Mix(_Values, frozen=True):
    """Journeys a weekday, by what they are."""

    name: str
    through: Amount
    delivery: Amount
    permit: Amount
    exempt_duty: Amount
    not_over_lorry: Amount
    van: Amount
    bus: Amount
    other: Amount

    @property
    def journeys(self) -> float:
        """All of them, a weekday."""
        loads = (self.through, self.delivery, self.permit, self.exempt_duty, self.not_over_lorry)
        return sum(loads) + self.van + self.bus + self.other


class Village(_Values, frozen=True):
    """A village's road and order."""

    mix: str
    shape: Literal["road", "junction", "chain"]
    lengths_m: tuple[Positive, ...]
    hours: Hours | None = None
    amended_on: date | None = None


class Driving(_Values, frozen=True):
    """How lorries drive that do not deliver."""

    mean_mph: Positive
    sd_mph: Amount
    slowest_mph: Positive
    fastest_mph: Positive
    held_up: Share
    held_up_mean_s: Positive
    u_turn: Share
    layby: Share
    layby_min_s: Amount
    layby_max_s: Amount
    both_ways: Share


class Deliveries(_Values, frozen=True):
    """How long deliveries take."""

    shortest_s: Positive
    longest_s: Positive
    median_s: Positive
    sigma: Amount
    onward: Share
    manoeuvre_s: Amount


class Trailers(_Values, frozen=True):
    """Shares that tow."""

    lorry: Share
    van: Share


class Fleet(_Values, frozen=True):
    """Whose vehicles are on the road."""

    haulage_operators: Annotated[int, Meta(ge=10, le=100_000)]
    local_operators: Annotated[int, Meta(ge=1, le=1000)]
    largest_fleet: Annotated[int, Meta(ge=1, le=24)]
    convoy: Share
    convoy_gap_s: tuple[Amount, Amount]
    trailer: Trailers
    trailer_kg: tuple[int, int]
    trailer_over: Share
    foreign: Share
    cloned: Share
    clone_alike: Share


class Permits(_Values, frozen=True):
    """What permit holders and exempt vehicles do, and how good the list of permits is."""

    through: Share
    exempt_through: Share
    lapsed: Share
    exempt_listed: Share


class Episodes(_Values, frozen=True):
    """Times at which a clock is off, by seconds between `least_s` and `most_s`, before or behind."""

    per_year: Amount
    hours: Positive
    least_s: Amount
    most_s: Amount


class Cameras(_Values, frozen=True):
    """How well cameras see, read and keep time."""

    missed: Share
    unread: Share
    misread: Share
    misread_again: Share
    confused: Share
    trailer_mark: Share
    foreign_as_british: Share
    trailer_seen: Share
    trailer_imagined: Share
    seen_twice: Share
    pictures_lost: Share
    outages_per_year: Amount
    outage_median_h: Positive
    outage_sigma: Amount
    unnoticed_per_year: Amount
    unnoticed_h: Positive
    tolerance_s: Positive
    jitter_s: Amount
    error_bound_s: Positive
    drifts: Episodes
    outside: Episodes
    lying: Episodes
    lying_subtly: Episodes


class RegisterFaults(_Values, frozen=True):
    """What is wrong with a register, and to whom marks belong that nobody in the county bears."""

    not_found: Share
    no_type_approval: Share
    no_weight: Share
    weight_outdated: Share
    away: Share
    stray_exists: Share
    stray_over: Share
    stray_not_over_lorry: Share
    stray_van: Share


class People(_Values, frozen=True):
    """Officers and keepers."""

    officer_error: Share
    decision_median_days: Positive
    decision_sigma: Amount
    keeper_unknown: Share
    proof_of_weight: Share


class Parameters(_Values, frozen=True):
    """The county as it is."""

    period: Period
    mixes: Annotated[tuple[Mix, ...], Meta(min_length=1)]
    saturday: Amount
    sunday: Amount
    hours: Annotated[tuple[Amount, ...], Meta(min_length=24, max_length=24)]
    villages: Annotated[tuple[Village, ...], Meta(min_length=1)]
    driving: Driving
    deliveries: Deliveries
    fleet: Fleet
    permits: Permits
    cameras: Cameras
    register: RegisterFaults
    people: People

    def mix(self, name: str) -> Mix:
        """The mix of a village. Raises KeyError."""
        return {mix.name: mix for mix in self.mixes}[name]


class Windows(_Values, frozen=True):
    """The rule by which transit windows follow from lengths."""

    fastest_mph: Positive
    through_mph: Positive
    spare_s: Amount


class Review(_Values, frozen=True):
    """What is asked before a case is confirmed: proof of the weight for a review item, so many officers."""

    needs_proof: bool
    officers: Annotated[int, Meta(ge=1, le=3)]


class Choices(_Values, frozen=True):
    """What a force can choose."""

    windows: Windows
    review: Review


def load_parameters(path: Path) -> Parameters:
    """The county in a YAML file. Raises FileMistake."""
    county = load(path, Parameters)
    known = {mix.name for mix in county.mixes}
    for village in county.villages:
        if village.mix not in known:
            raise FileMistake(path, 0, f"a village has the mix '{village.mix}'; known are {sorted(known)}")
        expected = {"road": 1, "junction": 3, "chain": 2}[village.shape]
        if len(village.lengths_m) != expected:
            raise FileMistake(path, 0, f"a {village.shape} has {expected} lengths, not {village.lengths_m}")
    return county


def load_choices(path: Path) -> Choices:
    """The policy in a YAML file. Raises FileMistake."""
    return load(path, Choices)
