"""Import type-approved speed devices with their calibration certificates."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from enforcement.cases.devices import read_devices, store_devices
from enforcement.importing import refuse_other_authority
from enforcement.office import Office


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`import FILE`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import")
    actions.add_parser(
        "import", help="add the file's calibrations; their certificates lie beside it"
    ).add_argument("file", type=Path, metavar="FILE")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Add the file's calibrations. Raises FileMistake."""
    file, certificates = read_devices(arguments.file)
    refuse_other_authority(arguments.file, office.authority, [file.authority])
    with Session(office.engine) as session, session.begin():
        new = store_devices(session, file, certificates, office.data_dir, office.clock())
        office.note(session, "device.import", "devices")
    print(f"{new} calibrations added, {len(file.devices) - new} known already")
    return 0
