"""A register in a CSV file: the embedded default, and the form in which a force's own feed arrives.

Columns are named as the Vehicle Enquiry Service names its fields. The file is read anew when it changes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from config.errors import FileMistake
from enforcement.errors import RegisterUnavailable
from enforcement.register.answers import RegisterAnswer, refuse_other_marks

REQUIRED = ("registrationNumber", "typeApproval", "revenueWeight")
OPTIONAL = ("wheelplan", "make", "colour", "taxStatus", "asOf")

_VRM = re.compile(r"[A-Z0-9]{2,8}")

Entries = dict[str, RegisterAnswer]


@dataclass
class CsvRegister:
    """A register that answers from a CSV file."""

    path: Path
    _entries: Entries = field(default_factory=dict, init=False)
    _read_at_ns: int = field(default=-1, init=False)

    def look_up(self, vrm: str) -> RegisterAnswer:
        """The entry of one VRM. Raises RegisterUnavailable for a file that is away or wrong, MarkNotAsked."""
        refuse_other_marks(vrm)
        try:
            self._refresh()
        except FileMistake as error:
            raise RegisterUnavailable(f"the register file is of no use: {error}") from error
        missing = RegisterAnswer(vrm=vrm, found=False, as_of=self._as_of(), source=self.path.name)
        return self._entries.get(vrm, missing)

    def _refresh(self) -> None:
        try:
            changed_ns = self.path.stat().st_mtime_ns
        except OSError as error:
            raise FileMistake(self.path, 0, f"cannot be read ({error.strerror})") from error
        if changed_ns != self._read_at_ns:
            self._entries = read_register(self.path)
            self._read_at_ns = changed_ns

    def _as_of(self) -> datetime:
        return datetime.fromtimestamp(self._read_at_ns // 1_000_000_000, UTC)


def read_register(path: Path) -> Entries:
    """All entries of a register file by VRM. Raises FileMistake with the line and what is expected there."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            file_as_of = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
            return _entries(path, _rows(path, file), file_as_of)
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


def _entries(path: Path, rows: Iterator[tuple[int, list[str]]], file_as_of: datetime) -> Entries:
    line, columns = next(rows, (0, []))
    _check_columns(path, line, columns)
    entries: Entries = {}
    for line, values in rows:
        if len(values) != len(columns):
            raise FileMistake(path, line, f"{len(columns)} values are expected, not {len(values)}")
        row = {name: value or None for name, value in zip(columns, values, strict=True)}
        answer = _answer(path, line, row, file_as_of)
        if answer.vrm in entries:
            raise FileMistake(path, line, f"{answer.vrm} stands twice; keep one line")
        entries[answer.vrm] = answer
    return entries


def _check_columns(path: Path, line: int, columns: list[str]) -> None:
    known = REQUIRED + OPTIONAL
    if set(REQUIRED) <= set(columns) <= set(known) and len(columns) == len(set(columns)):
        return
    raise FileMistake(
        path,
        line,
        f"a heading of {', '.join(REQUIRED)} and, where known, {', '.join(OPTIONAL)} is expected, "
        f"each once, not {', '.join(columns) or 'nothing'}",
    )


def _answer(path: Path, line: int, row: dict[str, str | None], file_as_of: datetime) -> RegisterAnswer:
    vrm = row["registrationNumber"] or ""
    if not _VRM.fullmatch(vrm):
        raise FileMistake(path, line, f"registrationNumber is capitals and digits, no spaces, not '{vrm}'")
    return RegisterAnswer(
        vrm=vrm,
        found=True,
        as_of=_instant(path, line, row.get("asOf")) or file_as_of,
        source=path.name,
        make=row.get("make"),
        colour=row.get("colour"),
        type_approval=row["typeApproval"],
        revenue_weight_kg=_weight_kg(path, line, row["revenueWeight"]),
        wheelplan=row.get("wheelplan"),
        tax_status=row.get("taxStatus"),
    )


def _weight_kg(path: Path, line: int, text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,6}", text):
        raise FileMistake(path, line, f"revenueWeight is whole kilogrammes or empty, not '{text}'")
    return int(text)


def _instant(path: Path, line: int, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        raise FileMistake(path, line, f"asOf is a UTC time such as 2026-09-01T00:00:00Z, not '{text}'")
    return at.astimezone(UTC)
