"""What the simulator counts is what its truth says: a table of worlds, each with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import msgspec
import pytest

from enforcement.simulation.chance import chance_of
from enforcement.simulation.figures import Figures
from enforcement.simulation.fleet import Kind, Operator, Vehicles
from enforcement.simulation.parameters import Choices, Episodes, Parameters, Period, Windows
from enforcement.simulation.places import window_s
from enforcement.simulation.reading import as_published, misread
from enforcement.simulation.register import SimulatedRegister
from enforcement.simulation.village import County, figures_of

replace = msgspec.structs.replace
NEVER = Episodes(per_year=0, hours=1, least_s=0, most_s=0)
MONTH = Period(start=date(2028, 2, 14), end=date(2028, 3, 13))
_FAULTS = (
    *("missed", "unread", "misread", "misread_again", "trailer_mark", "foreign_as_british"),
    *(
        "trailer_imagined",
        "seen_twice",
        "pictures_lost",
        "outages_per_year",
        "unnoticed_per_year",
        "jitter_s",
    ),
)
ROOMY = Windows(fastest_mph=200, through_mph=5, spare_s=480)


@pytest.fixture(scope="module")
def perfect(shipped: Parameters) -> Parameters:
    """Four weeks in which nothing goes wrong and nobody is held up, misread, cloned or away."""
    none: dict[str, float] = dict.fromkeys(_FAULTS, 0.0)
    clocks = dict.fromkeys(("drifts", "outside", "lying", "lying_subtly"), NEVER)
    return replace(
        shipped,
        period=MONTH,
        driving=replace(shipped.driving, layby=0, u_turn=0, held_up=0),
        deliveries=replace(shipped.deliveries, shortest_s=7200),
        fleet=replace(
            shipped.fleet, foreign=0, cloned=0, trailer=replace(shipped.fleet.trailer, lorry=0, van=0)
        ),
        permits=replace(shipped.permits, exempt_listed=1.0),
        cameras=replace(shipped.cameras, trailer_seen=1.0, **none, **clocks),
        register=replace(
            shipped.register, not_found=0, no_type_approval=0, no_weight=0, weight_outdated=0, away=0
        ),
        people=replace(shipped.people, officer_error=0, keeper_unknown=0, decision_median_days=1e-9),
    )


@pytest.fixture(scope="module")
def roomy(choices: Choices) -> Choices:
    """Windows that every drive fits into, and every delivery of some minutes, too."""
    return replace(choices, windows=ROOMY)


def test_a_perfect_world_finds_every_breach_and_wrongs_nobody(perfect: Parameters, roomy: Choices) -> None:
    figures = figures_of(County(perfect, roomy, 3), 0)
    assert figures.totals["breaches"] == figures.totals["letters"] == figures.totals["proposed"] > 100
    assert figures.by.keys().isdisjoint({"missed", "proposed_wrong", "wrong_letters", "review_wrong"})


@dataclass(frozen=True)
class World:
    """What is changed in the perfect world, and which cause then stands under which heading."""

    change: Callable[[Parameters], Parameters]
    counted: dict[str, str]


def _cameras(**changes: object) -> Callable[[Parameters], Parameters]:
    return lambda world: replace(world, cameras=replace(world.cameras, **changes))


def _part(name: str, **changes: object) -> Callable[[Parameters], Parameters]:
    return lambda world: replace(world, **{name: replace(getattr(world, name), **changes)})


WORLDS = {
    "missed by cameras": World(_cameras(missed=0.3), {"missed": "missed_at_exit"}),
    "unread": World(_cameras(unread=0.3), {"missed": "unread_at_entry"}),
    "trailer's mark": World(_cameras(trailer_mark=0.3), {"missed": "trailer_mark"}),
    "misread at one end": World(_cameras(misread=0.3, confused=1.0), {"missed": "misread_at_exit"}),
    "misread alike at both ends": World(
        _cameras(misread=0.5, misread_again=1.0, confused=1.0), {"review_wrong": "misread"}
    ),
    "outages": World(_cameras(outages_per_year=200), {"missed": "camera_off"}),
    "covered": World(_cameras(unnoticed_per_year=200), {"missed": "camera_covered"}),
    "pictures lost": World(_cameras(pictures_lost=0.3), {"missed": "register_evidence_lost"}),
    "clock beyond tolerance": World(
        _cameras(outside=Episodes(per_year=200, hours=12, least_s=11, most_s=90)),
        {"missed": "no_inference_clock"},
    ),
    "lying clock": World(
        _cameras(lying=Episodes(per_year=200, hours=12, least_s=20, most_s=300)),
        {"missed": "no_inference_clock"},
    ),
    "breaks in lay-bys": World(_part("driving", layby=0.3), {"missed": "stopped_in_layby"}),
    "short deliveries": World(
        _part("deliveries", shortest_s=120, median_s=150, sigma=0.3),
        {"proposed_wrong": "short_delivery", "wrong_letters": "short_delivery"},
    ),
    "clones that look different": World(
        _part("fleet", cloned=0.3, clone_alike=0),
        {"proposed_wrong": "cloned_plate", "missed": "cloned_plate"},
    ),
    "clones that look alike": World(
        _part("fleet", cloned=0.3, clone_alike=1), {"wrong_letters": "cloned_plate"}
    ),
    "foreign": World(_part("fleet", foreign=0.3), {"missed": "foreign_mark"}),
    "exempt duty not listed": World(_part("permits", exempt_listed=0), {"proposed_wrong": "exempt_duty"}),
    "weight not in the register": World(_part("register", no_weight=0.3), {"missed": "weight_unproven"}),
    "officers err": World(_part("people", officer_error=0.3), {"missed": "officer_rejected"}),
    "keepers unknown": World(_part("people", keeper_unknown=0.3), {"missed": "keeper_unknown"}),
    "slow officers": World(_part("people", decision_median_days=20), {"missed": "awaiting_officer"}),
}


@pytest.mark.parametrize("name", WORLDS)
def test_each_thing_that_goes_wrong_is_counted_under_its_name(
    name: str, perfect: Parameters, roomy: Choices
) -> None:
    world = WORLDS[name]
    figures = figures_of(County(world.change(perfect), roomy, 3), 0)
    for heading, cause in world.counted.items():
        assert figures.by[heading][cause] > 0, figures.as_json()
    if "wrong_letters" not in world.counted:
        assert figures.totals["wrong_letters"] == 0, figures.by["wrong_letters"]
    assert_adds_up(figures)


def assert_adds_up(figures: Figures) -> None:
    """Every breach is found or missed for one cause; every case ended one way."""
    for what, causes in figures.by.items():
        if what in ("missed", "wrong_letters", "proposed_wrong", "decisions"):
            assert sum(causes.values()) == figures.totals[what]
    assert figures.totals["decisions"] == figures.totals["proposed"] + figures.totals["review"]
    assert figures.totals["letters"] == figures.by["decisions"]["letter"]


@pytest.mark.parametrize("needs_proof", [True, False])
def test_a_lorry_under_the_limit_with_a_small_trailer_gets_a_letter_only_without_proof(
    perfect: Parameters, roomy: Choices, needs_proof: bool
) -> None:
    towing = replace(
        perfect, fleet=replace(perfect.fleet, trailer=replace(perfect.fleet.trailer, lorry=1), trailer_over=0)
    )
    choices = replace(roomy, review=replace(roomy.review, needs_proof=needs_proof))
    figures = figures_of(County(towing, choices, 3), 0)
    assert figures.by["review_wrong"]["not_over_the_limit"] > 50
    written_to = figures.totals["never_to_be_written_to"]
    assert (written_to == 0) is needs_proof
    assert figures.bars()["never_to_be_written_to"] is needs_proof


def test_windows_follow_from_lengths() -> None:
    shortest, longest = window_s(1000, Windows(fastest_mph=50, through_mph=25, spare_s=100))
    assert (shortest, longest) == (44.7, 189.5)


def test_a_vehicle_follows_from_its_mark(shipped: Parameters) -> None:
    vehicles = Vehicles(shipped.fleet, 5)
    for kind in Kind:
        for number in (0, 1017, 39_039) if kind is not Kind.HAULAGE else (0, 17, 3999):
            operator = Operator(kind, number)
            fleet = [vehicles.of(operator, slot) for slot in range(vehicles.size_of(operator))]
            assert [vehicles.bearing(vehicle.vrm) for vehicle in fleet] == fleet
            assert len({vehicle.vrm[:-1] for vehicle in fleet}) == 1, "marks of a fleet are neighbours"
    assert vehicles.bearing("ABC123") is None


def test_the_register_answers_the_same_every_time_and_of_every_mark(shipped: Parameters) -> None:
    vehicles = Vehicles(shipped.fleet, 5)
    register = SimulatedRegister(vehicles, shipped.register, 5, village=0)
    chance = chance_of("strays")
    strays = [f"{a}{b}21{c}AB" for a, b, c in (chance.choices("ABCDEFGH", k=3) for _ in range(2000))]
    found = [register.entry(vrm) for vrm in strays]
    assert found == [register.entry(vrm) for vrm in strays]
    share = sum(answer.found for answer in found) / len(found)
    assert share == pytest.approx(shipped.register.stray_exists, abs=0.05)


def test_a_misread_is_another_text_and_often_one_that_fits() -> None:
    chance = chance_of("misreads")
    texts = [misread("AB12CDE", chance, 0.7) for _ in range(500)]
    assert all(len(text) == 7 and text != "AB12CDE" for text in texts)
    fitting = sum(as_published(text) is not None for text in texts)
    assert 100 < fitting < 400
