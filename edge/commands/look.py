"""`hgv-edge look IMAGE...`: the vehicles in stills."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from edge.commands.picture_options import add_picture_options, line_of, models_of, settings_of
from edge.errors import SourceError
from edge.outcomes import Outcomes
from edge.sources.folder import read_picture, still_frame
from edge.sources.opening import EPOCH
from edge.still import vehicles_in

SUMMARY = "print one line per vehicle in stills"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("image", nargs="+", type=Path, help="pictures")
    add_picture_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look at each picture on its own: one look, so a plate's `looks` is 1."""
    models, settings = models_of(arguments), settings_of(arguments, least_agreeing_looks=1)
    outcomes, unreadable = Outcomes(), 0
    for path in arguments.image:
        try:
            frame = still_frame(read_picture(path), 0, EPOCH, 0.0)
        except SourceError as error:
            print(f"hgv-edge look: {error}", file=sys.stderr)
            unreadable += 1
            continue
        for vehicle in vehicles_in(frame, models, settings, str(path), outcomes):
            print(line_of(vehicle, arguments), flush=True)
    return 2 if unreadable else 0
