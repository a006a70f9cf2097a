"""`hgv-edge run --config FILE`: the camera unit, until it is stopped or its films are seen."""

from __future__ import annotations

import argparse
import signal
from threading import Event

import structlog

from config.link import serve_metrics, set_up_logs
from edge.commands.unit_settings import add_config, settings_from
from edge.unit.assembly import build, shipped_pipelines

SUMMARY = "watch the cameras and send what passes to the centre"

_log = structlog.get_logger()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    add_config(parser)
    parser.add_argument(
        "--drain-timeout-s",
        type=float,
        default=600.0,
        metavar="SECONDS",
        help="with films only: how long the centre may take, after the last, to accept all (default 600)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the unit; 0 after SIGTERM or Ctrl-C, or when all films are seen and the centre has everything."""
    settings = settings_from(arguments)
    set_up_logs(settings.agent_id)
    stop = Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    parts = build(settings, *shipped_pipelines(settings), stop)
    serve_metrics(settings.metrics, parts.registry)
    if parts.gpsd is not None:
        parts.gpsd.start()
    _log.info("started", cameras=[camera.camera_id for camera in settings.cameras])
    try:
        code = parts.agent.run(stop, drain_timeout_s=arguments.drain_timeout_s)
    finally:
        if parts.gpsd is not None:
            parts.gpsd.stop()
        parts.outbox.close()
    _log.info("stopped", code=code)
    return code
