"""How the force wants its cases handled: letterhead, days to reply, ladder, look-back, retention.

Policy is data with dates, so that a step taken last year stays explained by what held then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.errors import FileMistake
from config.files import load
from config.law.deadlines import local_day
from config.wire.values import Name
from enforcement.letters.terms import LetterTerms

Line = Annotated[str, Meta(min_length=1, max_length=120)]
Text = Annotated[str, Meta(max_length=300)]
Months = Annotated[int, Meta(ge=1, le=72)]


class Letterhead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who writes, and where an answer goes."""

    force: Line
    unit: Line
    address: Annotated[tuple[Line, ...], Meta(min_length=1, max_length=6)]
    telephone: Line
    email: Line
    signed_by: Line
    signed_as: Line


class LadderStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What follows the n-th confirmed breach inside the look-back."""

    breach: Annotated[int, Meta(ge=1, le=20)]
    action: Literal["first_letter", "warning_letter", "prosecution"]


class Ladder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ladder and the days on which it holds; `effective_to` is exclusive."""

    effective_from: date
    effective_to: date | None = None
    look_back_months: Months
    count_by: Annotated[tuple[Literal["vrm", "operator"], ...], Meta(min_length=1)]
    steps: Annotated[tuple[LadderStep, ...], Meta(min_length=1)]


class PostService(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a posted letter counts as served, and the days on which no post counts; each with its source."""

    method: Line = "first class post"
    working_days: Annotated[int, Meta(ge=1, le=10)] = 2
    source: Text = "Interpretation Act 1978 s. 7; Practice Direction of 8 March 1985: second working day"
    bank_holidays: tuple[date, ...] = ()
    bank_holidays_source: Text = ""


class KeeperAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a keeper has to name the driver, after service."""

    days: Annotated[int, Meta(ge=7, le=56)] = 28
    source: Text = "Road Traffic Act 1988 s. 172(7)(a); for weight orders to be confirmed by the solicitor"


class SpeedMatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How near a device's reading and the van's passage lie, in time and place, to be one vehicle."""

    within_s: Annotated[float, Meta(gt=0, le=30)] = 3.0
    within_m: Annotated[float, Meta(gt=0, le=500)] = 100.0


class Retention(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Months after which records go."""

    unconfirmed_months: Annotated[int, Meta(ge=1, le=12)]
    closed_case_months: Months


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The policy of one authority."""

    authority: Name
    letterhead: Letterhead
    days_to_reply: Annotated[int, Meta(ge=7, le=60)]
    ladders: Annotated[tuple[Ladder, ...], Meta(min_length=1)]
    retention: Retention
    service: PostService = PostService()
    keeper_answer: KeeperAnswer = KeeperAnswer()
    speed_match: SpeedMatch = SpeedMatch()
    letters: LetterTerms = LetterTerms()


def ladder_in_force(policy: Policy, at: datetime) -> Ladder | None:
    """The ladder of the day (Europe/London) of an offence; None where the policy has none for it."""
    day = local_day(at)
    return next(
        (
            ladder
            for ladder in policy.ladders
            if ladder.effective_from <= day and (ladder.effective_to is None or day < ladder.effective_to)
        ),
        None,
    )


def load_policy(path: Path, authority: str) -> Policy:
    """The policy in a YAML file. Raises FileMistake, also for ladders that clash."""
    policy = load(path, Policy)
    if policy.authority != authority:
        raise FileMistake(path, 0, f"authority is '{policy.authority}', but the settings say '{authority}'")
    _check_ladders(path, policy.ladders)
    return policy


def _check_ladders(path: Path, ladders: Sequence[Ladder]) -> None:
    for ladder in ladders:
        if [step.breach for step in ladder.steps] != list(range(1, len(ladder.steps) + 1)):
            raise FileMistake(path, 0, "the steps of a ladder count their breaches 1, 2, 3, ... in order")
    for earlier, later in pairwise(ladders):
        if earlier.effective_to is None or earlier.effective_to > later.effective_from:
            raise FileMistake(path, 0, "a ladder must end (effective_to) before the next one begins")
