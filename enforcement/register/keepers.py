"""Keepers and operators of vehicles, as a file from the force's own systems: the service tells neither.

Columns of the CSV file, a line for each vehicle and period:

    registrationNumber  the VRM, capitals and digits
    keptFrom, keptTo    days; `keptTo` is the first day on which it was no longer so, empty while it still is
    keeperName          a person or a company, as a letter addresses it
    address             without the postcode, its parts apart by commas
    postcode
    email               where letters may go by e-mail
    operatorLicence     number of the goods vehicle operator's licence that the vehicle is specified on
    operatorName        who holds that licence
    asOf                when the force's system knew it so, in UTC; else when the file was written
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from config.vrm import Format, format_of, normalise
from enforcement.register.csv_file import Line, read_lines

REQUIRED = ("registrationNumber", "keptFrom", "keeperName", "address", "postcode")
OPTIONAL = ("keptTo", "email", "operatorLicence", "operatorName", "asOf")

_LONGEST = {"keeperName": 200, "address": 500, "postcode": 16, "email": 254, "operatorName": 200}


@dataclass(frozen=True)
class Keeper:
    """Who kept and ran a vehicle from `kept_from` until the day before `kept_to`, as known at `as_of`."""

    vrm: str
    kept_from: date
    kept_to: date | None
    as_of: datetime
    keeper_name: str
    address: str
    postcode: str
    email: str | None
    operator_licence: str | None
    operator_name: str | None


def read_keepers(path: Path) -> tuple[Keeper, ...]:
    """All lines of a keepers' file. Raises FileMistake with the line and what is expected there."""
    lines, written_at = read_lines(path, REQUIRED, OPTIONAL)
    read = [(line, _keeper(line, written_at)) for line in lines]
    _refuse_overlaps(read)
    return tuple(keeper for _, keeper in read)


def _keeper(line: Line, written_at: datetime) -> Keeper:
    kept_from, kept_to = line.day("keptFrom"), line.day("keptTo")
    if kept_from is None or (kept_to is not None and kept_to <= kept_from):
        line.refuse("keptFrom is the first day and keptTo, where it is not empty, a later one")
    return Keeper(
        vrm=_vrm(line),
        kept_from=kept_from,
        kept_to=kept_to,
        as_of=line.instant("asOf") or written_at,
        keeper_name=_required(line, "keeperName"),
        address=_required(line, "address"),
        postcode=_required(line, "postcode"),
        email=_email(line),
        operator_licence=_licence(line),
        operator_name=_text(line, "operatorName"),
    )


def _vrm(line: Line) -> str:
    vrm = line.get("registrationNumber") or ""
    if format_of(vrm) in (None, Format.TRAILER):
        line.refuse(f"registrationNumber is a UK vehicle's, capitals and digits without spaces, not '{vrm}'")
    return vrm


def _text(line: Line, column: str) -> str | None:
    text = line.get(column)
    if text is not None and (len(text) > _LONGEST[column] or not text.replace("\n", "").isprintable()):
        line.refuse(f"{column} is a plain text of at most {_LONGEST[column]} characters")
    return text


def _required(line: Line, column: str) -> str:
    return _text(line, column) or line.refuse(f"{column} is missing")


def _email(line: Line) -> str | None:
    email = _text(line, "email")
    if email is not None and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", email):
        line.refuse(f"email is one address, not '{email}'")
    return email


def _licence(line: Line) -> str | None:
    """The number in one spelling, because breaches are counted by it."""
    text = line.get("operatorLicence")
    licence = normalise(text or "")
    if text is not None and not 4 <= len(licence) <= 16:
        line.refuse(f"operatorLicence is a licence number such as OB1234567, not '{text}'")
    return licence or None


def _refuse_overlaps(read: list[tuple[Line, Keeper]]) -> None:
    """One file names at most one keeper of a vehicle for a day."""
    by_vrm: defaultdict[str, list[tuple[Line, Keeper]]] = defaultdict(list)
    for line, keeper in read:
        by_vrm[keeper.vrm].append((line, keeper))
    for of_one in by_vrm.values():
        of_one.sort(key=lambda item: item[1].kept_from)
        for (_, earlier), (line, later) in pairwise(of_one):
            if earlier.kept_to is None or earlier.kept_to > later.kept_from:
                line.refuse(
                    f"{later.vrm} had another keeper on {later.kept_from} by this file; end that period"
                )
