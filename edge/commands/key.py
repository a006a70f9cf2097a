"""`hgv-edge key --config FILE`: the unit's public key, as the centre enrols it."""

from __future__ import annotations

import argparse
import sys

from config.link import public_text
from edge.commands.unit_settings import add_config, settings_from
from edge.identity import signing_key

SUMMARY = "print the unit's public key, for the centre to enrol; made at the first start"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add_config(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the key."""
    sys.stdout.write(public_text(signing_key(settings_from(arguments))) + "\n")
    return 0
