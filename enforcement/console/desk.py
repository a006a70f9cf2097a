"""What every page works with: the desk made once for the application, and the visit made for each request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.clock import Clock
from config.settings import EnforcementSettings
from enforcement import audit
from enforcement.console.errors import PageRefused, SignedOut
from enforcement.console.security import LoginForms, same
from enforcement.console.words import FILTERS
from enforcement.people import User
from enforcement.web_sessions import extend_session, session_user
from ingest.records import reading


class Outcomes:
    """Counters: each way a log-in, a page, a picture or a decision can end."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.sign_ins = Counter("hgv_console_sign_ins", "Log-ins by outcome", ["outcome"], registry=registry)
        self.refused = Counter("hgv_console_pages_refused", "Pages by status", ["status"], registry=registry)
        self.pictures = Counter("hgv_console_pictures", "Pictures by outcome", ["outcome"], registry=registry)
        self.decisions = Counter(
            "hgv_console_decisions", "Decisions by outcome", ["outcome"], registry=registry
        )


@dataclass(frozen=True)
class Desk:
    """The application's fixed parts. `registry` holds its metrics."""

    settings: EnforcementSettings
    engine: Engine
    clock: Clock
    templates: Environment
    login_forms: LoginForms
    registry: CollectorRegistry
    outcomes: Outcomes

    @property
    def session_cookie(self) -> str:
        """Name of the cookie with the session's token; the prefix binds it to this host over TLS."""
        return "__Host-hgv_session" if self.settings.console.secure_cookies else "hgv_session"

    @property
    def login_cookie(self) -> str:
        """Name of the cookie that the log-in form's token belongs to."""
        return "__Host-hgv_login" if self.settings.console.secure_cookies else "hgv_login"

    def set_cookie(self, answer: Response, name: str, value: str, age: timedelta) -> None:
        """Put a cookie on `answer` that no script reads and no other site sends."""
        secure = self.settings.console.secure_cookies
        answer.set_cookie(
            name, value, max_age=int(age.total_seconds()), secure=secure, httponly=True, samesite="strict"
        )

    def page(self, template: str, status: int = 200, **facts: object) -> HTMLResponse:
        """`template` filled with `facts`. A fact that the template asks for and does not get is an error."""
        text = self.templates.get_template(template).render(**{"user": None, "csrf": "", **facts})
        return HTMLResponse(text, status_code=status)


def new_desk(settings: EnforcementSettings, engine: Engine, clock: Clock) -> Desk:
    """A desk with its own templates, secret and counters."""
    templates = Environment(
        loader=PackageLoader("enforcement.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(FILTERS)
    registry = CollectorRegistry()
    return Desk(settings, engine, clock, templates, LoginForms(), registry, Outcomes(registry))


def desk_of(request: Request) -> Desk:
    """The desk of the application that answers `request`."""
    desk: Desk = request.app.state.desk
    return desk


@dataclass(frozen=True)
class Visit:
    """One request by somebody who is signed in. `csrf` is the token that each form of the page carries.

    `session` only reads, and so never makes the ingester wait; `writing` gives one that writes.
    """

    desk: Desk
    session: Session
    user: User
    token: str
    csrf: str
    now: datetime

    @property
    def authority(self) -> str:
        """The authority whose records this person may see; every query carries it."""
        return self.user.authority

    def page(self, template: str, status: int = 200, **facts: object) -> HTMLResponse:
        """A page for this person."""
        return self.desk.page(template, status, user=self.user, csrf=self.csrf, **facts)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A short transaction of its own, committed at the end unless something is raised."""
        with Session(self.desk.engine) as session, session.begin():
            yield session

    def note(self, action: str, subject: str, reason: str) -> None:
        """Write to the audit log who did what to which id (DPA 2018 s.62); looking on keeps the session."""
        with self.writing() as session:
            note_in(session, self.user, action, subject, reason, self.now)
            extend_session(session, self.token, self.now, self.desk.settings.console.session_minutes)


def note_in(session: Session, user: User, action: str, subject: str, reason: str, now: datetime) -> None:
    """The audit entry of what `user` did, in the caller's transaction."""
    audit.record(
        session,
        user.authority,
        who=f"user:{user.user_id}",
        action=action,
        subject=subject,
        reason=reason,
        now=now,
    )


def visit(request: Request) -> Iterator[Visit]:
    """The visit of a signed-in person. Raises SignedOut where there is no session, or it has ended."""
    desk, now = desk_of(request), desk_of(request).clock()
    token = request.cookies.get(desk.session_cookie)
    with Session(reading(desk.engine)) as session:
        found = session_user(session, token, now) if token else None
        if token is None or found is None:
            raise SignedOut(request.method, _address(request), ended=token is not None)
        user, csrf = found
        request.state.signed_in = {"user": user, "csrf": csrf}  # for a page that says what went wrong
        yield Visit(desk, session, user, token, csrf, now)


def case_visit(seen: Annotated[Visit, Depends(visit)]) -> Visit:
    """A visit to pages about vehicles. Raises PageRefused for roles that get summaries only."""
    if not seen.user.may_see_cases:
        raise PageRefused(
            403,
            "This page is not for your role",
            "Cases name vehicles and may be seen by officers and auditors only. Your parish's monthly "
            "summaries are under Summaries.",
        )
    return seen


def form_visit(seen: Annotated[Visit, Depends(visit)], csrf_token: Annotated[str, Form()] = "") -> Visit:
    """A visit that changes something. Raises PageRefused where the form is not one that we made."""
    if not same(seen.csrf, csrf_token):
        raise PageRefused(
            403,
            "This form is not valid",
            "The form did not come from a page of your present session, so nothing was saved. "
            "Go back, load the page again and send it once more.",
        )
    return seen


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(request.url.path + query, safe="/?=&")


# A number that the database can hold; any other is the address of no page.
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
AnyVisit = Annotated[Visit, Depends(visit)]
CaseVisit = Annotated[Visit, Depends(case_visit)]
FormVisit = Annotated[Visit, Depends(form_visit)]
