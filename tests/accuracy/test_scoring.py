"""The scores themselves, on made-up plates and lorries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accuracy.passages import Lorry, Span, matched, plates_with_several_texts
from tests.accuracy.plates import Kind, Label, allowing, compared, counted, edits, forgiven, once_each

TEXTS = st.text("AB1", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [
        ("", "", 0),
        ("AA11AAA", "AA11AAA", 0),
        ("AA11AAA", "AA1AAA", 1),
        ("AA11AAA", "AB11AAB", 2),
        ("AA11AAA", "A11AAAA", 2),
        ("AA11AAA", "", 7),
        ("ABC", "CAB", 2),
    ],
)
def test_edits(one: str, other: str, away: int) -> None:
    assert edits(one, other) == edits(other, one) == away


@given(TEXTS, TEXTS, TEXTS)
def test_edits_are_a_distance(one: str, other: str, third: str) -> None:
    assert (edits(one, other) == 0) is (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))
    assert edits(one, third) <= edits(one, other) + edits(other, third)


@pytest.mark.parametrize(
    ("labels", "texts", "given", "others"),
    [
        ([], [], [], []),
        (["AA11AAA"], [], [None], []),
        (["AA11AAA"], ["AA11AAA"], ["AA11AAA"], []),
        (["AA11AAA"], ["AA11AAB"], ["AA11AAB"], [("AA11AAB", "misread")]),
        (["AA11AAA"], ["01482333"], [None], [("01482333", "false")]),
        ([], ["AA11AAA"], [], [("AA11AAA", "false")]),
        (["AA11AAA"], ["AA11AAA", "AA11AAA"], ["AA11AAA"], [("AA11AAA", "repeated")]),
        (["AA11AAA", "AA11AAA"], ["AA11AAA", "AA11AAA"], ["AA11AAA", "AA11AAA"], []),
        (["AA11AAA", "AA11AAB"], ["AA11AAB"], [None, "AA11AAB"], []),
        (["AA11AAA", "AA11AAB"], ["AA11AAB", "AA11AAB"], [None, "AA11AAB"], [("AA11AAB", "repeated")]),
        (["AA11AAA"], ["AA11AAB", "AA11AAA"], ["AA11AAA"], [("AA11AAB", "false")]),
        (["AA11AAA", "BB22BBB"], ["BB22BBC", "AA11AAA"], ["AA11AAA", "BB22BBC"], [("BB22BBC", "misread")]),
    ],
)
def test_each_text_answers_one_plate(
    labels: list[str], texts: list[str], given: list[str | None], others: list[tuple[str, str]]
) -> None:
    found = compared([Label(text) for text in labels], texts)
    assert [one.given for one in found.plates] == given
    assert list(found.others) == others


@pytest.mark.parametrize(
    ("kind", "place_px", "becomes"),
    [
        ("false", (15, 15), "unlabelled"),
        ("false", (20, 15), "false"),
        ("false", (35, 15), "false"),
        ("misread", (15, 15), "misread"),
        ("repeated", (15, 15), "repeated"),
    ],
)
def test_a_text_of_a_plate_without_label_is_not_false(
    kind: Kind, place_px: tuple[int, int], becomes: str
) -> None:
    boxes: list[tuple[str, tuple[int, int, int, int]]] = [
        ("AA11AAA", (10, 10, 20, 20)),
        ("BB22BBB", (30, 10, 40, 20)),
    ]
    assert allowing([("AA11AAA", kind)], boxes, [place_px]) == [("AA11AAA", becomes)]


def test_counts_are_of_plates_and_of_characters() -> None:
    plates = compared(
        [Label("AA11AAA", "hgv"), Label("BB22BBB", "hgv", 2), Label("CC33CCC")], ["AA11AAA", "BB2BBC"]
    ).plates
    count = counted(plates)
    assert (count.plates, count.exact, count.characters, count.right_characters) == (3, 1, 21, 12)
    assert counted(one for one in plates if one.label.lines == 2).exact == 0
    assert counted(one for one in plates if one.label.owner == "light").right_characters == 0


def test_a_text_that_shares_nothing_costs_no_more_than_the_plate() -> None:
    (plate,) = compared([Label("AB")], ["CDEFG"]).plates
    assert (plate.given, plate.right_characters) == (None, 0)
    (plate,) = compared([Label("AB")], ["CDE"]).plates
    assert (plate.given, plate.right_characters) == ("CDE", 0)


def test_of_a_plate_seen_often_the_best_counts() -> None:
    pictures = [
        compared([Label("AA11AAA"), Label("BB22BBB")], texts).plates for texts in ([], ["AA11AAA"], [])
    ]
    best = once_each(one for plates in pictures for one in plates)
    assert [(one.label.text, one.exact) for one in best] == [("AA11AAA", True), ("BB22BBB", False)]


def test_twins_are_forgiven() -> None:
    assert forgiven("OI0LI1Q") == "010L11Q"


def lorries(*near_s: float, unsure: tuple[float, ...] = ()) -> list[Lorry]:
    """Sure lorries that are near at these seconds, and unsure ones after them."""
    return [Lorry(at, True, "white") for at in near_s] + [Lorry(at, False, "grey") for at in unsure]


@pytest.mark.parametrize(
    ("seen", "spans", "passage_of", "unmatched"),
    [
        (lorries(), [], (), ()),
        (lorries(5), [], (None,), ()),
        (lorries(), [(1, 2)], (), (0,)),
        (lorries(5), [(3, 5.2)], (0,), ()),
        (lorries(5), [(3, 4.6)], (0,), ()),
        (lorries(5), [(3, 4.4)], (None,), (0,)),
        (lorries(5), [(1, 9)], (None,), (0,)),
        (lorries(5), [(5.6, 6)], (None,), (0,)),
        (lorries(5), [(4, 5), (4, 5.3)], (0,), (1,)),
        (lorries(5, 5), [(4, 5), (4, 5.3)], (1, 0), ()),
        (lorries(5, 6), [(4, 6), (4.8, 5.0)], (1, 0), ()),
        (lorries(5, 6), [(4, 5.6)], (0, None), ()),
        (lorries(5, unsure=(5,)), [(4, 5)], (0, None), ()),
        (lorries(5, unsure=(5,)), [(4, 5), (4, 5.3)], (1, 0), ()),
        (lorries(7, unsure=(5,)), [(4, 5)], (None, 0), ()),
    ],
)
def test_lorries_and_passages_are_paired_by_time(
    seen: list[Lorry],
    spans: list[tuple[float, float]],
    passage_of: tuple[int | None, ...],
    unmatched: tuple[int, ...],
) -> None:
    found = matched(seen, [Span(*span) for span in spans])
    assert found.passage_of == passage_of
    assert found.unmatched == unmatched


def test_a_lorry_moves_over_for_another_that_has_one_choice() -> None:
    found = matched(lorries(5.0, 6.8), [Span(4, 5.2), Span(4, 6.9)])
    assert found.passage_of == (0, 1)
    found = matched(lorries(6.0, 6.9), [Span(4, 6.4), Span(4, 6.6)])
    assert set(found.passage_of) == {0, 1}


@given(
    st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=8),
    st.lists(st.tuples(st.floats(0, 30), st.floats(0, 3)), max_size=8),
)
def test_no_passage_answers_two_lorries_and_unsure_ones_take_none_away(
    seen: list[tuple[float, bool]], passed: list[tuple[float, float]]
) -> None:
    all_of_them = [Lorry(at, sure, "") for at, sure in seen]
    spans = [Span(at, at + lasts) for at, lasts in passed]
    found = matched(all_of_them, spans)
    used = [i for i in found.passage_of if i is not None]
    assert len(used) == len(set(used))
    assert sorted([*used, *found.unmatched]) == list(range(len(spans)))
    sure_ones = [one for one in all_of_them if one.sure]
    alone = matched(sure_ones, spans)
    answered = [i for one, i in zip(all_of_them, found.passage_of, strict=True) if one.sure and i is not None]
    assert len(answered) == sum(i is not None for i in alone.passage_of)


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        ([], []),
        (["1234ABC", "1234ABC"], []),
        (["1234ABC", "5678DEF"], []),
        (["1234ABC", "5678DEF", "1234ABD"], [["1234ABC", "1234ABD"]]),
        (["1234ABC", "1234AXX", "1234XXX"], [["1234ABC", "1234AXX", "1234XXX"]]),
    ],
)
def test_one_plate_with_several_texts_is_found(texts: list[str], groups: list[list[str]]) -> None:
    assert plates_with_several_texts(texts) == groups
