"""What officers and keepers make of a case. Officers look twice and err at a rate for each look."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from config.law.deadlines import charge_by, is_over
from enforcement.cases.judging import Outcome
from enforcement.simulation.chance import chance_of
from enforcement.simulation.drives import Purpose
from enforcement.simulation.fleet import LIMIT_KG, Vehicles
from enforcement.simulation.judging import Judged
from enforcement.simulation.parameters import Choices, Parameters


class Fate(StrEnum):
    """How a case ends."""

    LETTER = "letter"
    REJECTED = "officer_rejected"
    UNPROVEN = "weight_unproven"
    AWAITING = "awaiting_officer"
    OUT_OF_TIME = "out_of_time"
    KEEPER_UNKNOWN = "keeper_unknown"


@dataclass(frozen=True)
class People:
    """The officers who decide, and the keepers' file."""

    parameters: Parameters
    choices: Choices
    vehicles: Vehicles
    seed: int

    def decide(self, judged: Judged) -> Fate:
        """How a proposed case or a review item ends."""
        people = self.parameters.people
        chance = chance_of(self.seed, "officer", judged.transit.transit_id)
        proof = chance.random()
        days = people.decision_median_days * math.exp(people.decision_sigma * chance.gauss(0.0, 1.0))
        alike = chance.random() < self.parameters.fleet.clone_alike
        decided_at = judged.exit.crossing.at + timedelta(days=days)
        if decided_at >= self._end():
            return Fate.AWAITING
        if is_over(charge_by(judged.entry.crossing.at), decided_at):
            return Fate.OUT_OF_TIME
        by_register = any(reason.code == "weight_over" for reason in judged.reasons)
        proven = by_register or not self.choices.review.needs_proof
        if not proven and not (proof < people.proof_of_weight and self._is_over(judged.transit.vrm)):
            return Fate.UNPROVEN
        truths = (plate_is_shown(judged), self._vehicle_fits(judged, alike))
        looks = truths * self.choices.review.officers
        if any(truth is (chance.random() < people.officer_error) for truth in looks):
            return Fate.REJECTED
        return Fate.KEEPER_UNKNOWN if self._keeper_unknown(judged.transit.vrm) else Fate.LETTER

    def _vehicle_fits(self, judged: Judged, alike: bool) -> bool:
        """Whether the vehicle in the pictures is the one in the register, and plainly none on exempt duty."""
        answer = judged.answer
        if answer is None or not (answer.found or judged.outcome is Outcome.REVIEW):
            return False
        for look in (judged.entry, judged.exit):
            journey = look.journey
            if journey.purpose is Purpose.EXEMPT_DUTY or journey.foreign:
                return False
            if journey.is_clone and journey.plate == judged.transit.vrm:
                if not alike:
                    return False
            elif answer.found and (answer.make, answer.colour) != (
                journey.vehicle.make,
                journey.vehicle.colour,
            ):
                return False
        return True

    def _is_over(self, vrm: str) -> bool:
        """What proof of the weight shows; there is none of a vehicle that does not exist."""
        vehicle = self.vehicles.bearing(vrm)
        return vehicle is not None and vehicle.is_over

    def _keeper_unknown(self, vrm: str) -> bool:
        share = self.parameters.people.keeper_unknown
        return chance_of(self.seed, "keeper", vrm).random() < share

    def _end(self) -> datetime:
        end = self.parameters.period.end
        return datetime(end.year, end.month, end.day, tzinfo=UTC)


def plate_is_shown(judged: Judged) -> bool:
    """Whether both pictures show the mark that the case is about."""
    return all(look.journey.plate == judged.transit.vrm for look in (judged.entry, judged.exit))


def never_to_be_written_to(judged: Judged, *, permitted: bool, is_over: bool) -> str | None:
    """Why no letter may ever go to the accused vehicle, by the lists and the register's own word.

    `is_over` is the truth of the vehicle with its trailer, which the register does not know.
    """
    answer = judged.answer
    if permitted:
        return "permit"
    if answer is None or not answer.found:
        return None
    if (answer.type_approval or "N")[:1] != "N":
        return "exempt_by_register"
    under = answer.revenue_weight_kg is not None and 0 < answer.revenue_weight_kg <= LIMIT_KG
    return "under_the_limit" if under and not is_over else None
