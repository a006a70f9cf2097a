"""Prometheus metrics over HTTP, on loopback unless settings say otherwise."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, start_http_server

from config.errors import LinkError
from config.settings import Metrics


def serve_metrics(settings: Metrics | None, registry: CollectorRegistry) -> None:
    """Serve `registry` on the port of `settings`; do nothing without settings. Raises LinkError."""
    if settings is None:
        return
    try:
        start_http_server(settings.port, addr=settings.host, registry=registry)
    except OSError as error:
        raise LinkError(
            f"metrics cannot be served on {settings.host}:{settings.port} ({error.strerror}); "
            "choose another port under 'metrics'"
        ) from error
