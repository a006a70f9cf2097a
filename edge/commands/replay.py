"""`hgv-edge replay VIDEO...`: the passages in video files, as the camera unit would see them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from edge.commands.picture_options import add_picture_options, line_of, models_of, settings_of
from edge.errors import SourceError
from edge.pipeline import CameraPipeline
from edge.seen import SeenVehicle
from edge.settings import Models, PipelineSettings
from edge.sources import open_source

SUMMARY = "print one line per passage in video files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("video", nargs="+", help="video files or folders of pictures")
    add_picture_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Replay each source to its end; one that cannot be read is named and the others still come."""
    models, settings = models_of(arguments), settings_of(arguments, least_agreeing_looks=2)
    unreadable = 0
    for name in arguments.video:
        try:
            for vehicle in passages(name, models, settings):
                print(line_of(vehicle, arguments), flush=True)
        except SourceError as error:
            print(f"hgv-edge replay: {error}", file=sys.stderr)
            unreadable += 1
    return 2 if unreadable else 0


def passages(name: str, models: Models, settings: PipelineSettings) -> Iterator[SeenVehicle]:
    """The vehicles that pass in one file or folder. Raises SourceError."""
    if "://" in name or name.startswith("/dev/"):
        raise SourceError(f"{name} is a live camera; replay takes video files, `hgv-edge run` cameras")
    source = open_source(name)
    pipeline = CameraPipeline(models, settings, name)
    try:
        for frame in source:
            yield from pipeline.feed(frame)
        yield from pipeline.finish()
    finally:
        source.close()
