"""The only place that sets up MQTT, TLS, signing, logs and metrics."""

from config.link.logs import log_to, set_up_logs
from config.link.metrics import serve_metrics
from config.link.mqtt import Will, connect, new_client
from config.link.signing import load_or_make_key, load_public_key, public_text

__all__ = [
    "Will",
    "connect",
    "load_or_make_key",
    "load_public_key",
    "log_to",
    "new_client",
    "public_text",
    "serve_metrics",
    "set_up_logs",
]
