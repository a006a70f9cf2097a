"""What a conclusion says of its two ends: clocks, hours, what is waited for, and where a vehicle turned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.pairing import reasons as why
from ingest.pairing.transits import GRACE, Transit, transits_of
from tests.ingest.pairing.test_situations import concluded, seen_in
from tests.ingest.pairing.test_transits import MAX_S, MIN_S, all_seeing, blind, enters, leaves, turned_round
from tests.ingest.sightings import seen
from tests.ingest.situations import Situation
from tests.ingest.units import NOON


def _one(*sightings: Any, seeing: Any = all_seeing) -> Transit:
    (transit,) = transits_of(sightings, seeing, NOON + timedelta(days=30)).transits
    return transit


@pytest.mark.parametrize("unknown", [{"entry"}, {"exit"}, {"entry", "exit"}])
def test_an_unknown_clock_error_is_no_error_of_nothing(unknown: set[str]) -> None:
    within = [None if end in unknown else 0.0 for end in ("entry", "exit")]
    for leaving, code in ((leaves(200, clock_within_s=within[1]), "through"), (None, "turned")):
        entry = enters(0, clock_within_s=within[0])
        last = leaving or _clocked(within[1])
        transit = _one(entry, last)
        assert (transit.conclusion, transit.reasons[0].code) == ("no_inference", "clock_error"), code
        assert transit.reasons[0].facts["clock_error_s"] is None
        (clocks,) = [each for each in transit.reasons if each.code == "clocks"]
        assert clocks.text == "How far the two clocks may have been off is not known."
        assert clocks.facts == {"clock_error_s": None}


def _clocked(within_s: float | None) -> Any:
    right = turned_round.seen
    changed = type(right)(**{**vars(right), "clock_within_s": within_s})
    return type(turned_round)(changed, turned_round.order, turned_round.zone, binds=True, place="west")


def test_hours_at_one_end_only_are_told() -> None:
    reason = _one(enters(0), leaves(200, binds=False)).reasons[0]
    assert reason.text == "The order's hours held at only one of the two sightings."
    assert reason.facts["elapsed_s"] == 200


def test_a_deployment_that_goes_on_has_no_end_yet() -> None:
    started = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    facts = why.came_out(leaves(0, deployed_from=started)).facts
    assert (facts["deployed_from"], facts["deployed_until"]) == ("2026-10-06T08:00:00+00:00", None)


def test_a_blind_camera_is_waited_for_until_its_heartbeats_cannot_come() -> None:
    """A stay that nobody watched is concluded at once, and looked at again for as long as that may change."""
    late = MAX_S + 3600
    out = leaves(late)
    end = out.seen.captured_at + GRACE
    for now, waiting in ((end - timedelta(seconds=1), [(out, end)]), (end, [])):
        found = transits_of([enters(0), out], blind, now)
        assert [each.reasons[0].code for each in found.transits] == ["camera_not_seeing"]
        assert found.waiting == waiting
        assert transits_of([enters(0), out], all_seeing, now).waiting == []


def test_what_a_transit_says_of_its_ends() -> None:
    pair, entry, leaving = _one(enters(0), leaves(200)), _one(enters(0)), _one(leaves(0))
    assert [each.passage_ids for each in (pair, entry, leaving)] == [("in", "out"), ("in",), ("out",)]
    assert [each.is_alone for each in (pair, entry, leaving)] == [False, True, True]
    assert [each.elapsed_s for each in (pair, entry, leaving)] == [200, None, None]
    assert [each.exit_vrm for each in (pair, entry, leaving)] == [None, None, None]
    assert [(each.entry is None, each.exit is None) for each in (pair, entry, leaving)] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    misread = Transit("t", enters(0), enters(0), leaves(200, vrm="AA19AAB"), "close", (), 200)
    assert misread.exit_vrm == "AA19AAB"


@pytest.mark.parametrize(
    ("shift", "start_s", "end_s"), [(0.0, MIN_S, MAX_S), (2.5, MIN_S - 2.5, MAX_S + 2.5)]
)
def test_how_long_the_other_end_has_to_be_watched(shift: float, start_s: float, end_s: float) -> None:
    """By the window, wider by what the clock may be off; before an exit the window lies behind it."""
    asked: list[tuple[str, float, float, float]] = []

    def note(site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
        asked.append((site_id, (start - NOON).total_seconds(), (end - NOON).total_seconds(), slack_s))
        return True

    _one(enters(0, clock_within_s=shift), seeing=note)
    _one(leaves(0, clock_within_s=shift), seeing=note)
    ends = enters(0).zone.pairs[0]
    assert asked == [
        (ends.exit.site_id, start_s, end_s, 0),
        (ends.entry.site_id, -end_s, -start_s, 0),
    ]


def test_a_days_stay_is_the_longest() -> None:
    a_day = 24 * 3600.0
    assert _one(enters(0), leaves(a_day)).conclusion == "stayed"
    assert len(transits_of([enters(0), leaves(a_day + 0.001)], all_seeing, NOON + timedelta(9)).transits) == 2


def test_grace_is_ten_minutes_after_the_window() -> None:
    end = NOON + timedelta(seconds=MAX_S, minutes=10)
    waiting = transits_of([enters(0)], all_seeing, end - timedelta(seconds=1)).waiting
    assert waiting == [(enters(0), end)]
    # an exit is waited for only as long as passages come late: its entry was before it
    out = transits_of([leaves(0)], all_seeing, NOON + timedelta(minutes=9, seconds=59)).waiting
    assert [until for _, until in out] == [NOON + timedelta(minutes=10)]


def test_a_sighting_inside_says_where() -> None:
    situation = Situation(("12:03:00 layby out AB12CDE down",), ())
    (transit,) = concluded(situation, seen_in(situation))
    assert transit.reasons[1].text == "Seen inside: The layby end, at 13:03:00 on 6 October 2026."


@pytest.mark.parametrize(
    ("entry", "leaving", "code"),
    [
        ({"clock_ok": False}, {}, "clock"),
        ({}, {"clock_ok": False}, "clock"),
        ({}, {"binds": False}, "hours"),
        # as long as the clocks may be off together it is known which came first
        ({"clock_within_s": 150.0}, {"clock_within_s": 50.0}, "turned_round"),
        ({"clock_within_s": 150.0}, {"clock_within_s": 50.001}, "clock_error"),
    ],
)
def test_a_turn_needs_clocks_and_hours_as_a_drive_does(
    entry: dict[str, Any], leaving: dict[str, Any], code: str
) -> None:
    binds = "binds" not in leaving
    out = seen(
        "out",
        200,
        turned_round.seen.site_id,
        "away",
        **{name: leaving[name] for name in leaving if name != "binds"},
    )
    came_out = type(turned_round)(out, turned_round.order, turned_round.zone, binds, "west")
    transit = _one(enters(0, **entry), came_out)
    conclusion = "stayed" if code == "turned_round" else "no_inference"
    assert (transit.conclusion, transit.reasons[0].code) == (conclusion, code)
    assert transit.reasons[0].facts["elapsed_s"] == 200
    assert transit.reasons[0].facts["site"] == came_out.seen.site_id


def test_a_turn_says_what_was_seen_in_between() -> None:
    inside = type(turned_round)(
        seen("between", 100, "elsewhere", "towards"), turned_round.order, turned_round.zone, True, "inside"
    )
    turned = _one(enters(0), inside, turned_round)
    assert [each.code for each in turned.reasons] == [
        *("turned_round", "went_in", "came_out", "seen_inside", "clocks", "order"),
    ]
