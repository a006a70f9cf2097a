"""Users, their passwords and how guessing is slowed, on a real database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from enforcement.errors import SignInRefused, TooManyTries, WrongPassword
from enforcement.people import (
    User,
    UserRefused,
    add_user,
    log_in,
)
from enforcement.tables import LoginAttemptRow, UserRow
from enforcement.web_sessions import end_session, session_user, start_session
from ingest.records import open_database

NOW = datetime(2026, 9, 16, 9, 30, tzinfo=UTC)
PASSWORD = "walnut-drum-otter"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_database(sqlite_url)
    with Session(engine) as session, session.begin():
        new_user(session)
    yield engine
    engine.dispose()


def new_user(session: Session, **changed: str) -> User:
    fields = {
        "authority": "demo",
        "login": "A.Sample ",
        "name": "Alex Sample",
        "rank": "Sgt",
        "number": "1234",
        "role": "officer",
        "password": PASSWORD,
        **changed,
    }
    return add_user(session, now=NOW, **fields)


def attempt(
    engine: Engine, password: str, *, login: str = "a.sample", address: str = "192.0.2.1", after_s: float = 0
) -> User:
    """One try in a transaction of its own, which is committed whatever comes of it."""
    with Session(engine) as session:
        try:
            return log_in(
                session,
                authority="demo",
                login=login,
                password=password,
                address=address,
                now=NOW + timedelta(seconds=after_s),
            )
        finally:
            session.commit()


def test_a_login_is_written_in_any_case(engine: Engine) -> None:
    assert attempt(engine, PASSWORD, login=" A.SAMPLE").login == "a.sample"


def test_passwords_are_kept_as_argon2id(engine: Engine) -> None:
    with Session(engine) as session:
        stored = session.scalars(select(UserRow.password_hash)).one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "there is a user 'a.sample' already"),
        ({"login": "b", "role": "emperor"}, "there is no role 'emperor'"),
        ({"login": "b", "password": "short"}, "12 to 200 characters"),
        ({"login": "b", "password": "x" * 201}, "12 to 200 characters"),
        ({"login": " "}, "1 to 64 characters"),
    ],
)
def test_an_unfit_user_is_refused_in_words(engine: Engine, changed: dict[str, str], words: str) -> None:
    with Session(engine) as session, pytest.raises(UserRefused, match=words):
        new_user(session, **changed)


def test_the_same_login_may_exist_under_another_authority(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        new_user(session, authority="elsewhere", password="other-password-1")
    with pytest.raises(WrongPassword):
        attempt(engine, "other-password-1")
    assert attempt(engine, PASSWORD).authority == "demo"


def test_waiting_doubles_from_the_fourth_wrong_password_to_a_quarter_of_an_hour(engine: Engine) -> None:
    at_s = 0.0
    for _ in range(3):
        with pytest.raises(WrongPassword):
            attempt(engine, "wrong-password-1", after_s=at_s)
    waits = []
    for _ in range(9):
        with pytest.raises(TooManyTries) as slowed:
            attempt(engine, PASSWORD, after_s=at_s)
        waits.append(slowed.value.wait_s)
        at_s += slowed.value.wait_s
        with pytest.raises(WrongPassword):
            attempt(engine, "wrong-password-1", after_s=at_s)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900]


def test_a_success_starts_the_count_again(engine: Engine) -> None:
    for _ in range(2):
        with pytest.raises(WrongPassword):
            attempt(engine, "wrong-password-1")
    attempt(engine, PASSWORD)
    for _ in range(3):
        with pytest.raises(WrongPassword):
            attempt(engine, "wrong-password-1")
    with pytest.raises(TooManyTries):
        attempt(engine, PASSWORD)


def test_an_hour_later_all_is_forgiven(engine: Engine) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassword):
            attempt(engine, "wrong-password-1")
    assert attempt(engine, PASSWORD, after_s=3601).login == "a.sample"


def test_one_login_guessed_at_from_many_addresses_is_slowed(engine: Engine) -> None:
    for n in range(10):
        with pytest.raises(WrongPassword):
            attempt(engine, "wrong-password-1", address=f"198.51.100.{n}")
    with pytest.raises(TooManyTries):
        attempt(engine, PASSWORD, address="203.0.113.5")


def test_waiting_is_not_made_longer_by_trying_meanwhile(engine: Engine) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassword):
            attempt(engine, "wrong-password-1")
    for _ in range(5):
        with pytest.raises(TooManyTries):
            attempt(engine, PASSWORD, after_s=1)
    assert attempt(engine, PASSWORD, after_s=5.5).login == "a.sample"


def test_guesses_made_at_once_are_slowed_like_guesses_in_a_row(engine: Engine) -> None:
    refusals: list[type[SignInRefused]] = []

    def guess() -> None:
        try:
            attempt(engine, "wrong-password-1")
        except SignInRefused as refused:
            refusals.append(type(refused))

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refusals, key=str) == [TooManyTries] * 5 + [WrongPassword] * 3
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(LoginAttemptRow)) == 3


def test_a_session_is_known_by_its_token_until_it_ends(engine: Engine) -> None:
    user = attempt(engine, PASSWORD)
    with Session(engine) as session, session.begin():
        token, csrf = start_session(session, user, NOW, minutes=60)
        assert session_user(session, token, NOW + timedelta(minutes=59)) == (user, csrf)
        assert session_user(session, token, NOW + timedelta(minutes=60)) is None
        assert session_user(session, token[:-1], NOW) is None
        end_session(session, token)
        assert session_user(session, token, NOW) is None
