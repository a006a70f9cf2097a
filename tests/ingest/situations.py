"""Situations on the road, by name: who passed where when, what was out, and what is to be concluded.

Conclusions are written `conclusion code`, one for each transit, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tests.ingest.county_roads import Passed

A_DAY = date(2026, 10, 6)
CLOCKS_BACK, CLOCKS_FORWARD = date(2026, 10, 25), date(2026, 3, 29)

THROUGH, STAYED, TOO_FAST = "through time_through", "stayed time_stayed", "implausible time_implausible"
TURNED = "stayed turned_round"
NO_EXIT, NO_ENTRY = "unresolved no_exit_seen", "unresolved no_entry_seen"
INSIDE, BLIND = "unresolved seen_once_inside", "no_inference camera_not_seeing"
VAN, CLOCK = "no_inference van_end", "no_inference clock"
CLOCK_ERROR, CLOSE = "no_inference clock_error", "close close_marks"


@dataclass(frozen=True)
class Situation:
    """Who passed, and what follows."""

    passed: tuple[str, ...]
    expected: tuple[str, ...]
    outages: tuple[str, ...] = ()
    day: date = field(default=A_DAY)

    def who(self) -> list[Passed]:
        """The passages, in order."""
        return [Passed(text, self.day) for text in self.passed]


WEST_IN, EAST_OUT = "12:00:00 west in AB12CDE", "12:05:00 east out AB12CDE"

SITUATIONS = {
    # Windows, both edges inside
    "shortest drive": Situation((WEST_IN, "12:00:45 east out AB12CDE"), (THROUGH, NO_EXIT)),
    "longest drive": Situation((WEST_IN, "12:10:00 north out AB12CDE"), (THROUGH,)),
    "faster than possible": Situation((WEST_IN, "12:00:44.999 north out AB12CDE"), (TOO_FAST,)),
    "a moment too long": Situation((WEST_IN, "12:10:00.001 north out AB12CDE"), (STAYED,)),
    # Several entries and exits
    "in by the west, out by the north": Situation((WEST_IN, "12:05:00 north out AB12CDE"), (THROUGH,)),
    "in by the north, out by the west": Situation(
        ("12:00:00 north in AB12CDE", "12:05:00 west out AB12CDE"), (THROUGH,)
    ),
    "out only": Situation(("12:00:00 north out AB12CDE",), (NO_ENTRY,)),
    # Loops and turns
    "round and through again": Situation(
        (
            WEST_IN,
            "12:05:00 north out AB12CDE",
            "12:30:00 west in AB12CDE",
            "12:34:00 north out AB12CDE",
        ),
        (THROUGH, THROUGH),
    ),
    "through and back": Situation(
        (
            WEST_IN,
            "12:05:00 north out AB12CDE",
            "12:30:00 north in AB12CDE",
            "12:34:00 west out AB12CDE",
        ),
        (THROUGH, THROUGH),
    ),
    "turned round": Situation((WEST_IN, "12:05:00 west out AB12CDE"), (TURNED,)),
    "turned round at once": Situation((WEST_IN, "12:00:20 west out AB12CDE"), (TURNED,)),
    "turned round, though another end was blind": Situation(
        (WEST_IN, "12:05:00 west out AB12CDE"), (BLIND,), ("north 12:01:00 12:02:00",)
    ),
    "turned round, if the clocks are right": Situation(
        (WEST_IN + " 4s", "12:00:07 west out AB12CDE 4s"), (CLOCK_ERROR,)
    ),
    # Convoys
    "two lorries of one operator": Situation(
        (
            WEST_IN,
            "12:00:04 west in AB12CDF",
            "12:05:00 north out AB12CDE",
            "12:05:04 north out AB12CDF",
        ),
        (THROUGH, THROUGH),
    ),
    "two lorries, one read wrong at the exit": Situation(
        (
            WEST_IN,
            "12:00:04 west in AB12CDF",
            "12:05:00 north out AB12CDB",
            "12:05:04 north out AB12CDF",
        ),
        (THROUGH, NO_EXIT, NO_ENTRY, CLOSE),
    ),
    "two lorries, of each one end missed": Situation(
        (WEST_IN, "12:05:04 north out AB12CDF"), (NO_EXIT, NO_ENTRY, CLOSE)
    ),
    "two entries, one exit that may be either's": Situation(
        (WEST_IN, "12:00:04 west in AB12CDF", "12:05:00 north out AB12CDB"),
        (NO_EXIT, NO_EXIT, NO_ENTRY, CLOSE, CLOSE),
    ),
    "two lorries read as one": Situation(
        (WEST_IN, "12:00:04 west in AB12CDE", "12:05:00 north out AB12CDE", "12:05:04 north out AB12CDE"),
        (THROUGH, NO_EXIT, NO_ENTRY),
    ),
    "a plate on two lorries": Situation(
        (
            WEST_IN,
            "12:00:05 north in AB12CDE",
            "12:05:00 north out AB12CDE",
            "12:05:05 west out AB12CDE",
        ),
        (TURNED, NO_EXIT, NO_ENTRY),
    ),
    # Close marks: look-alikes, and one character wrong, too many or too few
    "B for 8": Situation((WEST_IN, "12:05:00 north out A812CDE"), (NO_EXIT, NO_ENTRY, CLOSE)),
    "two look-alikes": Situation(
        ("12:00:00 west in AB12CDS", "12:05:00 north out A812CD5"), (NO_EXIT, NO_ENTRY, CLOSE)
    ),
    "three look-alikes": Situation(
        ("12:00:00 west in AB12CGS", "12:05:00 north out A812C65"), (NO_EXIT, NO_ENTRY)
    ),
    "the first character lost": Situation((WEST_IN, "12:05:00 north out B12CDE"), (NO_EXIT, NO_ENTRY, CLOSE)),
    "the last character lost": Situation((WEST_IN, "12:05:00 north out AB12CD"), (NO_EXIT, NO_ENTRY, CLOSE)),
    "two characters wrong": Situation((WEST_IN, "12:05:00 north out AB12CXX"), (NO_EXIT, NO_ENTRY)),
    "marks too short to be close": Situation(
        ("12:00:00 west in AB123", "12:05:00 north out AB124"), (NO_EXIT, NO_ENTRY)
    ),
    "close, at the window's end": Situation(
        (WEST_IN, "12:10:00 north out AB12CDF"), (NO_EXIT, NO_ENTRY, CLOSE)
    ),
    "close, but too late": Situation((WEST_IN, "12:10:00.001 north out AB12CDF"), (NO_EXIT, NO_ENTRY)),
    "close, but too fast": Situation((WEST_IN, "12:00:44 north out AB12CDF"), (NO_EXIT, NO_ENTRY)),
    "close, but both ways in": Situation((WEST_IN, "12:05:00 north in AB12CDF"), (NO_EXIT, NO_EXIT)),
    "close, but turned round": Situation((WEST_IN, "12:05:00 west out AB12CDF"), (NO_EXIT, NO_ENTRY)),
    "close, by a bad clock": Situation((WEST_IN + " bad", "12:05:00 north out AB12CDF"), (CLOCK, NO_ENTRY)),
    "close, if the clocks are right": Situation(
        (WEST_IN + " 4s", "12:09:55 north out AB12CDF 4s"), (NO_EXIT, NO_ENTRY)
    ),
    "close, but its own exit was seen": Situation(
        (WEST_IN, "12:05:00 north out AB12CDF", "12:07:00 north out AB12CDE"), (THROUGH, NO_ENTRY)
    ),
    "close, though another camera was out": Situation(
        (WEST_IN, "12:05:00 north out AB12CDF"), (BLIND, BLIND, CLOSE), ("east 12:01:00 12:02:00",)
    ),
    # Missed by a camera
    "one exit missed, seen on the next drive": Situation(
        (WEST_IN, "14:00:00 west in AB12CDE", "14:05:00 north out AB12CDE"), (NO_EXIT, THROUGH)
    ),
    "exit and next entry missed": Situation((WEST_IN, "14:05:00 north out AB12CDE"), (STAYED,)),
    "exit missed, out a day later": Situation((WEST_IN, "36:00:01 north out AB12CDE"), (NO_EXIT, NO_ENTRY)),
    # Overlapping zones: east out of the village is the way into the lane
    "through the village and the lane": Situation(
        (WEST_IN, EAST_OUT, "12:08:00 farm out AB12CDE"), (THROUGH, THROUGH)
    ),
    "through the village, delivered in the lane": Situation(
        (WEST_IN, EAST_OUT, "13:00:00 farm out AB12CDE"), (THROUGH, STAYED)
    ),
    "delivered in the village, through the lane": Situation(
        (WEST_IN, "13:05:00 east out AB12CDE", "13:08:00 farm out AB12CDE"), (STAYED, THROUGH)
    ),
    # Midnight, and the nights on which clocks change
    "over midnight": Situation(("23:58:00 west in AB12CDE", "24:02:00 north out AB12CDE"), (THROUGH,)),
    "when clocks go back": Situation(
        ("00:58:00 west in AB12CDE", "01:02:00 north out AB12CDE"), (THROUGH,), day=CLOCKS_BACK
    ),
    "an hour's stay when clocks go back": Situation(
        ("00:30:00 west in AB12CDE", "01:30:00 north out AB12CDE"), (STAYED,), day=CLOCKS_BACK
    ),
    "when clocks go forward": Situation(
        ("00:58:00 west in AB12CDE", "01:02:00 north out AB12CDE"), (THROUGH,), day=CLOCKS_FORWARD
    ),
    # Outages: the exits would have been seen from 12:00:45 to 12:10:00
    "an outage in the window": Situation((WEST_IN,), (BLIND,), ("north 12:03:00 12:04:00",)),
    "an outage that touches the window's beginning": Situation(
        (WEST_IN,), (BLIND,), ("north 11:00:00 12:00:45.5",)
    ),
    "an outage that touches the window's end": Situation((WEST_IN,), (BLIND,), ("east 12:09:59.5 13:00:00",)),
    "an outage until the window": Situation((WEST_IN,), (NO_EXIT,), ("north 11:00:00 12:00:45",)),
    "an outage from the window on": Situation((WEST_IN,), (NO_EXIT,), ("east 12:10:00 13:00:00",)),
    "an outage that the clock's error moves into the window": Situation(
        (WEST_IN + " 2s",), (BLIND,), ("east 12:10:01 13:00:00",)
    ),
    "an outage before an exit alone": Situation(
        ("12:10:00 north out AB12CDE",), (BLIND,), ("west 12:03:00 12:04:00",)
    ),
    "an outage during a stay": Situation(
        (WEST_IN, "14:05:00 north out AB12CDE"), (BLIND,), ("east 12:03:00 12:04:00",)
    ),
    "an outage during a stay, when nothing was to be seen": Situation(
        (WEST_IN, "14:05:00 north out AB12CDE"), (STAYED,), ("east 13:00:00 13:05:00",)
    ),
    "an outage, though both ends were seen": Situation(
        (WEST_IN, "12:05:00 north out AB12CDE"), (THROUGH,), ("east 12:00:00 12:10:00",)
    ),
    # Vans
    "a van at the exit": Situation(("12:00:00 top in AB12CDE", "12:03:00 layby out AB12CDE"), (THROUGH,)),
    "a van at the entry": Situation(("12:00:00 layby in AB12CDE", "12:03:00 top out AB12CDE"), (THROUGH,)),
    "a van that was not deployed": Situation(
        ("12:00:00 top in AB12CDE", "12:03:00 layby out AB12CDE undeployed"), (VAN,)
    ),
    "a van whose deployment had ended": Situation(
        ("12:00:00 top in AB12CDE", "12:03:00 layby out AB12CDE ended"), (VAN,)
    ),
    "a van further down the road": Situation(
        ("12:00:00 top in AB12CDE", "12:03:00 layby out AB12CDE down"), (VAN, INSIDE)
    ),
    "a van off the road": Situation(("12:00:00 top in AB12CDE", "12:03:00 layby out AB12CDE field"), (VAN,)),
    "an end that nobody can say was watched": Situation(("12:00:00 top in AB12CDE",), (VAN,)),
    "a van's sighting alone": Situation(("12:00:00 layby in AB12CDE",), (NO_EXIT,)),
    "a van's sighting alone, the camera out": Situation(
        ("12:00:00 layby in AB12CDE",), (BLIND,), ("top 12:02:00 12:02:01",)
    ),
    # Clocks: both bounds count, at both edges
    "clocks just good enough at the shortest": Situation(
        (WEST_IN + " 5s", "12:00:55 north out AB12CDE 5s"), (THROUGH,)
    ),
    "clocks not good enough at the shortest": Situation(
        (WEST_IN + " 5s", "12:00:54.999 north out AB12CDE 5s"), (CLOCK_ERROR,)
    ),
    "clocks just good enough at the longest": Situation(
        (WEST_IN + " 5s", "12:09:50 north out AB12CDE 5s"), (THROUGH,)
    ),
    "clocks not good enough at the longest": Situation(
        (WEST_IN + " 5s", "12:09:50.001 north out AB12CDE 5s"), (CLOCK_ERROR,)
    ),
    "a bad clock": Situation((WEST_IN, "12:05:00 north out AB12CDE bad"), (CLOCK,)),
}
