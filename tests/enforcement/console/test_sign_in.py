"""Signing in: right, wrong, slowed, stale, and out again."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from enforcement.tables import AuditRow, LoginAttemptRow, UserRow, WebSessionRow
from tests.enforcement.console.conftest import Browser, NewBrowser, SetClock
from tests.enforcement.console.village import NOW, PASSWORD, Village


def test_an_officer_signs_in_and_comes_to_the_cases(officer: Browser) -> None:
    assert officer.pages[-1].headers["location"] == "/"
    page = officer.get("/")
    assert page.status_code == 200
    assert "Sgt Amara Sample" in page.text


def test_the_cookie_is_for_this_site_and_no_script_and_only_its_hash_is_stored(
    officer: Browser, village: Village
) -> None:
    cookie = officer.pages[-1].headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    token = cookie.split("hgv_session=")[1].split(";")[0]
    with Session(village.engine) as session:
        stored = session.scalars(select(WebSessionRow.token_sha256)).one()
    assert len(stored) == 64
    assert token != stored


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("officer", "wrong-password-1"),
        ("nobody", PASSWORD),
        ("officer", ""),
        ("", ""),
        ("officer", "x" * 5000),
    ],
    ids=["wrong password", "unknown login", "no password", "nothing", "endless password"],
)
def test_a_wrong_login_or_password_is_answered_in_the_same_words(
    new_browser: NewBrowser, login: str, password: str
) -> None:
    page = new_browser().sign_in(login, password)
    assert page.status_code == 401
    assert "Login or password is wrong" in page.text
    assert "hgv_session" not in page.headers.get("set-cookie", "")


def test_guessing_is_slowed_more_and_more_and_the_page_says_so(
    new_browser: NewBrowser, clock: SetClock
) -> None:
    browser = new_browser()
    for _ in range(3):
        assert browser.sign_in("officer", "wrong-password-1").status_code == 401
    waits = []
    for _ in range(3):
        page = browser.sign_in("officer", PASSWORD)
        assert page.status_code == 429, "even the right password waits"
        waits.append(int(page.headers["retry-after"]))
        assert f"Wait {waits[-1]} seconds" in page.text
        clock.wait(waits[-1])
        assert browser.sign_in("officer", "wrong-password-1").status_code == 401
    assert waits == [5, 10, 20]
    clock.wait(40)
    assert browser.sign_in("officer", PASSWORD).status_code == 303


def test_a_stranger_guessing_elsewhere_does_not_keep_the_officer_out(new_browser: NewBrowser) -> None:
    stranger = new_browser("198.51.100.7")
    for _ in range(3):
        stranger.sign_in("officer", "wrong-password-1")
    assert stranger.sign_in("officer").status_code == 429
    assert new_browser("192.0.2.10").sign_in("officer").status_code == 303


def test_an_address_that_tries_many_logins_is_slowed(new_browser: NewBrowser, village: Village) -> None:
    with Session(village.engine) as session, session.begin():
        for n in range(19):
            row = LoginAttemptRow(
                authority="demo", login=f"guess{n}", address="198.51.100.7", at=NOW, succeeded=False
            )
            session.add(row)
    stranger = new_browser("198.51.100.7")
    answers = [stranger.sign_in(login, "wrong-password-1").status_code for login in ("guess19", "guess20")]
    assert answers == [401, 429]


def test_a_login_form_without_its_token_or_from_another_browser_is_refused(new_browser: NewBrowser) -> None:
    browser, other = new_browser(), new_browser()
    assert browser.client.post("/login", data={"login": "officer", "password": PASSWORD}).status_code == 403
    browser.get("/login")
    other.get("/login")
    other.pages.append(browser.pages[-1])
    page = other.send("/login", login="officer", password=PASSWORD)
    assert page.status_code == 403
    assert "too old" in page.text


def test_signing_in_leads_to_the_page_that_was_asked_for_and_nowhere_else(new_browser: NewBrowser) -> None:
    browser = new_browser()
    sent_away = browser.get("/cases/2")
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/login?next=/cases/2")
    for wanted, reached in (
        ("/cases/2", "/cases/2"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
    ):
        visitor = new_browser()
        visitor.get("/login")
        page = visitor.send("/login", login="officer", password=PASSWORD, next=wanted)
        assert page.headers["location"] == reached


def test_a_session_ends_after_its_minutes_without_use(officer: Browser, clock: SetClock) -> None:
    for _ in range(3):
        clock.wait(50 * 60)
        assert officer.get("/").status_code == 200, "use keeps it alive"
    form = officer.pages[-1]
    clock.wait(61 * 60)
    sent_away = officer.get("/cases/2")
    assert sent_away.headers["location"] == "/login?next=/cases/2&ended=1"
    assert "Your session has ended" in officer.get(sent_away.headers["location"]).text
    officer.pages.append(form)
    late = officer.send("/cases/2/decision", verdict="reject", reason="late")
    assert late.status_code == 401
    assert "was not saved" in late.text


def test_no_session_lives_longer_than_twelve_hours(officer: Browser, clock: SetClock) -> None:
    statuses = []
    for _ in range(14):
        clock.wait(55 * 60)
        statuses.append(officer.get("/").status_code)
    assert statuses == [200] * 13 + [303]


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(
    officer: Browser, new_browser: NewBrowser
) -> None:
    copy = new_browser()
    copy.client.cookies.update(officer.client.cookies)
    assert copy.get("/").status_code == 200
    officer.get("/")
    assert officer.send("/logout").headers["location"] == "/login"
    assert copy.get("/").status_code == 303


def test_a_user_who_is_no_longer_active_is_out_at_once(officer: Browser, village: Village) -> None:
    with Session(village.engine) as session, session.begin():
        session.execute(update(UserRow).values(active=False))
    assert officer.get("/").status_code == 303


def test_tries_and_sign_ins_are_on_record(new_browser: NewBrowser, village: Village) -> None:
    browser = new_browser()
    browser.sign_in("officer", "wrong-password-1")
    browser.sign_in("officer")
    with Session(village.engine) as session:
        tries = session.scalars(select(LoginAttemptRow.succeeded).order_by(LoginAttemptRow.id)).all()
        signed_in = session.scalar(
            select(func.count()).select_from(AuditRow).where(AuditRow.action == "session.start")
        )
    assert list(tries) == [False, True]
    assert signed_in == 1
