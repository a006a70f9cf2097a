"""The seam to a vehicle register: what it answers, and who may stand behind it.

Whoever implements `Register` passes tests/enforcement/register_contract.py: a CSV file, or the DVLA's
Vehicle Enquiry Service behind a cache and a queue. Field names follow that service (domain.md section 4).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from config.vrm import Format, format_of
from enforcement.errors import MarkNotAsked


class RegisterAnswer(Struct, frozen=True, kw_only=True):
    """What a register said of one vehicle. `as_of` is when the register last knew it, an instant in UTC.

    `not_found_because` says for a person why there is no entry, where it is not that the register has none.
    """

    vrm: str
    found: bool
    as_of: datetime
    source: str
    make: str | None = None
    colour: str | None = None
    type_approval: str | None = None
    revenue_weight_kg: int | None = None
    wheelplan: str | None = None
    tax_status: str | None = None
    not_found_because: str | None = None


class Register(Protocol):
    """A register of vehicles."""

    def look_up(self, vrm: str) -> RegisterAnswer:
        """The entry of one normalised VRM; `found` is False where the register has none.

        Raises RegisterUnavailable, which implies nothing about the vehicle (LookUpQueued where only this
        look-up waits and others may be answered), and MarkNotAsked for a mark of no UK vehicle.
        """


def refuse_other_marks(vrm: str) -> None:
    """Raise MarkNotAsked for a trailer's own mark and for a mark in no UK format: neither is looked up."""
    found = format_of(vrm)
    if found is Format.TRAILER:
        raise MarkNotAsked("a trailer's own mark is never looked up; the register knows vehicles")
    if found is None:
        raise MarkNotAsked("the mark fits no UK format; foreign vehicles are recorded, not looked up")
