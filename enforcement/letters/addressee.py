"""Who a letter goes to: the keeper on the day of the offence, from the force's own systems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from sqlalchemy.orm import Session


class Addressee(Struct, frozen=True):
    """Name and address as lines, the postcode last; `email` where the force's systems know one."""

    lines: tuple[str, ...]
    email: str | None = None


# Asked with a registration and an instant; None where nobody is known.
FindKeeper = Callable[[Session, str, str, datetime], Addressee | None]


class KeptBy(Protocol):
    """What the register's room says of a keeper."""

    @property
    def keeper_name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def email(self) -> str | None: ...


def addressee_of(keeper: KeptBy) -> Addressee:
    """The envelope of a keeper: name, then the address at its commas or line ends, then the postcode."""
    parts = [part.strip() for line in keeper.address.splitlines() for part in line.split(",")]
    return Addressee((keeper.keeper_name, *(part for part in parts if part), keeper.postcode), keeper.email)
