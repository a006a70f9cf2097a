"""Sessions of people who have signed in, kept by the hash of their token."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from enforcement.people import User, user_of
from enforcement.tables import UserRow, WebSessionRow

LONGEST_SESSION = timedelta(hours=12)


def start_session(session: Session, user: User, now: datetime, minutes: int) -> tuple[str, str]:
    """Sign `user` in for `minutes`: the token for the cookie, and the CSRF token for the forms.

    Sessions of anybody that have ended are forgotten on the way.
    """
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.execute(delete(WebSessionRow).where(WebSessionRow.expires_at <= now))
    session.add(
        WebSessionRow(
            token_sha256=_hashed(token),
            user_id=user.user_id,
            authority=user.authority,
            created_at=now,
            expires_at=now + timedelta(minutes=minutes),
            csrf_token=csrf,
        )
    )
    session.flush()
    return token, csrf


def session_user(session: Session, token: str, now: datetime) -> tuple[User, str] | None:
    """Whose session `token` is, with its CSRF token; None where it has ended or the user is not active."""
    found = session.execute(
        select(WebSessionRow, UserRow)
        .join(UserRow, UserRow.user_id == WebSessionRow.user_id)
        .where(WebSessionRow.token_sha256 == _hashed(token), WebSessionRow.expires_at > now)
        .where(UserRow.authority == WebSessionRow.authority, UserRow.active)
    ).one_or_none()
    return None if found is None else (user_of(found[1]), found[0].csrf_token)


def extend_session(session: Session, token: str, now: datetime, minutes: int) -> None:
    """Let the session run for `minutes` from `now`, but never past twelve hours after the log-in.

    Written at most once a minute, so that the pictures of a page do not each write to the database.
    """
    row = session.get(WebSessionRow, _hashed(token))
    if row is None:
        return
    until = min(now + timedelta(minutes=minutes), row.created_at + LONGEST_SESSION)
    if until - row.expires_at >= timedelta(minutes=1):
        row.expires_at = until
        session.flush()


def end_session(session: Session, token: str) -> None:
    """Sign out: the token is worth nothing any more."""
    session.execute(delete(WebSessionRow).where(WebSessionRow.token_sha256 == _hashed(token)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
