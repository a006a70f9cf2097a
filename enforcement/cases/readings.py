"""The file of readings that a speed device writes, line by line."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from config.errors import FileMistake
from config.law.speed import Road
from enforcement.cases.devices import Serial

Mph = Annotated[int, Meta(ge=1, le=200)]


class Reading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """One line: a speed, of whom, where and when, and whether a device measured it or a video suggests it."""

    serial: Serial
    vrm: Annotated[str, Meta(pattern=r"^[A-Z0-9]{2,8}$")]
    measured_at: Annotated[datetime, Meta(tz=True)]
    speed_mph: Mph
    posted_mph: Annotated[int, Meta(ge=5, le=70)]
    road: Road
    place: Annotated[str, Meta(min_length=1, max_length=200)]
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    measured_by: Annotated[str, Meta(min_length=1, max_length=120)]
    source: Literal["device", "video_estimate"]

    @property
    def reading_id(self) -> str:
        """The same line gives the same id, so that a file read twice is one set of readings."""
        named = (self.serial, self.vrm, self.measured_at.isoformat(), self.speed_mph)
        return hashlib.sha256(msgspec.json.encode(named)).hexdigest()[:32]


@dataclass(frozen=True)
class Line:
    """A reading and the line of the file that it stands on."""

    number: int
    reading: Reading


def read_readings(path: Path) -> list[Line]:
    """Every line of a CSV file. Raises FileMistake with the line; no registration is in its text."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _lines(path, csv.DictReader(file, strict=True))
    except OSError as error:
        raise FileMistake(path, 0, f"cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise FileMistake(path, 0, "is not UTF-8 text; save it as CSV UTF-8") from error


def _lines(path: Path, rows: csv.DictReader[str]) -> list[Line]:
    columns = set(rows.fieldnames or ())
    expected = {field.encode_name for field in msgspec.structs.fields(Reading)}
    if columns != expected:
        raise FileMistake(path, 1, f"the heading must be {', '.join(sorted(expected))}")
    try:
        return [Line(rows.line_num, _reading(path, rows.line_num, row)) for row in rows]
    except csv.Error as error:
        raise FileMistake(path, rows.line_num, f"not CSV: {error}") from error


def _reading(path: Path, number: int, row: dict[str, Any]) -> Reading:
    if None in row or None in row.values():
        raise FileMistake(path, number, "has more or fewer values than the heading")
    try:
        return msgspec.convert(row, Reading, strict=False)
    except msgspec.ValidationError as error:
        raise FileMistake(path, number, str(error).replace("`", "'")) from error
