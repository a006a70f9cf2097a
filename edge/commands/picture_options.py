"""Options that `replay` and `look` share, and what they stand for."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from config.files import load
from config.sites import Site
from edge.road.measure import Estimate
from edge.seen import SeenVehicle
from edge.settings import Models, PipelineSettings, load_models
from edge.vehicles.view import EVERYTHING, view_of
from edge.weights import Weights


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """The options that both commands take."""
    parser.add_argument(
        "--site", type=Path, metavar="FILE", help="YAML of the site: region of interest, lanes, calibration"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON per vehicle")
    parser.add_argument(
        "--keep-all-plates",
        action="store_true",
        help="read vehicles that are no HGVs too: for measuring on pictures one may keep plates of",
    )
    parser.add_argument(
        "--grammar", choices=("gb", "none"), default="gb", help="which plates count (default gb)"
    )
    parser.add_argument(
        "--models", type=Path, metavar="DIR", help="folder of weights instead of the shipped one"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads each network may use (default 1)")


def models_of(arguments: argparse.Namespace) -> Models:
    """The models the options name. Raises ModelError."""
    return load_models(Weights(arguments.models), arguments.threads)


def settings_of(arguments: argparse.Namespace, least_agreeing_looks: int) -> PipelineSettings:
    """The pipeline's settings by the options. Raises FileMistake and CalibrationError for a wrong site."""
    site = load(arguments.site, Site) if arguments.site else None
    return PipelineSettings(
        grammar=arguments.grammar,
        keep_all_plates=arguments.keep_all_plates,
        view=view_of(site) if site else EVERYTHING,
        least_agreeing_looks=least_agreeing_looks,
    )


def line_of(vehicle: SeenVehicle, arguments: argparse.Namespace) -> str:
    """What is printed for one vehicle: JSON with --json, else a line for a person."""
    return json.dumps(as_json(vehicle)) if arguments.json else as_text(vehicle)


def as_json(vehicle: SeenVehicle) -> dict[str, Any]:
    """The keys that both commands print, and no plate that was not asked for."""
    reading = vehicle.reading
    return {
        "source": vehicle.source,
        "first_s": round(vehicle.first_s, 3),
        "last_s": round(vehicle.last_s, 3),
        "vehicle": {
            "class": vehicle.vehicle_class,
            "hgv": round(vehicle.hgv, 4),
            "box": list(vehicle.box_px),
        },
        "plate": reading
        and {"text": reading.text, "confidence": round(reading.confidence, 4), "looks": reading.looks},
        "plate_reason": vehicle.plate_reason,
        "direction": vehicle.direction,
        "lane": vehicle.lane,
        "speed_mps": _figure(vehicle.measured.speed_mps),
        "length_m": _figure(vehicle.measured.length_m),
        "height_m": _figure(vehicle.measured.height_m),
        "captured_s": round(vehicle.captured_s, 3),
    }


def _figure(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None:
        return None
    return {"value": round(estimate.value, 2), "standard_error": round(estimate.standard_error, 2)}


def as_text(vehicle: SeenVehicle) -> str:
    """One line for a person."""
    plate = vehicle.reading.text if vehicle.reading else f"unread ({vehicle.plate_reason})"
    return (
        f"{vehicle.source}  {vehicle.first_s:7.2f} to {vehicle.last_s:7.2f} s  {vehicle.vehicle_class:10} "
        f"hgv {vehicle.hgv:.2f}  {vehicle.direction:8} {plate}"
    )
