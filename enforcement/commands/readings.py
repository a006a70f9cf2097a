"""Import the readings of speed devices and open the cases that they make."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from enforcement.cases.readings import read_readings
from enforcement.cases.speed_opening import open_speed_cases
from enforcement.office import Office


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`import FILE`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import")
    actions.add_parser("import", help="judge each line of a CSV file once").add_argument(
        "file", type=Path, metavar="FILE"
    )


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Judge the file's lines; 1 where some must be read again later. Raises FileMistake."""
    lines = read_readings(arguments.file)
    ended, again = open_speed_cases(
        office.engine,
        office.authority,
        lines,
        office.register(),
        office.policy(),
        who=office.who,
        now=office.clock(),
    )
    with Session(office.engine) as session, session.begin():
        office.note(session, "reading.import", f"readings:{len(lines)}")
    for outcome, count in sorted(ended.items()):
        print(f"{count} readings: {outcome.value.replace('_', ' ')}")
    if again:
        print(f"import the file again once more is known of its lines {', '.join(map(str, again))}")
    return 1 if again else 0
