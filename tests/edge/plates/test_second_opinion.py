"""Two readers at one plate: what they agree on, what one knows better, what both leave unread."""

from __future__ import annotations

import pytest

from edge.plates.fused import BOTH, fused
from edge.plates.second_opinion import DISAGREE, OTHERWISE, confirmed, together
from edge.seen import Doubt, PlateReading, RawRead


def read(
    text: str,
    *,
    sure: float = 0.95,
    weak: dict[int, float] | None = None,
    reader: str = "one",
    **doubts: Doubt,
) -> RawRead:
    """A read of `text`, each character `sure` but those in `weak`; doubts as at3=(("B", 0.4),)."""
    confidences = tuple((weak or {}).get(i, sure) for i in range(len(text)))
    told = tuple(doubts.get(f"at{i}", ()) for i in range(len(text)))
    return RawRead(text, min(confidences), confidences, reader, 1, told)


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
    reading, reason = together([(one, two), (read("SCANIA"), None)], "gb")
    assert reading is not None
    assert (reading.text, reading.looks, reason) == ("AB12CDE", 1, None)
    assert set(reading.raw_reads) == {one, two}


def test_a_mark_that_only_one_reads_says_so() -> None:
    reading, reason = together([(read("AB12CDE"), read("XK77", sure=0.3, reader="two"))], "gb")
    assert reading is not None
    assert (reading.text, reason) == ("AB12CDE", OTHERWISE)


def test_of_two_unlike_marks_at_one_place_the_far_surer_counts() -> None:
    sure, unsure = read("AB12CDE"), read("XK77ABC", sure=0.4, reader="two")
    reading, reason = together([(sure, unsure)], "gb")
    assert reading is not None
    assert (reading.text, reason) == ("AB12CDE", OTHERWISE)
    assert together([(sure, read("XK77ABC", sure=0.9, reader="two"))], "gb")[0] is None


def test_a_single_look_on_which_they_differ_stays_unread() -> None:
    reading, reason = together([(read("AB12CDE"), read("AB12CDF", reader="two"))], "gb")
    assert reading is None
    assert reason is not None
    assert "uncertain" in reason


@pytest.mark.parametrize(
    ("name", "looks", "second", "kept", "reason"),
    [
        ("agrees", 2, read("AB12CDE", reader="two"), True, None),
        ("cannot read it", 2, None, True, None),
        ("unsure of another", 2, read("AB12CDF", sure=0.3, reader="two"), True, None),
        ("sure of another, few looks", 2, read("AB12CDF", reader="two"), False, DISAGREE),
        ("sure of another, many looks", 5, read("AB12CDF", reader="two"), True, OTHERWISE),
    ],
)
def test_a_second_opinion(
    name: str, looks: int, second: RawRead | None, kept: bool, reason: str | None
) -> None:
    reading = PlateReading("AB12CDE", 0.97, looks, (read("AB12CDE"),))
    told, said = confirmed(reading, [second] if second else [], "gb")
    assert (told is reading) is kept, name
    assert said == reason, name
