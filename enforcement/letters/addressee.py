"""Who a letter goes to: the keeper on the day of the offence, from the force's own systems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from sqlalchemy.orm import Session

from enforcement.register.keeper_records import keeper_of
from enforcement.register.keepers import Keeper

MOST_LINES = 7  # as many as the window of an envelope shows


class Addressee(Struct, frozen=True):
    """Name and address as lines, the postcode last; `email` where the force's systems know one."""

    lines: tuple[str, ...]
    email: str | None = None


# Asked with a registration and an instant; None where nobody is known.
FindKeeper = Callable[[Session, str, str, datetime], Addressee | None]


def known_keeper(session: Session, authority: str, vrm: str, at: datetime) -> Addressee | None:
    """The envelope of whoever kept the vehicle then, by the force's own systems."""
    keeper = keeper_of(session, authority, vrm, at)
    return addressee_of(keeper) if keeper is not None else None


def addressee_of(keeper: Keeper) -> Addressee:
    """The envelope of a keeper: name, then the parts of the address, then the postcode.

    What is more than the window shows stays together on the last line of the address.
    """
    parts = [part.strip() for part in keeper.address.split(",") if part.strip()]
    room = MOST_LINES - 2
    if len(parts) > room:
        parts = [*parts[: room - 1], ", ".join(parts[room - 1 :])]
    return Addressee((keeper.keeper_name, *parts, keeper.postcode), keeper.email)
