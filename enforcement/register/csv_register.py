"""A register in a CSV file: the embedded default, and the form in which a force's own feed arrives.

Columns are named as the Vehicle Enquiry Service names its fields. The file is read anew when it changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from config.errors import FileMistake
from enforcement.errors import RegisterUnavailable
from enforcement.register.answers import RegisterAnswer, refuse_other_marks
from enforcement.register.csv_file import Line, read_lines

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
    lines, file_as_of = read_lines(path, REQUIRED, OPTIONAL)
    entries: Entries = {}
    for line in lines:
        answer = _answer(line, file_as_of)
        if answer.vrm in entries:
            line.refuse(f"{answer.vrm} stands twice; keep one line")
        entries[answer.vrm] = answer
    return entries


def _answer(line: Line, file_as_of: datetime) -> RegisterAnswer:
    vrm = line.get("registrationNumber") or ""
    if not _VRM.fullmatch(vrm):
        line.refuse(f"registrationNumber is capitals and digits, no spaces, not '{vrm}'")
    return RegisterAnswer(
        vrm=vrm,
        found=True,
        as_of=line.instant("asOf") or file_as_of,
        source=line.path.name,
        make=line.get("make"),
        colour=line.get("colour"),
        type_approval=line.get("typeApproval"),
        revenue_weight_kg=_weight_kg(line),
        wheelplan=line.get("wheelplan"),
        tax_status=line.get("taxStatus"),
    )


def _weight_kg(line: Line) -> int | None:
    text = line.get("revenueWeight")
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,6}", text):
        line.refuse(f"revenueWeight is whole kilogrammes or empty, not '{text}'")
    return int(text)
