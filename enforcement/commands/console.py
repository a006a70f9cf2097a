"""Serve the officers' console."""

from __future__ import annotations

import argparse
import socket

import uvicorn

from config.link import serve_metrics, set_up_logs
from enforcement.console.app import create_app
from enforcement.errors import CommandRefused
from enforcement.office import Office


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: host and port are settings."""


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Serve until a signal ends it. Raises CommandRefused where the port cannot be had."""
    set_up_logs("console")
    console = office.settings.console
    app = create_app(office.settings, office.engine, office.clock)
    serve_metrics(office.settings.metrics, app.state.desk.registry)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, ws="none")
    with _listening(console.host, console.port) as listening:
        print(f"console: http://{console.host}:{console.port}", flush=True)
        uvicorn.Server(config).run(sockets=[listening])
    return 0


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise CommandRefused(
            f"the console cannot listen on {host}:{port} ({error.strerror}); "
            "stop what listens there or choose another port under 'console'"
        ) from error
