"""The bars that the figures are held to; they stand in bars.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from config.files import load
from tests.accuracy.section import Section

BARS = Path(__file__).parent / "bars.yaml"


class Bar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure by its section and path, and the least or most that it may be."""

    section: str
    figure: str
    says: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Verdict:
    """A bar and the figure found."""

    bar: Bar
    found: float

    @property
    def met(self) -> bool:
        """Whether the figure lies within the bar."""
        low = self.bar.least is None or self.found >= self.bar.least
        return low and (self.bar.most is None or self.found <= self.bar.most)


def read_bars(path: Path = BARS) -> list[Bar]:
    """The bars in the file. Raises FileMistake."""
    return load(path, list[Bar])


def judged(bars: Sequence[Bar], sections: Sequence[Section]) -> list[Verdict]:
    """A verdict on each bar whose section was scored. Raises LookupError for a figure that is none."""
    by_name = {section.name: section for section in sections}
    return [Verdict(bar, _figure(by_name[bar.section], bar.figure)) for bar in bars if bar.section in by_name]


def _figure(section: Section, path: str) -> float:
    value: object = section.figures
    for step in path.split("."):
        if not isinstance(value, dict) or step not in value:
            raise LookupError(f"{BARS.name} names {path}, which is no figure of {section.name}")
        value = value[step]
    if not isinstance(value, int | float):
        raise LookupError(f"{BARS.name} names {path} of {section.name}, which is not a number")
    return value
