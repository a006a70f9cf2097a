"""`hgv-edge doctor --config FILE`: what is wrong with a unit."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edge.commands.unit_settings import add_config, settings_from
from edge.unit.examination import examine

SUMMARY = "look at every part of a unit and say what is wrong"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add_config(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a table of what was found; 1 where something is wrong."""
    settings = settings_from(arguments)
    table = Table("part", "", "found", title=settings.agent_id)
    faults = 0
    for finding in examine(settings):
        faults += not finding.good
        table.add_row(finding.what, "good" if finding.good else "FAULT", escape(finding.found))
    Console(soft_wrap=True).print(table)
    return 1 if faults else 0
