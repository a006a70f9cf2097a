"""Make or bring up to date the tables of both rooms."""

from __future__ import annotations

import argparse

from enforcement.database import migrate
from enforcement.office import Office
from ingest import records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Run both branches. Raises SchemaRefused of either room."""
    records.migrate(office.engine)
    migrate(office.engine)
    office.check_schema()
    print("the tables are up to date")
    return 0
