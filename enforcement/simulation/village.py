"""One village's months from journeys to letters, and what is counted of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from enforcement.cases.judging import Outcome
from enforcement.simulation.cameras import CameraCrew, Look
from enforcement.simulation.drives import Crossing, Journey, Leg
from enforcement.simulation.figures import Figures
from enforcement.simulation.fleet import Vehicles
from enforcement.simulation.journeys import Journeys
from enforcement.simulation.judging import Judged, by_passage, judge_all, transits_of_village
from enforcement.simulation.missed import missed_because
from enforcement.simulation.parameters import Choices, Parameters
from enforcement.simulation.people import Fate, People, never_to_be_written_to
from enforcement.simulation.places import Place, build_place
from enforcement.simulation.register import SimulatedRegister
from enforcement.simulation.truth import breach_of, wrong_because
from ingest.records import TransitRecord

_CASES = (Outcome.PROPOSED, Outcome.REVIEW)


@dataclass(frozen=True)
class County:
    """What all villages have in common."""

    parameters: Parameters
    choices: Choices
    seed: int


@dataclass(frozen=True)
class Lived:
    """A village's months as they were, before anybody concluded anything."""

    place: Place
    vehicles: Vehicles
    crew: CameraCrew
    journeys: Sequence[Journey]
    looks: Sequence[Look]


def live(county: County, number: int) -> Lived:
    """The months of the village of that number."""
    parameters, seed = county.parameters, county.seed
    vehicles = Vehicles(parameters.fleet, seed)
    place = build_place(number, parameters, county.choices, vehicles)
    journeys = list(Journeys(place, parameters, vehicles, seed).of_the_period())
    crew = CameraCrew(place, parameters, seed)
    return Lived(place, vehicles, crew, journeys, list(crew.looks(journeys)))


def judged_cases(county: County, lived: Lived) -> tuple[list[TransitRecord], list[Judged]]:
    """The village's transits, and what became of those that say through before an officer looked."""
    register = SimulatedRegister(lived.vehicles, county.parameters.register, county.seed, lived.place.number)
    transits = transits_of_village(lived.place, lived.crew, lived.looks, county.parameters)
    judged = list(judge_all(lived.place, transits, by_passage(lived.looks), register))
    return transits, judged


def figures_of(county: County, number: int) -> Figures:
    """What is counted of the village of that number."""
    lived = live(county, number)
    transits, judged = judged_cases(county, lived)
    figures = Figures()
    figures.totals["journeys"] = len(lived.journeys)
    for look in lived.looks:
        figures.count("sights", look.sight)
        figures.totals["passages"] += look.passage is not None
    for transit in transits:
        figures.count("transits", transit.conclusion)
    people = People(county.parameters, county.choices, lived.vehicles, county.seed)
    fates = {each.transit.transit_id: people.decide(each) for each in judged if each.outcome in _CASES}
    for each in judged:
        _count_case(figures, each, fates.get(each.transit.transit_id), lived)
    outcomes = {each.transit.transit_id: each.outcome for each in judged}
    written = {
        breach_of(each, lived.place) for each in judged if fates.get(each.transit.transit_id) is Fate.LETTER
    }
    _count_breaches(figures, lived, transits, outcomes, fates, written)
    return figures


def _count_case(figures: Figures, judged: Judged, fate: Fate | None, lived: Lived) -> None:
    figures.count("outcomes", judged.outcome)
    figures.totals["register_asked_again"] += max(0, judged.asked - 1)
    if fate is None:
        return
    wrong = wrong_because(judged, lived.place)
    kind = "proposed" if judged.outcome is Outcome.PROPOSED else "review"
    figures.count(kind)
    figures.count("decisions", fate)
    if wrong is not None:
        figures.count(f"{kind}_wrong", wrong)
    if fate is Fate.LETTER:
        figures.count("letters")
        if wrong is not None:
            figures.count("wrong_letters", wrong)
        never = _never(judged, lived)
        if never is not None:
            figures.count("never_to_be_written_to", never)


def _never(judged: Judged, lived: Lived) -> str | None:
    vrm, order_id = judged.transit.vrm, judged.transit.order_id
    permitted = any(
        lived.place.is_permitted(order_id, vrm, look.crossing.at) for look in (judged.entry, judged.exit)
    )
    accused = lived.vehicles.bearing(vrm)
    return never_to_be_written_to(
        judged, permitted=permitted, is_over=accused is not None and accused.is_over
    )


def _count_breaches(
    figures: Figures,
    lived: Lived,
    transits: Iterable[TransitRecord],
    outcomes: Mapping[str, Outcome],
    fates: Mapping[str, Fate],
    written: Collection[Leg | None],
) -> None:
    looks: dict[Crossing, list[Look]] = defaultdict(list)
    for look in lived.looks:
        looks[look.crossing].append(look)
    resting: dict[str, list[TransitRecord]] = defaultdict(list)
    for transit in transits:
        if transit.entry_passage_id is not None:
            resting[transit.entry_passage_id].append(transit)
    for journey in lived.journeys:
        for leg in journey.legs:
            if journey.is_breach(leg, lived.place):
                figures.count("breaches")
                if leg not in written:
                    cause = missed_because(journey, leg, looks, resting, outcomes, fates)
                    figures.count("missed", cause)
