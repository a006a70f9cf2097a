"""The vote over looks: what agrees, what does not, and the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.plates.align import aligned
from edge.plates.vote import vote
from edge.seen import RawRead


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
        ("a prefix mark", [read("M900XYZ"), read("M900XYZ", frame=1)], "M900XYZ"),
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
    got = aligned(text, pivot)
    assert "".join("-" if index is None else text[index] for index in got) == placed


def doubted(text: str, position: int, guess: str, odds: tuple[float, float], frame: int) -> RawRead:
    """A read that doubts one character: `odds` are that of what it read there and of its second guess."""
    sure = read(text, 0.95, frame, weak={position: odds[0]})
    doubts = tuple(((guess, odds[1]),) if i == position else () for i in range(len(text)))
    return replace(sure, doubts=doubts)


def test_a_doubted_character_is_what_alone_makes_a_registration() -> None:
    reads = [doubted("ABSICDE", 2, "5", (0.8, 0.15), frame) for frame in range(3)]
    reading, reason = vote(reads, "gb", 2)
    assert reading is not None, reason
    assert (reading.text, reading.looks) == ("AB51CDE", 3)
    assert 0.5 < reading.confidence < 0.8
    assert {one.text for one in reading.raw_reads} == {"ABSICDE"}


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("a confident character", [doubted("ABSICDE", 2, "5", (0.93, 0.06), n) for n in range(3)]),
        ("too faint a guess", [doubted("ABSICDE", 2, "5", (0.8, 0.05), n) for n in range(3)]),
        ("a guess that fits no format", [doubted("ABSICDE", 2, "J", (0.8, 0.15), n) for n in range(3)]),
        (
            "two guesses that fit",
            [
                replace(one, doubts=(*one.doubts[:2], (("5", 0.15), ("2", 0.12)), *one.doubts[3:]))
                for one in (doubted("ABSICDE", 2, "5", (0.7, 0.15), n) for n in range(3))
            ],
        ),
        ("a guess that makes a dateless mark", [doubted("SBCB", 0, "5", (0.6, 0.3), n) for n in range(3)]),
    ],
)
def test_the_grammar_changes_no_other_character(name: str, reads: list[RawRead]) -> None:
    reading, reason = vote(reads, "gb", 2)
    assert reading is None, name
    assert reason == "no lettering fits the grammar of a plate"
