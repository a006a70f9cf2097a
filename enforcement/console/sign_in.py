"""Signing in and out. A wrong password is answered in the same words and time as an unknown login."""

from __future__ import annotations

import re
from datetime import timedelta
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from enforcement.console.desk import Desk, FormVisit, desk_of, note_in
from enforcement.errors import SignInRefused, TooManyTries
from enforcement.people import User, log_in
from enforcement.web_sessions import LONGEST_SESSION, end_session, session_user, start_session
from ingest.records import reading

router = APIRouter()

_OWN_PAGE = re.compile(r"/(?![/\\])[A-Za-z0-9/_.?=&-]*")
_FORM_AGE = timedelta(hours=12)


@router.get("/login")
def form(request: Request, next: str = "/", ended: str = "") -> Response:
    """The log-in form; straight on to the page for somebody who is signed in."""
    desk = desk_of(request)
    token = request.cookies.get(desk.session_cookie)
    with Session(reading(desk.engine)) as session:
        if token and session_user(session, token, desk.clock()):
            return RedirectResponse(_own_page(next), status_code=303)
    message = "Your session has ended. Sign in to go on where you were." if ended else ""
    return _form(request, 200, next, message=message)


@router.post("/login")
def sign_in(
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    csrf_token: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in and go on to the page that was asked for; or the form again, saying what was wrong."""
    desk = desk_of(request)
    if not desk.login_forms.belongs(request.cookies.get(desk.login_cookie), csrf_token):
        desk.outcomes.sign_ins.labels(outcome="stale_form").inc()
        message = "This form was too old, or cookies are switched off. Please sign in again."
        return _form(request, 403, next, login=login, error=message)
    with Session(desk.engine) as session:
        try:
            user = _user(desk, session, login, password, _address(request))
        except TooManyTries as error:
            return _slowed(request, error, next, login)
        except SignInRefused:
            desk.outcomes.sign_ins.labels(outcome="wrong").inc()
            words = "Login or password is wrong. Check both and try again."
            return _form(request, 401, next, login=login, error=words)
        finally:
            session.commit()  # a refused try is counted too
        return _signed_in(desk, session, user, next)


@router.post("/logout")
def sign_out(seen: FormVisit) -> Response:
    """End the session here and in the browser."""
    with seen.writing() as session:
        end_session(session, seen.token)
        note_in(session, seen.user, "session.end", f"user:{seen.user.user_id}", "signed out", seen.now)
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(seen.desk.session_cookie, secure=seen.desk.settings.console.secure_cookies)
    return answer


def _user(desk: Desk, session: Session, login: str, password: str, address: str) -> User:
    return log_in(
        session,
        authority=desk.settings.authority,
        login=login,
        password=password,
        address=address,
        now=desk.clock(),
    )


def _signed_in(desk: Desk, session: Session, user: User, next_page: str) -> Response:
    now = desk.clock()
    token, _csrf = start_session(session, user, now, desk.settings.console.session_minutes)
    note_in(session, user, "session.start", f"user:{user.user_id}", "signed in with a password", now)
    session.commit()
    desk.outcomes.sign_ins.labels(outcome="signed_in").inc()
    answer = RedirectResponse(_own_page(next_page), status_code=303)
    desk.set_cookie(answer, desk.session_cookie, token, LONGEST_SESSION)
    answer.delete_cookie(desk.login_cookie, secure=desk.settings.console.secure_cookies)
    return answer


def _slowed(request: Request, error: TooManyTries, next_page: str, login: str) -> Response:
    desk_of(request).outcomes.sign_ins.labels(outcome="slowed").inc()
    wait_s = max(1, ceil(error.wait_s))
    words = (
        f"Too many wrong passwords. Wait {wait_s} seconds, then try again; each further mistake doubles it."
    )
    answer = _form(request, 429, next_page, login=login, error=words)
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def _form(
    request: Request, status: int, next_page: str, *, login: str = "", error: str = "", message: str = ""
) -> Response:
    desk = desk_of(request)
    cookie = request.cookies.get(desk.login_cookie) or desk.login_forms.new_cookie()
    answer = desk.page(
        "login.html",
        status,
        login_csrf=desk.login_forms.token(cookie),
        next=_own_page(next_page),
        login=login,
        error=error,
        message=message,
    )
    desk.set_cookie(answer, desk.login_cookie, cookie, _FORM_AGE)
    return answer


def _own_page(address: str) -> str:
    """`address` where it is a page of this console, else the first page: log-ins lead nowhere else."""
    return address if _OWN_PAGE.fullmatch(address) else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
