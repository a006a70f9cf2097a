"""Import keepers and operators from a file of the force's own systems."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from config.errors import FileMistake
from enforcement.errors import CommandRefused
from enforcement.office import Office
from enforcement.register.keeper_records import import_keepers
from enforcement.register.keepers import OPTIONAL, REQUIRED, read_keepers

_SHORTEST_REASON = 5
_LONGEST_REASON = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`import FILE --reason TEXT`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import")
    importing = actions.add_parser(
        "import",
        help="add what a CSV file says of keepers and operators",
        epilog=f"columns: {', '.join(REQUIRED)}; where known: {', '.join(OPTIONAL)}",
    )
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument(
        "--reason",
        required=True,
        metavar="TEXT",
        help="why, for the audit log; name no vehicle and no person",
    )


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Store all of a file or nothing. Raises FileMistake, CommandRefused."""
    reason = " ".join(arguments.reason.split())
    if not _SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
        raise CommandRefused("say in a few words why the file is imported; the audit log keeps it")
    keepers = read_keepers(arguments.file)
    with Session(office.engine) as session, session.begin():
        number = import_keepers(
            session,
            office.authority,
            keepers,
            file_sha256=_sha256(arguments.file),
            who=office.who,
            reason=reason,
            now=office.clock(),
        )
    print("this file was imported before" if number is None else f"{len(keepers)} lines, import {number}")
    return 0


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise FileMistake(file, 0, f"cannot be read ({error.strerror}); check the path") from error
