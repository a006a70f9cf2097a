"""What happens to a case after its decision, from the page: who may, in what order, and what it says."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from enforcement.cases.records import case_file
from enforcement.cases.states import CaseState
from enforcement.tables import CaseRow
from tests.enforcement.console.conftest import Browser, NewBrowser
from tests.enforcement.console.village import NOW, Village

pytestmark = pytest.mark.usefixtures("confirmed")
TICKS = {"image_matches_plate": "on", "vehicle_matches_register": "on"}


@pytest.fixture
def confirmed(officer: Browser, second: Browser) -> None:
    """Case 2 is confirmed by two officers, and the first one looks at it."""
    for browser, verdict in ((officer, "confirm"), (second, "agree")):
        browser.get("/cases/2")
        sent = browser.send("/cases/2/decision", verdict=verdict, reason="Both plates are clear.", **TICKS)
        assert sent.status_code == 303
    officer.get("/cases/2")


def _is_in(village: Village, state: CaseState) -> None:
    with Session(village.engine) as session, session.begin():
        session.execute(update(CaseRow).where(CaseRow.case_id == 2).values(state=state))


def _state(village: Village) -> str:
    with Session(village.engine) as session:
        return case_file(session, "demo", 2, now=NOW).summary.state


def test_a_permit_found_later_takes_the_case_back(officer: Browser, village: Village) -> None:
    sent = officer.send("/cases/2/event", event="find_permit", reason="Permit 12 of the county council")
    assert (sent.status_code, sent.headers["location"]) == (303, "/cases/2?saved=find_permit")
    page = officer.get("/cases/2?saved=find_permit").text
    assert "Permit found." in page
    assert "Permit 12 of the county council" in page
    assert _state(village) == CaseState.WITHDRAWN
    assert "Case 2" in officer.get("/?state=ended").text


@pytest.mark.parametrize(
    ("event", "reason", "words"),
    [
        ("close", " ", "Give a reason"),
        ("", "because", "Choose what is to be done"),
        ("send_first_letter", "because", "Choose what is to be done"),
        ("confirm", "because", "Choose what is to be done"),
        ("approve_charge", "because", "Choose what is to be done"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    officer: Browser, village: Village, event: str, reason: str, words: str
) -> None:
    page = officer.send("/cases/2/event", event=event, reason=reason)
    assert page.status_code == 422
    assert words in page.text
    assert _state(village) == CaseState.CONFIRMED


def test_a_charge_needs_a_second_officer(officer: Browser, second: Browser, village: Village) -> None:
    _is_in(village, CaseState.KEEPER_ANSWERED)
    officer.get("/cases/2")
    assert officer.send("/cases/2/event", event="propose_charge", reason="Third time").status_code == 303
    assert 'value="approve_charge"' not in officer.get("/cases/2").text
    assert officer.send("/cases/2/event", event="approve_charge", reason="Mine").status_code == 422
    assert 'value="approve_charge"' in second.get("/cases/2").text
    assert second.send("/cases/2/event", event="approve_charge", reason="Agreed").status_code == 303
    assert "by Robin Sample" in second.get("/cases/2").text
    assert _state(village) == CaseState.CHARGE_APPROVED
    assert "Case 2" in second.get("/?state=charge").text


def test_auditors_see_no_form_and_change_nothing(
    officer: Browser, new_browser: NewBrowser, village: Village
) -> None:
    village.add_user("auditor", "auditor")
    auditor = new_browser()
    auditor.sign_in("auditor")
    assert 'name="event"' not in auditor.get("/cases/2").text
    assert auditor.send("/cases/2/event", event="close", reason="because").status_code == 403
    assert _state(village) == CaseState.CONFIRMED


def test_a_form_without_its_token_changes_nothing(officer: Browser, village: Village) -> None:
    page = officer.client.post("/cases/2/event", data={"event": "close", "reason": "because"})
    assert page.status_code == 403
    assert _state(village) == CaseState.CONFIRMED


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_a_page_and_stands_in_a_list(
    officer: Browser, village: Village, state: CaseState
) -> None:
    _is_in(village, state)
    assert officer.get("/cases/2").status_code == 200
    tabs = ("open", "second_look", "confirmed", "letter_sent", "charge", "withdrawal", "rejected", "ended")
    assert sum('href="/cases/2"' in officer.get(f"/?state={tab}").text for tab in tabs) == 1
