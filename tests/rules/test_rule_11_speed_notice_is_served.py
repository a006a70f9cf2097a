"""Rule 11: for speed the 14 days count service, not creation; weight cases are not blocked by them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from config.law.deadlines import deemed_served, post_by, speed_notice_served_by
from enforcement.cases.states import CaseState, Event, Kind, Need, transition

OFFENCE = datetime(2026, 9, 1, 12, tzinfo=UTC)


def test_a_notice_posted_on_the_last_day_is_not_served_in_time() -> None:
    last_day = speed_notice_served_by(OFFENCE)
    assert last_day == date(2026, 9, 15)
    posted = post_by(last_day, working_days=2)
    assert deemed_served(posted, working_days=2) <= last_day
    assert deemed_served(posted + timedelta(days=1), working_days=2) > last_day
    assert posted < last_day


def test_a_late_notice_is_blocked_and_a_weight_letter_never_is() -> None:
    notice = transition(Kind.SPEED, CaseState.CONFIRMED, Event.SEND_SPEED_NOTICE)
    assert notice is not None
    assert Need.NOTICE_IN_TIME in notice.needs
    for event in (Event.SEND_FIRST_LETTER, Event.SEND_WARNING, Event.REQUEST_DRIVER):
        letter = transition(Kind.WEIGHT, CaseState.CONFIRMED, event)
        assert letter is not None
        assert Need.NOTICE_IN_TIME not in letter.needs
