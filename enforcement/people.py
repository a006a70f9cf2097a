"""Who may sign in: users with argon2 passwords, and slowed guessing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from enforcement.errors import EnforcementError, TooManyTries, WrongPassword
from enforcement.tables import LoginAttemptRow, UserRow

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200  # argon2 takes any length; a password of megabytes would be a way to keep it busy
LONGEST_LOGIN = 64

_HASHER = PasswordHasher()
_LOOK_BACK = timedelta(hours=1)
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 900.0
# Wrong passwords that cost no waiting. Few for one login from one address; more for a login from anywhere,
# so that a stranger cannot keep an officer out by guessing badly, and for an address that an office shares.
_FREE_HERE = 3
_FREE_LOGIN = 10
_FREE_ADDRESS = 20


class Role(StrEnum):
    """What a person may do; `may_see_cases` and `may_decide` of User say it."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PARISH = "parish"


class UserRefused(EnforcementError):
    """A user cannot be added as asked."""


@dataclass(frozen=True)
class User:
    """A person as decisions and the audit log name them."""

    user_id: int
    authority: str
    login: str
    name: str
    rank: str
    number: str
    role: Role

    @property
    def may_see_cases(self) -> bool:
        """Cases name vehicles: for everybody but parishes."""
        return self.role is not Role.PARISH

    @property
    def may_decide(self) -> bool:
        """Only officers and their supervisors confirm or reject."""
        return self.role in (Role.OFFICER, Role.SUPERVISOR)


def add_user(
    session: Session,
    *,
    authority: str,
    login: str,
    name: str,
    rank: str,
    number: str,
    role: str,
    password: str,
    now: datetime,
) -> User:
    """Add a user. Raises UserRefused for a taken login, an unknown role or too short a password."""
    wanted = _plain(login)
    _refuse_unfit(wanted, role, password)
    if session.scalar(select(UserRow).where(UserRow.authority == authority, UserRow.login == wanted)):
        raise UserRefused(f"there is a user '{wanted}' already; choose another login")
    row = UserRow(
        authority=authority,
        login=wanted,
        name=name,
        rank=rank,
        number=number,
        role=role,
        password_hash=_HASHER.hash(password),
        active=True,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return user_of(row)


def log_in(
    session: Session, *, authority: str, login: str, password: str, address: str, now: datetime
) -> User:
    """The user with this login and password; the caller commits in every case, so that tries are counted.

    The try is written before it is judged: tries made at once take turns (on SQLite at the insert, on
    PostgreSQL at the user's row), so that many at once are counted like many in a row. An unknown login
    costs the same time as a wrong password. Raises WrongPassword, TooManyTries.
    """
    name = _plain(login)[:LONGEST_LOGIN]
    attempt = LoginAttemptRow(authority=authority, login=name, address=address[:64], at=now, succeeded=False)
    session.add(attempt)
    session.flush()
    row = session.scalar(
        select(UserRow).where(UserRow.authority == authority, UserRow.login == name).with_for_update()
    )
    wait_s = _wait_s(session, attempt)
    if wait_s > 0:
        session.delete(attempt)
        session.flush()
        raise TooManyTries(wait_s)
    if not _right(row, password) or row is None:
        raise WrongPassword("login or password is wrong; check both and try again")
    attempt.succeeded = True
    if _HASHER.check_needs_rehash(row.password_hash):
        row.password_hash = _HASHER.hash(password)
    session.flush()
    return user_of(row)


def _refuse_unfit(login: str, role: str, password: str) -> None:
    if not 1 <= len(login) <= LONGEST_LOGIN:
        raise UserRefused(f"a login has 1 to {LONGEST_LOGIN} characters")
    if role not in set(Role):
        raise UserRefused(f"there is no role '{role}'; choose one of {', '.join(Role)}")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserRefused(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


def _right(row: UserRow | None, password: str) -> bool:
    known = row is not None and row.active and len(password) <= LONGEST_PASSWORD
    nobody = _hash_of_nobody()
    try:
        _HASHER.verify(row.password_hash if known and row else nobody, password[:LONGEST_PASSWORD])
    except VerifyMismatchError:
        return False
    return known


def _wait_s(session: Session, attempt: LoginAttemptRow) -> float:
    """Seconds until the next try is judged: the longest wait of the three counts of wrong passwords."""
    earlier = session.scalars(
        select(LoginAttemptRow)
        .where(LoginAttemptRow.authority == attempt.authority, LoginAttemptRow.id != attempt.id)
        .where(LoginAttemptRow.at > attempt.at - _LOOK_BACK)
        .where(or_(LoginAttemptRow.login == attempt.login, LoginAttemptRow.address == attempt.address))
        .order_by(LoginAttemptRow.id)
    ).all()
    by_login = [a for a in earlier if a.login == attempt.login]
    here = [a for a in by_login if a.address == attempt.address]
    # A success clears a login's count, not an address's: guessers have logins of their own.
    at_address = [a for a in earlier if a.address == attempt.address and not a.succeeded]
    counts = (
        (_since_success(here), _FREE_HERE),
        (_since_success(by_login), _FREE_LOGIN),
        (at_address, _FREE_ADDRESS),
    )
    return max(_wait_after(failures, free, attempt.at) for failures, free in counts)


def _since_success(attempts: list[LoginAttemptRow]) -> list[LoginAttemptRow]:
    last = max((i for i, a in enumerate(attempts) if a.succeeded), default=-1)
    return attempts[last + 1 :]


def _wait_after(failures: list[LoginAttemptRow], free: int, now: datetime) -> float:
    if len(failures) < free:
        return 0.0
    wait_s = min(_FIRST_WAIT_S * 2.0 ** min(len(failures) - free, 16), _LONGEST_WAIT_S)
    return wait_s - (now - failures[-1].at).total_seconds()


@cache
def _hash_of_nobody() -> str:
    """What the password of an unknown login is checked against, to take the same time."""
    return _HASHER.hash(secrets.token_urlsafe(32))


def _plain(login: str) -> str:
    return login.strip().lower()


def user_of(row: UserRow) -> User:
    """The user that a row of the table describes."""
    return User(row.user_id, row.authority, row.login, row.name, row.rank, row.number, Role(row.role))
