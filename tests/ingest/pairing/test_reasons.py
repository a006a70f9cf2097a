"""What the console and the pack print of a conclusion: each sentence and each figure behind it, in full."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ingest.county_roads import LAYBY
from tests.ingest.pairing.test_situations import concluded, seen_in
from tests.ingest.situations import SITUATIONS, WEST_IN, Situation

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
