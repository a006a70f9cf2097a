"""One vehicle from its first detection to what is told of it, with the shipped networks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from edge.frames import BoxPx, Frame
from edge.outcomes import Outcomes
from edge.passing import NOT_AN_HGV, Passing
from edge.road.measure import Estimate, Measured
from edge.settings import Models, PipelineSettings, load_models
from edge.stages import Unmeasured
from edge.vehicles.course import Course
from edge.weights import Weights
from tests.edge.pictures import frame

COACH, LORRY = (0.2, 0.0, 0.75, 0.12), (0.02, 0.0, 0.1, 0.9)
LONG = Course("towards", measured=Measured(length_m=Estimate(17.0, 0.2), height_m=Estimate(3.9, 0.1)))
SEEN = frame(np.full((360, 640, 3), 90, np.uint8))


def seen_first(models: Models) -> Passing:
    """A vehicle that has only just come into view."""
    return Passing(1, SEEN.at, SEEN.offset_s, PipelineSettings(), models, Unmeasured())


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(Weights())


@pytest.mark.parametrize(("name", "scores", "hgv"), [("coach", COACH, False), ("lorry", LORRY, True)])
def test_size_makes_no_hgv_of_what_looked_like_none_all_along(
    name: str, scores: tuple[float, float, float, float], hgv: bool, models: Models
) -> None:
    passing = seen_first(models)
    passing.detected(SEEN, (200, 100, 230, 140), scores)
    if passing.wants_looks():
        passing.look(SEEN, (200, 100, 230, 140), list)
    outcomes = Outcomes()
    told = passing.close("camera", LONG, outcomes)
    assert (told.hgv >= 0.5) is hgv, name
    assert (told.plate_reason == NOT_AN_HGV) is not hgv
    assert bool(told.evidence) is hgv


@dataclass
class Says:
    """A type model that gives the answers it was told to, one after the other."""

    answers: list[dict[str, float]]

    def odds(self, frame: Frame, box_px: BoxPx) -> dict[str, float]:
        """See edge.vehicles.vehicle_type.VehicleType."""
        return self.answers.pop(0)


def test_what_one_far_look_takes_for_a_lorry_is_looked_at_again_though_the_detector_is_sure(
    models: Models,
) -> None:
    nothing = dict.fromkeys(("lorry", "coach", "light", "car"), 0.0)
    says = Says([nothing | {"lorry": 0.96}, nothing | {"car": 0.6}])
    passing = seen_first(replace(models, vehicle_type=says))
    passing.detected(SEEN, (274, 199, 331, 248), (0.41, 0.0, 0.21, 0.15))
    assert passing.is_hgv()
    passing.detected(SEEN, (240, 180, 330, 258), (0.7, 0.0, 0.0, 0.04))
    assert says.answers == []
    assert not passing.is_hgv()


def test_a_car_of_which_nobody_has_a_doubt_is_never_asked_about(models: Models) -> None:
    says = Says([])
    passing = seen_first(replace(models, vehicle_type=says))
    passing.detected(SEEN, (240, 180, 330, 258), (0.9, 0.0, 0.0, 0.02))
    assert passing.evidence.detector_weight
    assert not passing.wants_looks()
