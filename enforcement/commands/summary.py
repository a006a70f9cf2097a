"""Publish the parishes' summaries of a month."""

from __future__ import annotations

import argparse

from enforcement.errors import CommandRefused
from enforcement.office import Office
from enforcement.summary.figures import month_of
from enforcement.summary.publishing import publish_summaries


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The month."""
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="a month that has begun")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Publish and say where. Raises CommandRefused for no month, or for one without an order in force."""
    now = office.clock()
    try:
        month = month_of(arguments.month, now)
    except ValueError as error:
        raise CommandRefused(
            f"--month is YYYY-MM and has begun, not '{arguments.month}' ({error})"
        ) from error
    published = publish_summaries(
        office.engine, office.authority, office.policy(), office.data_dir, month, who=office.who, now=now
    )
    if not published:
        raise CommandRefused(f"no order was in force in {month.name}; import the orders first")
    for summary in published:
        print(f"{summary.parish}: {summary.html} {summary.pdf}")
    return 0
