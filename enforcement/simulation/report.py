"""The figures as tables for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from enforcement.simulation.figures import Figures
from enforcement.simulation.sweep import Moved

_CAUSES = (
    ("proposed_wrong", "wrong among the proposed cases"),
    ("review_wrong", "wrong among the review items"),
    ("wrong_letters", "wrong letters"),
    ("never_to_be_written_to", "letters that must never be"),
    ("missed", "missed breaches"),
)


def print_figures(console: Console, figures: Figures, moved: Sequence[Moved]) -> None:
    """The totals, each kind of error by its cause, and how they move."""
    console.print(_totals(figures))
    for what, title in _CAUSES:
        console.print(_by_cause(figures, what, title))
    for what in dict.fromkeys(each.cell.what for each in moved):
        console.print(_moves(what, [each.as_json() for each in moved if each.cell.what == what]))


def _totals(figures: Figures) -> Table:
    table = Table("", "", title="The county")
    totals = figures.totals
    for name in ("passages", "journeys", "breaches", "proposed", "review", "letters", "wrong_letters"):
        table.add_row(name.replace("_", " "), f"{totals[name]:,}")
    table.add_row("proposed cases right", f"{figures.share_right():.3%}")
    table.add_row("wrong letters in 10,000", f"{figures.wrong_in_ten_thousand():.2f}")
    table.add_row("breaches that got a letter", f"{figures.found_share():.1%}")
    for bar, holds in figures.bars().items():
        table.add_row(f"bar: {bar.replace('_', ' ')}", "holds" if holds else "does not hold")
    return table


def _by_cause(figures: Figures, what: str, title: str) -> Table:
    table = Table("cause", "how many", title=title)
    for cause, number in figures.by.get(what, {}).items():
        table.add_row(cause.replace("_", " "), f"{number:,}")
    return table


def _moves(what: str, rows: Sequence[dict[str, Any]]) -> Table:
    columns = list(rows[0])
    table = Table(*(column.replace("_", " ") for column in columns), title=what.replace("_", " "))
    for row in rows:
        table.add_row(*(f"{row[column]:g}" for column in columns))
    return table
