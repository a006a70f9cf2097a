"""CSV files of a force's own systems: a heading of known columns, comments after #, mistakes by line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

from config.errors import FileMistake


@dataclass(frozen=True)
class Line:
    """One line's values by column, None where the value is empty."""

    path: Path
    number: int
    values: dict[str, str | None]

    def get(self, column: str) -> str | None:
        """The value of a column; None where it is empty or the file lacks the column."""
        return self.values.get(column)

    def refuse(self, expected: str) -> NoReturn:
        """Raise FileMistake with this line's number."""
        raise FileMistake(self.path, self.number, expected)

    def instant(self, column: str) -> datetime | None:
        """A UTC instant. Raises FileMistake for a time without its zone."""
        text = self.get(column)
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = datetime.min
        if at.tzinfo is None:
            self.refuse(f"{column} is a UTC time such as 2026-09-01T00:00:00Z, not '{text}'")
        return at.astimezone(UTC)

    def day(self, column: str) -> date | None:
        """A calendar day. Raises FileMistake."""
        text = self.get(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.refuse(f"{column} is a day such as 2026-09-01, not '{text}'")


def read_lines(path: Path, required: Sequence[str], optional: Sequence[str]) -> tuple[list[Line], datetime]:
    """The lines under the heading, and when the file was last written.

    Raises FileMistake with the line and what is expected there, also for a file that cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            written_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
            return list(_lines(path, _rows(path, file), required, optional)), written_at
    except OSError as error:
        raise FileMistake(path, 0, f"cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise FileMistake(path, 0, "is not UTF-8 text; save it as CSV UTF-8") from error


def _rows(path: Path, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Line number and values of each line that is neither empty nor a comment."""
    reader = csv.reader(("\n" if line.startswith("#") else line for line in lines), strict=True)
    try:
        yield from ((reader.line_num, [value.strip() for value in row]) for row in reader if row)
    except csv.Error as error:
        raise FileMistake(path, reader.line_num, f"not CSV: {error}") from error


def _lines(
    path: Path, rows: Iterator[tuple[int, list[str]]], required: Sequence[str], optional: Sequence[str]
) -> Iterator[Line]:
    number, columns = next(rows, (0, []))
    if not set(required) <= set(columns) <= {*required, *optional} or len(columns) != len(set(columns)):
        raise FileMistake(
            path,
            number,
            f"a heading of {', '.join(required)} and, where known, {', '.join(optional)} is expected, "
            f"each once, not {', '.join(columns) or 'nothing'}",
        )
    for number, values in rows:
        if len(values) != len(columns):
            raise FileMistake(path, number, f"{len(columns)} values are expected, not {len(values)}")
        yield Line(path, number, {name: value or None for name, value in zip(columns, values, strict=True)})
