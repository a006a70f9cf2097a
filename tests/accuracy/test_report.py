"""The bars and the page, on made-up figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from config.errors import FileMistake
from edge.frames import Picture
from tests.accuracy.bars import Bar, judged, read_bars
from tests.accuracy.page import write_page
from tests.accuracy.plates import Label, compared
from tests.accuracy.section import Miss, Section, cut_out, plate_figures


@pytest.mark.parametrize(
    ("least", "most", "found", "met"),
    [(33, None, 33, True), (33, None, 32, False), (None, 1, 1, True), (None, 1, 2, False), (1, 2, 3, False)],
)
def test_a_bar_is_met_from_its_least_to_its_most(
    least: float | None, most: float | None, found: int, met: bool
) -> None:
    section = Section("stills", {"plates": {"all": {"exact": found}}})
    (verdict,) = judged([Bar("stills", "plates.all.exact", "plates", least, most)], [section])
    assert (verdict.found, verdict.met) == (found, met)


def test_bars_of_sets_that_were_not_scored_are_left_out() -> None:
    assert judged([Bar("stills", "wrong", "wrong plates", most=1)], [Section("eu_plates", {})]) == []


@pytest.mark.parametrize("path", ["wrongs", "plates.all", "wrong.all"])
def test_a_bar_on_no_figure_is_a_mistake(path: str) -> None:
    section = Section("stills", {"wrong": 0, "plates": {"all": {"exact": 3}}})
    with pytest.raises(LookupError, match=r"bars\.yaml"):
        judged([Bar("stills", path, "", most=1)], [section])


def test_the_bars_on_file_are_read() -> None:
    bars = read_bars()
    assert len({(bar.section, bar.figure) for bar in bars}) == len(bars)
    assert all((bar.least is None) != (bar.most is None) for bar in bars)


def test_a_bar_with_a_misspelt_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bars.yaml"
    path.write_text("- {section: stills, figure: wrong, says: wrong, mots: 1}\n", encoding="utf-8")
    with pytest.raises(FileMistake, match="line 1"):
        read_bars(path)


def test_plates_are_split_by_what_carries_them_and_by_lines() -> None:
    labels = [Label("AA11AAA", "hgv"), Label("BB22BBB", "hgv", 2), Label("CC33CCC")]
    figures = plate_figures([*compared(labels, ["AA11AAA", "BB22BBB"]).plates, *compared(labels, []).plates])
    exact = {name: (part["exact"], part["plates"]) for name, part in figures.items()}
    assert exact == {
        "all": (2, 6),
        "unique": (2, 3),
        "hgv": (2, 4),
        "light": (0, 2),
        "one_line": (1, 4),
        "two_lines": (1, 2),
    }
    assert "two_lines" not in plate_figures(compared([Label("CC33CCC")], []).plates)


def test_a_cut_out_stays_inside_the_picture() -> None:
    picture: Picture = np.zeros((100, 200, 3), np.uint8)
    assert cut_out(picture, (0, 0, 200, 100)).shape == (100, 200, 3)
    assert cut_out(picture, (50, 25, 100, 75)).shape == (54, 54, 3)


def test_the_page_shows_each_miss_and_escapes_what_was_read(tmp_path: Path) -> None:
    grey: Picture = np.full((30, 60, 3), 99, np.uint8)
    stale = tmp_path / "pictures" / "stills_9_0.jpg"
    stale.parent.mkdir()
    stale.write_bytes(b"of the run before")
    misses = [Miss("unread", "a.jpg", "AA11AAA", "", ["<b>hgv 0.91</b>"], [grey, grey])]
    page = write_page(tmp_path, [Section("stills", {"wrong": 1}, misses)], [])
    text = page.read_text("utf-8")
    assert "&lt;b&gt;hgv 0.91" in text
    assert "wanted AA11AAA, given nothing" in text
    assert sorted(path.name for path in stale.parent.iterdir()) == ["stills_0_0.jpg", "stills_0_1.jpg"]
    assert all(f"pictures/{path.name}" in text for path in stale.parent.iterdir())
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == {"stills": {"wrong": 1}}
