"""The settings file that the commands of a unit share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import msgspec

from config.settings import Camera, EdgeSettings, load_settings


def add_config(parser: argparse.ArgumentParser) -> None:
    """The option that names the settings file."""
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the unit's settings")


def settings_from(arguments: argparse.Namespace) -> EdgeSettings:
    """The unit's settings; films are looked for beside the file. Raises FileMistake."""
    settings = load_settings(arguments.config, EdgeSettings, os.environ)
    folder = arguments.config.resolve().parent
    cameras = tuple(_with_film_beside(camera, folder) for camera in settings.cameras)
    return msgspec.structs.replace(settings, cameras=cameras)


def _with_film_beside(camera: Camera, folder: Path) -> Camera:
    if "://" in camera.source or camera.source.startswith("/dev/"):
        return camera
    return msgspec.structs.replace(camera, source=str(folder / camera.source))
