"""What the console and the pack print of a conclusion: each sentence and each figure behind it, in full."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.pairing import reasons as why
from ingest.pairing.transits import GRACE, Transit, transits_of
from tests.ingest.county_roads import LAYBY
from tests.ingest.pairing.test_situations import concluded, seen_in
from tests.ingest.pairing.test_transits import MAX_S, MIN_S, all_seeing, blind, enters, leaves, turned_round
from tests.ingest.sightings import seen
from tests.ingest.situations import SITUATIONS, WEST_IN, Situation
from tests.ingest.units import NOON

VILLAGE = {"min_elapsed_s": 45, "max_elapsed_s": 600, "entry_site": "west", "exit_site": "north"}
NOTHING_FOLLOWS = "Nothing follows from what it did not see."
UNSEEING = (
    f"The camera at another end was not seeing for the whole time in which it had to see. {NOTHING_FOLLOWS}"
)
A_VAN = f"Another end is watched by a van, which nobody can say stood there all the time. {NOTHING_FOLLOWS}"
BAD_CLOCK = "clock was outside the tolerance, unknown or not as the unit said"

FIRST: list[tuple[Situation, str, str, dict[str, Any]]] = [
    (
        SITUATIONS["longest drive"],
        "time_through",
        "Entry and exit lie as far apart as driving through takes, without time to load or deliver.",
        {"elapsed_s": 600, **VILLAGE},
    ),
    (
        Situation((WEST_IN, "12:00:44 north out AB12CDE"), ()),
        "time_implausible",
        "Entry and exit lie closer together than the road can be driven: a misread or mispair.",
        {"elapsed_s": 44, **VILLAGE},
    ),
    (
        Situation((WEST_IN, "14:05:00 north out AB12CDE"), ()),
        "time_stayed",
        "Between entry and exit there was more time than driving through takes.",
        {"elapsed_s": 7500, **VILLAGE},
    ),
    (
        SITUATIONS["clocks not good enough at the longest"],
        "clock_error",
        "The possible error of the two clocks together could change the conclusion.",
        {"elapsed_s": 590.001, **VILLAGE, "clock_error_s": 10},
    ),
    (
        SITUATIONS["a bad clock"],
        "clock",
        f"A unit's {BAD_CLOCK}: no time between them can be relied on.",
        {"elapsed_s": 300, **VILLAGE},
    ),
    (
        Situation((WEST_IN + " bad",), ()),
        "clock",
        f"The unit's {BAD_CLOCK}.",
        {"site": "west"},
    ),
    (
        SITUATIONS["turned round"],
        "turned_round",
        "Came out at the end at which it had gone in: it did not drive through.",
        {"elapsed_s": 300, "site": "west"},
    ),
    (
        SITUATIONS["turned round, if the clocks are right"],
        "clock_error",
        "The possible error of the two clocks together leaves open which sighting came first.",
        {"elapsed_s": 7, "site": "west", "clock_error_s": 8},
    ),
    (
        Situation((WEST_IN,), ()),
        "no_exit_seen",
        "Went in and was not seen coming out in time, though the cameras were seeing.",
        {"site": "west"},
    ),
    (
        SITUATIONS["out only"],
        "no_entry_seen",
        "Came out and was not seen going in, though the cameras were seeing.",
        {"site": "north"},
    ),
    (
        Situation(("12:03:00 layby out AB12CDE down",), ()),
        "seen_once_inside",
        "Seen once inside the zone; one sighting proves nothing where there is access.",
        {"site": "layby"},
    ),
    (
        Situation((WEST_IN + " 2s",), (), ("east 12:02:00 12:03:00",)),
        "camera_not_seeing",
        UNSEEING,
        {
            "site": "west",
            "other_site": "east",
            "watched_from": "2026-10-06T12:00:43+00:00",
            "watched_until": "2026-10-06T12:10:02+00:00",
        },
    ),
    (
        Situation(("12:10:00 north out AB12CDE 2s",), (), ("west 12:03:00 12:04:00",)),
        "camera_not_seeing",
        UNSEEING,
        {
            "site": "north",
            "other_site": "west",
            "watched_from": "2026-10-06T11:59:58+00:00",
            "watched_until": "2026-10-06T12:09:17+00:00",
        },
    ),
    (
        SITUATIONS["an outage during a stay"],
        "camera_not_seeing",
        UNSEEING,
        {
            "elapsed_s": 7500,
            **VILLAGE,
            "other_site": "east",
            "watched_from": "2026-10-06T12:00:45+00:00",
            "watched_until": "2026-10-06T12:10:00+00:00",
        },
    ),
    (
        SITUATIONS["an end that nobody can say was watched"],
        "van_end",
        A_VAN,
        {
            "site": "top",
            "other_site": "layby",
            "watched_from": "2026-10-06T12:01:00+00:00",
            "watched_until": "2026-10-06T12:05:00+00:00",
        },
    ),
]


@pytest.mark.parametrize(("situation", "code", "text", "facts"), FIRST)
def test_the_reason_that_decided(situation: Situation, code: str, text: str, facts: dict[str, Any]) -> None:
    (transit,) = concluded(situation, seen_in(situation))
    first = transit.reasons[0]
    assert (first.code, first.text, first.facts) == (code, text, facts)


def test_all_that_a_conclusion_rests_on() -> None:
    """Entry by a camera, exit by a van, and seen twice in between by the van further down the road."""
    situation = Situation(
        (
            "12:00:00 top in AB12CDE 1s",
            "12:01:00 layby in AB12CDE down",
            "12:02:00 layby in AB12CDE down",
            "12:03:00 layby out AB12CDE 2s",
        ),
        (),
    )
    passages = seen_in(situation)
    ids = [each.passage_id for each in passages]
    (transit,) = concluded(situation, passages)
    assert [(each.code, each.text, each.facts) for each in transit.reasons[1:]] == [
        (
            "went_in",
            "Seen going in: The top end, at 13:00:00 on 6 October 2026.",
            {
                "passage_id": ids[0],
                "site": "top",
                "site_version": 1,
                "direction": "towards",
                "at": "2026-10-06T12:00:00+00:00",
                "clock_within_s": 1,
            },
        ),
        (
            "came_out",
            "Seen coming out: The layby end, at 13:03:00 on 6 October 2026.",
            {
                "passage_id": ids[3],
                "site": "layby",
                "site_version": 1,
                "direction": "away",
                "at": "2026-10-06T12:03:00+00:00",
                "clock_within_s": 2,
                "deployed_from": "2026-10-06T10:03:00+00:00",
                "deployed_until": "2026-10-06T13:03:00+00:00",
                "latitude": LAYBY[0],
                "longitude": LAYBY[1],
            },
        ),
        (
            "seen_inside",
            "Seen 2 times in between, inside the zone.",
            {"times": 2, "passage_ids": f"{ids[1]} {ids[2]}"},
        ),
        (
            "window",
            "Driving straight through takes 1 min to 5 min, both included, by the calibration of 2026-01-02 "
            "by Sergeant Sample.",
            {
                "min_elapsed_s": 60,
                "max_elapsed_s": 300,
                "calibrated_by": "Sergeant Sample",
                "calibrated_on": "2026-01-02",
            },
        ),
        (
            "clocks",
            "The two clocks together were right to within 3 s.",
            {"clock_error_s": 3, "least_elapsed_s": 177, "most_elapsed_s": 183},
        ),
        (
            "order",
            "Judged by version 1 of The (ridge) Order, the one that stood then.",
            {"order_id": "ridge-order", "order_version": 1, "zone_id": "ridge"},
        ),
    ]


@pytest.mark.parametrize(
    ("situation", "steps"),
    [
        (Situation((WEST_IN,), ()), ["went_in", "order"]),
        (SITUATIONS["out only"], ["came_out", "order"]),
        (Situation(("12:03:00 layby out AB12CDE down",), ()), ["inside", "order"]),
        (Situation(("12:03:00 layby out AB12CDE down bad",), ()), ["inside", "order"]),
        (Situation((WEST_IN + " bad",), ()), ["went_in", "order"]),
        (Situation((WEST_IN,), (), ("east 12:02:00 12:03:00",)), ["went_in", "order"]),
        (SITUATIONS["turned round"], ["went_in", "came_out", "clocks", "order"]),
        (
            SITUATIONS["turned round, if the clocks are right"],
            ["went_in", "came_out", "clocks", "order"],
        ),
        (SITUATIONS["a bad clock"], ["went_in", "came_out", "window", "clocks", "order"]),
        (
            SITUATIONS["clocks not good enough at the longest"],
            ["went_in", "came_out", "window", "clocks", "order"],
        ),
        (SITUATIONS["an outage during a stay"], ["went_in", "came_out", "window", "clocks", "order"]),
        (
            SITUATIONS["exit and next entry missed"],
            ["went_in", "came_out", "window", "clocks", "order"],
        ),
    ],
)
def test_what_each_conclusion_rests_on(situation: Situation, steps: list[str]) -> None:
    (transit,) = concluded(situation, seen_in(situation))
    assert [each.code for each in transit.reasons[1:]] == steps


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
