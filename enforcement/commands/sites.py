"""Import camera sites."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from config.files import load
from config.sites import SitesFile
from enforcement.importing import refuse_other_authority
from enforcement.office import Office
from ingest import records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`import FILE`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import")
    actions.add_parser("import", help="store the site versions in a file that are new").add_argument(
        "file", type=Path, metavar="FILE"
    )


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Import all of a file or nothing. Raises FileMistake, VersionChanged."""
    sites = load(arguments.file, SitesFile)
    refuse_other_authority(arguments.file, office.authority, [site.authority for site in sites.sites])
    with Session(office.engine) as session, session.begin():
        changed = records.store_sites(session, sites, office.clock())
        if changed:
            office.note(session, "site.import", "sites")
    print(f"{changed} site versions stored or ended, {len(sites.sites)} in the file")
    return 0
