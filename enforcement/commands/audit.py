"""Check the audit log."""

from __future__ import annotations

import argparse

from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.office import Office
from ingest import records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify`."""
    parser.add_argument("action", choices=("verify",))


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Verify the whole chain. Raises ChainBroken with the first entry that does not fit."""
    with Session(records.reading(office.engine)) as session:
        entries = audit.verify(session, office.authority)
    print(f"{entries} entries, the chain is whole")
    return 0
