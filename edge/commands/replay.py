"""`hgv-edge replay VIDEO...`: the passages in video files, as the camera unit would see them."""

from __future__ import annotations

import argparse
import json

from edge.commands.picture_options import add_picture_options, as_json, as_text, models_of, settings_of
from edge.errors import SourceError
from edge.pipeline import CameraPipeline
from edge.sources import open_source

SUMMARY = "print one line per passage in video files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("video", nargs="+", help="video files or folders of pictures")
    add_picture_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Replay each source from its beginning to its end."""
    models, settings = models_of(arguments), settings_of(arguments, least_agreeing_looks=2)
    show = (lambda seen: json.dumps(as_json(seen))) if arguments.json else as_text
    for name in arguments.video:
        if "://" in name or name.startswith("/dev/"):
            raise SourceError(f"{name} is a live camera; replay takes video files, `hgv-edge run` cameras")
        source = open_source(name)
        pipeline = CameraPipeline(models, settings, name)
        try:
            for frame in source:
                for vehicle in pipeline.feed(frame):
                    print(show(vehicle), flush=True)
        finally:
            source.close()
        for vehicle in pipeline.finish():
            print(show(vehicle), flush=True)
    return 0
