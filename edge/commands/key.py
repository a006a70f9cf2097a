"""`hgv-edge key --config FILE`: what the centre needs to let the unit in, and the change to another key."""

from __future__ import annotations

import argparse
import sys

from config.link import enrolment_text
from edge.commands.unit_settings import add_config, settings_from
from edge.unit.identity import certificate_request, next_signing_key, signing_key, use_next_key

SUMMARY = "print the unit's public key and certificate request, for the centre to issue; made at first"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add_config(parser)
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--next", action="store_true", help="print the key that will follow; the centre must issue it first"
    )
    change.add_argument(
        "--use-next", action="store_true", help="sign with that key from the unit's next start on"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the enrolment. Raises LinkError."""
    settings = settings_from(arguments)
    if arguments.use_next:
        key = use_next_key(settings)
    else:
        key = next_signing_key(settings) if arguments.next else signing_key(settings)
    sys.stdout.write(enrolment_text(key, certificate_request(settings)) + "\n")
    return 0
