"""What a force decides about its letters and no law settles: part of the policy file."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Words = Annotated[str, Meta(min_length=1, max_length=200)]


class RequestAct(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The provision under which a keeper is asked who drove, and who says that it is the right one."""

    provision: Words
    source: Words


class LetterTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which Act a request for the driver rests on, by kind of case, and what a speed case's letter is.

    Domain section 2 leaves open which Act fits a weight order, so there is no default. `advice`: the letter
    of a speed case only advises, as Hertfordshire's vans do; `notice`: it gives notice of prosecution.
    """

    weight_request: RequestAct | None = None
    speed_request: RequestAct | None = None
    speed_letter: Literal["advice", "notice"] = "advice"
