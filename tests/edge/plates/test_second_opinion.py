"""Two readers at one plate: what they agree on, what one knows better, what both leave unread."""

from __future__ import annotations

import pytest

from edge.plates.fused import BOTH, fused
from edge.plates.second_opinion import OTHERWISE, together
from edge.seen import Doubt, RawRead


def read(
    text: str,
    *,
    sure: float = 0.95,
    weak: dict[int, float] | None = None,
    reader: str = "one",
    frame: int = 1,
    **doubts: Doubt,
) -> RawRead:
    """A read of `text`, each character `sure` but those in `weak`; doubts as at3=(("B", 0.4),)."""
    confidences = tuple((weak or {}).get(i, sure) for i in range(len(text)))
    told = tuple(doubts.get(f"at{i}", ()) for i in range(len(text)))
    return RawRead(text, min(confidences), confidences, reader, frame, told)


def test_readers_that_agree_are_surer_than_each() -> None:
    both = fused(read("AB12CDE", sure=0.8), read("AB12CDE", sure=0.7, reader="two"))
    assert both is not None
    assert (both.text, both.reader) == ("AB12CDE", BOTH)
    assert both.confidence > 0.95


def test_what_one_doubts_the_other_may_know() -> None:
    unsure = read("AB12CDS", weak={6: 0.55}, at6=(("B", 0.4),))
    both = fused(unsure, read("AB12CDB", sure=0.98, reader="two"))
    assert both is not None
    assert both.text == "AB12CDB"
    assert 0.9 < both.confidence < 1.0


def test_two_sure_readers_of_different_marks_are_sure_of_nothing() -> None:
    both = fused(read("AB12CDE"), read("AB12CDF", reader="two"))
    assert both is not None
    assert both.confidence == pytest.approx(0.5, abs=0.05)


def test_twins_of_one_glyph_do_not_disagree() -> None:
    both = fused(read("ABI2CDO"), read("AB12CD0", reader="two"))
    assert both is not None
    assert both.confidence > 0.95


def test_reads_of_other_lettering_are_not_one() -> None:
    assert fused(read("AB12CDE"), read("SCANIA", reader="two")) is None


def test_of_reads_of_different_length_the_surer_stands() -> None:
    assert fused(read("X88ABC"), read("X88ABBC", sure=0.6, reader="two")) == read("X88ABC")


def test_a_single_look_is_read_by_both() -> None:
    one, two = read("AB12CDE", sure=0.7), read("AB12CDE", sure=0.6, reader="two")
    reading, reason = together([(one, two), (read("SCANIA"), None)], "gb", 1)
    assert reading is not None
    assert (reading.text, reading.looks, reason) == ("AB12CDE", 1, None)
    assert set(reading.raw_reads) == {one, two}


def test_a_mark_that_only_one_reads_says_so() -> None:
    reading, reason = together([(read("AB12CDE"), read("XK77", sure=0.3, reader="two"))], "gb", 1)
    assert reading is not None
    assert (reading.text, reason) == ("AB12CDE", OTHERWISE)


def test_of_two_unlike_marks_at_one_place_the_far_surer_counts() -> None:
    sure, unsure = read("AB12CDE"), read("XK77ABC", sure=0.4, reader="two")
    reading, reason = together([(sure, unsure)], "gb", 1)
    assert reading is not None
    assert (reading.text, reason) == ("AB12CDE", OTHERWISE)
    assert together([(sure, read("XK77ABC", sure=0.9, reader="two"))], "gb", 1)[0] is None


def test_a_single_look_on_which_they_differ_stays_unread() -> None:
    reading, reason = together([(read("AB12CDE"), read("AB12CDF", reader="two"))], "gb", 1)
    assert reading is None
    assert reason is not None
    assert "uncertain" in reason


def test_a_mistake_that_one_reader_repeats_is_outvoted() -> None:
    looks = [
        (
            read("WM12CDE", weak={0: 0.6}, frame=frame, at0=(("M", 0.3),)),
            read("MM12CDE", reader="two", frame=frame),
        )
        for frame in (1, 2, 3)
    ]
    reading, reason = together(looks, "gb", 2)
    assert reading is not None
    assert (reading.text, reading.looks, reason) == ("MM12CDE", 3, OTHERWISE)
    assert {one.reader for one in reading.raw_reads} == {"two"}


def test_readers_that_surely_differ_in_every_look_leave_it_unread() -> None:
    looks = [
        (read("AB12CDE", frame=frame), read("AB12CDF", reader="two", frame=frame)) for frame in (1, 2, 3, 4)
    ]
    assert together(looks, "gb", 2)[0] is None


def test_one_look_is_not_enough_where_two_must_agree() -> None:
    reading, reason = together([(read("AB12CDE"), read("AB12CDE", reader="two"))], "gb", 2)
    assert reading is None
    assert reason == "only 1 of the 2 looks needed agree"


def test_a_mark_that_one_reader_may_have_seen_cut_short_stays_unread() -> None:
    assert together([(read("554ABC"), read("Y554ABC", weak={6: 0.5}, reader="two"))], "gb", 1)[0] is None
    reading, _ = together([(read("554ABC"), read("Y554ABC", weak={0: 0.3}, reader="two"))], "gb", 1)
    assert reading is not None
    assert reading.text == "554ABC"


def test_a_reader_alone_decides_alone() -> None:
    reading, reason = together([(read("AB12CDE", frame=1),), (read("AB12CDE", frame=2),)], "gb", 2)
    assert reading is not None
    assert (reading.text, reading.looks, reason) == ("AB12CDE", 2, None)
