"""The seam to a vehicle register: what it answers, and who may stand behind it.

Whoever implements `Register` passes tests/enforcement/register_contract.py: a CSV file today, the DVLA's
Vehicle Enquiry Service as another. Field names follow that service (domain.md section 4).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from msgspec import Struct


class RegisterAnswer(Struct, frozen=True, kw_only=True):
    """What a register said of one vehicle. `as_of` is when the register last knew it, an instant in UTC."""

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


class Register(Protocol):
    """A register of vehicles."""

    def look_up(self, vrm: str) -> RegisterAnswer:
        """The entry of one normalised VRM; `found` is False where the register has none.

        Raises RegisterUnavailable, which implies nothing about the vehicle.
        """
