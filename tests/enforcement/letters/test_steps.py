"""Which letter a case gets, what becomes of a planned one, and that a withdrawn one can follow again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.orm import Session

from enforcement.cases.ladder import due_step
from enforcement.cases.opening import open_cases
from enforcement.cases.rows import case_row
from enforcement.cases.states import CaseState, Event
from enforcement.letters.addressee import MOST_LINES, Addressee, addressee_of, known_keeper
from enforcement.letters.batch import send_letters
from enforcement.letters.planning import open_batches
from enforcement.letters.room import LetterRoom
from enforcement.letters.terms import LetterTerms
from enforcement.people import User
from enforcement.register.keeper_records import import_keepers
from enforcement.register.keepers import Keeper
from tests.enforcement.county import NOON, County
from tests.enforcement.letters.desk import POLICY, a_room, confirm, event, state, text_of
from tests.enforcement.operators import RunBy

VRM = "AB12CDE"


@pytest.fixture
def room(county: County, data_dir: Path) -> LetterRoom:
    return a_room(county.engine, data_dir)


@pytest.fixture
def breach(county: County, officer: User) -> list[int]:
    """One confirmed breach of the vehicle so far; `_again` adds more."""
    county.register_entry(VRM, "N3", 44000)
    return _again(county, officer, [])


def _again(county: County, officer: User, cases: list[int]) -> list[int]:
    """The same vehicle drives through once more, and an officer confirms it."""
    number = len(cases) + 1
    county.through(VRM, at=NOON - timedelta(days=10 - number, minutes=number))
    open_cases(county.engine, "demo", county.register, county.now)
    confirm(county, number, officer)
    return [*cases, number]


def _kinds(room: LetterRoom, county: County, *, days: int = 0) -> list[str]:
    run = send_letters(room, county.now + timedelta(days=days))
    assert run.held_back == {}
    return [batch.kind for batch in run.batches]


def test_three_breaches_confirmed_at_once_get_the_three_letters_of_the_ladder(
    county: County, officer: User, breach: list[int], room: LetterRoom
) -> None:
    _again(county, officer, _again(county, officer, breach))
    assert _kinds(room, county) == ["first", "warning", "driver_request"]
    states = [CaseState.LETTER_SENT, CaseState.WARNING_SENT, CaseState.DRIVER_REQUESTED]
    assert [state(county, number) for number in (1, 2, 3)] == states


def test_request_planned_on_one_day_is_not_sent_on_the_next_with_its_dates(
    county: County, officer: User, breach: list[int], room: LetterRoom
) -> None:
    send_letters(room, county.now)
    cases = _again(county, officer, breach)
    send_letters(room, county.now)
    _again(county, officer, cases)
    open_batches(room, county.now)  # and here the machine was switched off for the night
    run = send_letters(room, county.now + timedelta(days=1))
    old, new = run.batches
    assert (old.letters, list(old.left_out)) == ((), [3])
    assert "another day" in old.left_out[3]
    assert "another day" in old.manifest.read_text(encoding="utf-8")
    assert "Friday 16 October 2026" in text_of(new.letters[0])  # 28 days after service on the 18th


def test_operators_of_all_earlier_breaches_are_looked_up_once(
    county: County, officer: User, breach: list[int], room: LetterRoom
) -> None:
    _again(county, officer, _again(county, officer, breach))
    haulier = RunBy({VRM: "OB1234567"})
    with Session(county.engine) as session:
        step = due_step(session, case_row(session, "demo", 3), room.policy, haulier, county.now)
    assert step is not None
    assert ([each.case_id for each in step.counted], haulier.asked) == ([1, 2], [3])


def test_planned_letter_whose_case_fell_is_left_out(
    county: County, officer: User, breach: list[int], room: LetterRoom
) -> None:
    open_batches(room, county.now)
    event(county, 1, Event.FIND_PERMIT, officer)
    (batch,) = send_letters(room, county.now).batches
    assert (batch.letters, list(batch.left_out)) == ((), [1])
    assert not (batch.manifest.parent / "post-room.pdf").exists()


def test_explanation_after_the_letter_brings_a_withdrawal_once(
    county: County, officer: User, breach: list[int], room: LetterRoom
) -> None:
    assert _kinds(room, county) == ["first"]
    event(county, 1, Event.ACCEPT_EXPLANATION, officer)
    assert _kinds(room, county, days=3) == ["withdrawal"]
    assert state(county, 1) is CaseState.WITHDRAWN
    assert _kinds(room, county, days=4) == []


def test_warning_whose_count_fell_is_taken_back_and_the_case_gets_a_first_letter(
    county: County, officer: User, breach: list[int], room: LetterRoom
) -> None:
    _again(county, officer, breach)
    assert _kinds(room, county) == ["first", "warning"]
    event(county, 1, Event.ACCEPT_EXPLANATION, officer)
    event(county, 2, Event.REVERSE_STEP, officer)
    run = send_letters(room, county.now + timedelta(days=2))
    assert [(batch.kind, len(batch.letters)) for batch in run.batches] == [("withdrawal", 2)]
    assert "in a letter that asks less of you" in text_of(run.batches[0].letters[1])
    assert _kinds(room, county, days=3) == ["first"]
    event(county, 2, Event.FIND_PERMIT, officer)
    assert _kinds(room, county, days=9) == ["withdrawal"]  # the second one of this case
    assert state(county, 2) is CaseState.WITHDRAWN


def test_request_without_an_act_in_the_policy_is_held_back(
    county: County, officer: User, breach: list[int], room: LetterRoom
) -> None:
    _again(county, officer, _again(county, officer, breach))
    without = replace(room, policy=msgspec.structs.replace(POLICY, letters=LetterTerms()))
    run = send_letters(without, county.now)
    assert [batch.kind for batch in run.batches] == ["first", "warning"]
    assert "under which Act" in run.held_back[3]
    assert state(county, 3) is CaseState.CONFIRMED


def test_envelope_is_that_of_the_keeper_on_the_day(county: County) -> None:
    def keeper(name: str, since: date, until: date | None) -> Keeper:
        return Keeper(
            VRM, since, until, NOON, name, "Unit 4, Long Lane, Demoton", "DM2 2BB", None, None, None
        )

    former = keeper("Former Ltd", date(2024, 1, 1), date(2026, 9, 1))
    now = keeper("Present Ltd", date(2026, 9, 1), None)
    with Session(county.engine) as session, session.begin():
        import_keepers(
            session, "demo", [former, now], file_sha256="0" * 64, who="uid:0", reason="tests", now=NOON
        )
        found = [known_keeper(session, "demo", VRM, at) for at in (NOON - timedelta(days=30), NOON)]
        assert known_keeper(session, "demo", "AB19CDE", NOON) is None
    assert found == [addressee_of(former), addressee_of(now)]
    assert found[1] == Addressee(("Present Ltd", "Unit 4", "Long Lane", "Demoton", "DM2 2BB"))


def test_long_address_loses_nothing() -> None:
    parts = [f"part {n}" for n in range(9)]
    keeper = Keeper(
        VRM, date(2026, 1, 1), None, NOON, "Long Ltd", ", ".join(parts), "DM2 2BB", None, None, None
    )
    lines = addressee_of(keeper).lines
    assert len(lines) == MOST_LINES
    assert (lines[0], lines[-1]) == ("Long Ltd", "DM2 2BB")
    assert ", ".join(lines[1:-1]) == ", ".join(parts)
