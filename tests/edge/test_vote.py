"""The vote over looks: what agrees, what does not, and the reason."""

from __future__ import annotations

import pytest

from edge.align import aligned
from edge.seen import RawRead
from edge.vote import vote


def read(
    text: str, confidence: float = 0.95, frame: int = 0, weak: dict[int, float] | None = None
) -> RawRead:
    """A read with that confidence for every character, less for the positions in `weak`."""
    confidences = tuple((weak or {}).get(i, confidence) for i in range(len(text)))
    return RawRead(text, min(confidences), confidences, "test", frame)


@pytest.mark.parametrize(
    ("name", "reads", "text"),
    [
        ("two looks agree", [read("AB12CDE"), read("AB12CDE", frame=1)], "AB12CDE"),
        ("O for 0 and I for 1 are the same glyph", [read("ABI2CDE"), read("AB12CDE", frame=1)], "AB12CDE"),
        ("position tells O from 0", [read("KO51ABO"), read("K051AB0", frame=1)], "KO51ABO"),
        (
            "one wrong character is outvoted",
            [read("AB12CDE"), read("AB12CDE", frame=1), read("A812CDE", 0.7, frame=2)],
            "AB12CDE",
        ),
        (
            "a short read is aligned",
            [read("AB12CDE"), read("AB12CDE", frame=1), read("B12CDE", frame=2)],
            "AB12CDE",
        ),
        (
            "a long read is aligned",
            [read("AB12CDE"), read("AB12CDE", frame=1), read("AB12CDE4", 0.6, frame=2)],
            "AB12CDE",
        ),
        (
            "a badge beside it does not count",
            [read("AB12CDE"), read("AB12CDE", frame=1), read("R420")],
            "AB12CDE",
        ),
        ("a prefix mark", [read("M900WMB"), read("M900WMB", frame=1)], "M900WMB"),
    ],
)
def test_looks_that_agree_give_a_reading(name: str, reads: list[RawRead], text: str) -> None:
    reading, reason = vote(reads, "gb", 2)
    assert reading is not None, f"{name}: {reason}"
    assert (reading.text, reason) == (text, None), name
    assert reading.looks >= 2
    assert set(reading.raw_reads) <= set(reads)


@pytest.mark.parametrize(
    ("name", "reads", "least_looks", "said"),
    [
        ("nothing", [], 2, "no plate found"),
        ("one look in a stream", [read("AB12CDE")], 2, "only 1 of the 2 looks"),
        (
            "two reads of one frame are one look",
            [read("AB12CDE"), read("AB12CDE")],
            2,
            "only 1 of the 2 looks",
        ),
        (
            "a confident S is never made a 5",
            [read("ABS2CDE"), read("ABS2CDE", frame=1)],
            2,
            "no lettering fits",
        ),
        ("a phone number", [read("01632960"), read("01632960", frame=1)], 2, "no lettering fits"),
        ("a livery", [read("HAULAGE"), read("HAULAGE", frame=1)], 2, "no lettering fits"),
        ("a model badge alone", [read("R420"), read("R420", frame=1)], 2, "no lettering fits"),
        (
            "a weak character",
            [read("AB12CDE", weak={3: 0.3}), read("AB12CDE", frame=1, weak={3: 0.3})],
            2,
            "too uncertain",
        ),
        (
            "two marks",
            [read("AB12CDE"), read("AB12CDE", frame=1), read("XY63ZWV"), read("XY63ZWV", frame=1)],
            2,
            "two marks",
        ),
        ("a trailer's own mark", [read("C1234567"), read("C1234567", frame=1)], 2, "no lettering fits"),
        ("a single still that is not sure", [read("AB12CDE", 0.55)], 1, "too uncertain"),
    ],
)
def test_looks_that_do_not_agree_give_the_reason(
    name: str, reads: list[RawRead], least_looks: int, said: str
) -> None:
    reading, reason = vote(reads, "gb", least_looks)
    assert reading is None, name
    assert said in (reason or ""), name


def test_without_a_grammar_any_plate_like_text_counts() -> None:
    reads = [read("1234BCD"), read("1234BCD", frame=1)]
    reading, _ = vote(reads, "none", 2)
    assert reading is not None
    assert reading.text == "1234BCD"
    assert vote([read("TAXIS"), read("TAXIS", frame=1)], "none", 2)[0] is None


@pytest.mark.parametrize(
    ("text", "pivot", "placed"),
    [
        ("AB12CDE", "AB12CDE", "AB12CDE"),
        ("B12CDE", "AB12CDE", "-B12CDE"),
        ("AB2CDE", "AB12CDE", "AB-2CDE"),
        ("XAB12CDE", "AB12CDE", "AB12CDE"),
        ("A812CDE", "AB12CDE", "A812CDE"),
        ("", "AB", "--"),
    ],
)
def test_alignment(text: str, pivot: str, placed: str) -> None:
    got = aligned(RawRead(text, 1.0, (1.0,) * len(text), "test", 0), pivot)
    assert "".join(character or "-" for character, _ in got) == placed
