"""Is a device's reading a speed case? Pure: nothing here reads a database or asks a register.

Only a reading of a type-approved device in calibration comes this far; a speed that a video suggests never
does. The reading and the van's passage are one vehicle where device, registration, time and place agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pyproj import Geod

from config.law.deadlines import deemed_served, local_day, speed_notice_served_by
from config.law.speed import VehicleClass, acted_on_from_mph, applicable_limit_mph, is_acted_on
from config.law.weight import Verdict, decide_weight
from config.vrm import confusable_distance
from enforcement.cases.readings import Reading
from enforcement.policy import PostService, SpeedMatch
from enforcement.register.answers import RegisterAnswer
from ingest.records import PassageRecord, Reason

CLASS_LIMIT_KG = 7500  # the class bound of RTRA 1984 Sch. 6, not the limit of an order
CLOSE = 1.0  # confusable distance up to which two registrations may be one misread

_EARTH = Geod(ellps="WGS84")


class SpeedOutcome(StrEnum):
    """How a reading ended. PROPOSED and REVIEW open a case; NO_PASSAGE and the last three may end otherwise
    when the file is read again."""

    PROPOSED = "proposed"
    REVIEW = "review"
    VIDEO_ESTIMATE = "video_estimate"
    NOT_CALIBRATED = "not_calibrated"
    NO_PASSAGE = "no_passage"
    KNOWN = "known"
    NO_UK_MARK = "no_uk_mark"
    EVIDENCE_LOST = "evidence_lost"
    NOT_GOODS_VEHICLE = "not_goods_vehicle"
    UNDER_GUIDANCE = "under_guidance"
    NOTICE_LATE = "notice_late"
    EVIDENCE_AWAITED = "evidence_awaited"
    REGISTER_QUEUED = "register_queued"
    REGISTER_UNAVAILABLE = "register_unavailable"


@dataclass(frozen=True)
class Match:
    """The van's passage of a reading; `exact` says that both have the same registration."""

    passage: PassageRecord
    exact: bool
    distance_m: float
    apart_s: float


@dataclass(frozen=True)
class SpeedJudgement:
    """An outcome and, for a case, why."""

    outcome: SpeedOutcome
    reasons: tuple[Reason, ...] = ()


def match(
    reading: Reading, agent_id: str, passages: Sequence[PassageRecord], rules: SpeedMatch
) -> Match | None:
    """The passage of the device's own van, nearest in time: an exact registration before a close one.

    Only passages of a deployed van count, inside their deployment (rule 24).
    """
    found = [
        each
        for passage in passages
        if passage.agent_id == agent_id and _deployed(passage, reading.measured_at)
        if (each := _compared(reading, passage)) is not None
        if each.apart_s <= rules.within_s and each.distance_m <= rules.within_m
    ]
    return min(found, key=lambda each: (not each.exact, each.apart_s), default=None)


def _deployed(passage: PassageRecord, at: datetime) -> bool:
    started, ended = passage.deployment_started_at, passage.deployment_ended_at
    return (
        passage.deployment_id is not None
        and started is not None
        and started <= at
        and (ended is None or at <= ended)
    )


def _compared(reading: Reading, passage: PassageRecord) -> Match | None:
    if passage.vrm is None or confusable_distance(reading.vrm, passage.vrm) > CLOSE:
        return None
    _, _, distance_m = _EARTH.inv(reading.longitude, reading.latitude, passage.longitude, passage.latitude)
    apart_s = abs((passage.captured_at - reading.measured_at).total_seconds())
    return Match(passage, reading.vrm == passage.vrm, distance_m, apart_s)


def class_of(answer: RegisterAnswer) -> VehicleClass | None:
    """The class that the register's answer shows; None where it does not know."""
    if not answer.found:
        return None
    decision = decide_weight(
        answer.type_approval,
        answer.revenue_weight_kg,
        trailer_seen=False,
        limit_kg=CLASS_LIMIT_KG,
        basis="plated_maximum",
        purpose="environmental",
    )
    return {
        Verdict.OVER: VehicleClass.GOODS_OVER_7_5_T,
        Verdict.NOT_OVER: VehicleClass.GOODS_UP_TO_7_5_T,
        Verdict.NOT_GOODS_VEHICLE: VehicleClass.OTHER,
    }.get(decision.verdict)


def judge_speed(
    reading: Reading, found: Match, answer: RegisterAnswer, service: PostService, now: datetime
) -> SpeedJudgement:
    """What the register's answer makes of a matched reading; doubts go to an officer, never to a letter."""
    known = class_of(answer)
    if known is VehicleClass.OTHER:
        return SpeedJudgement(SpeedOutcome.NOT_GOODS_VEHICLE)
    judged_as = known or VehicleClass.GOODS_OVER_7_5_T
    limit_mph = applicable_limit_mph(reading.posted_mph, judged_as, reading.road)
    if not is_acted_on(reading.speed_mph, limit_mph):
        return SpeedJudgement(SpeedOutcome.UNDER_GUIDANCE)
    if notice_is_late(reading.measured_at, service, now):
        return SpeedJudgement(SpeedOutcome.NOTICE_LATE)
    doubts = tuple(_doubts(reading, found, known))
    outcome = SpeedOutcome.REVIEW if doubts else SpeedOutcome.PROPOSED
    return SpeedJudgement(outcome, (_measured(reading, limit_mph, judged_as), _matched(found), *doubts))


def notice_is_late(offence_at: datetime, service: PostService, now: datetime) -> bool:
    """Whether a notice posted today would be served after the fourteen days."""
    served = deemed_served(local_day(now), service.working_days, service.bank_holidays)
    return served > speed_notice_served_by(offence_at)


def evidence_window(reading: Reading, rules: SpeedMatch) -> tuple[datetime, datetime]:
    """From when until before when the reading's passage can have been captured."""
    reach = timedelta(seconds=rules.within_s)
    return reading.measured_at - reach, reading.measured_at + reach + timedelta(microseconds=1)


def _measured(reading: Reading, limit_mph: int, vehicle_class: VehicleClass) -> Reason:
    return Reason(
        "speed_measured",
        f"The device {reading.serial} measured {reading.speed_mph} mph where {limit_mph} mph is allowed "
        f"({vehicle_class.value.replace('_', ' ')}); it is acted on from {acted_on_from_mph(limit_mph)} mph.",
        {
            "speed_mph": reading.speed_mph,
            "limit_mph": limit_mph,
            "posted_mph": reading.posted_mph,
            "vehicle_class": vehicle_class,
        },
    )


def _matched(found: Match) -> Reason:
    return Reason(
        "passage_matched",
        f"The van's camera saw it {found.apart_s:.1f} s apart and {found.distance_m:.0f} m away.",
        {"passage_id": found.passage.passage_id, "apart_s": found.apart_s, "distance_m": found.distance_m},
    )


def _doubts(reading: Reading, found: Match, known: VehicleClass | None) -> list[Reason]:
    doubts = []
    if not found.exact:
        doubts.append(
            Reason(
                "registration_close",
                f"The device's line says {reading.vrm}, the camera read {found.passage.vrm}: which is it?",
                {"device": reading.vrm, "camera": found.passage.vrm},
            )
        )
    if not found.passage.clock_ok:
        doubts.append(Reason("clock_doubtful", "The van's clock was out of tolerance at the passage.", {}))
    if known is None:
        doubts.append(
            Reason("class_unknown", "The register does not say which class of vehicle this is.", {})
        )
    if reading.road == "built_up" and reading.posted_mph > 30:
        doubts.append(
            Reason("road_doubtful", "Signs above 30 mph on a built-up road: look what the road is.", {})
        )
    return doubts
