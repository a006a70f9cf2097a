"""The officer who makes a pack and whose statement stands in it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement.packs.errors import PackRefused
from enforcement.people import User, user_of
from enforcement.tables import UserRow


def witness(session: Session, authority: str, number: str) -> User:
    """The officer or supervisor with a force number. Raises PackRefused."""
    rows = session.scalars(
        select(UserRow).where(
            UserRow.authority == authority, UserRow.number == number, UserRow.active.is_(True)
        )
    ).all()
    officers = [user for row in rows if (user := user_of(row)).may_decide]
    if len(officers) != 1:
        found = "no officer" if not officers else f"{len(officers)} officers"
        raise PackRefused(f"{found} with the number {number} can make a pack; see: hgv-enforce users")
    return officers[0]


def initials(user: User) -> str:
    """What the witness's exhibits are numbered under: "Sam Sample" produces SS/1."""
    return "".join(word[0] for word in user.name.upper().replace("-", " ").split() if word[0].isalpha())[:4]
