"""Import the list of permits."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import PermitsFile
from enforcement.importing import refuse_other_authority
from enforcement.office import Office
from ingest import records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`import FILE`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import")
    actions.add_parser("import", help="make the file's permits the ones that count").add_argument(
        "file", type=Path, metavar="FILE"
    )


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Make the file's permits the ones that count. Raises FileMistake."""
    permits = load(arguments.file, PermitsFile)
    refuse_other_authority(arguments.file, office.authority, [permits.authority])
    with Session(office.engine) as session, session.begin():
        records.store_permits(session, permits, office.clock())
        office.note(session, "permit.import", "permits")
    print(f"{len(permits.permits)} permits count now")
    return 0
