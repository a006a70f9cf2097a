"""Logs as JSON lines on standard error, one event a line, times in UTC."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog

Event = MutableMapping[str, Any]


def set_up_logs(process: str, level: int = logging.INFO) -> None:
    """Make structlog write JSON lines to standard error, each with the name of the process."""
    log_to(sys.stderr, process, level)


def log_to(stream: TextIO, process: str, level: int = logging.INFO) -> None:
    """The same to another stream."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _named(process),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def _named(process: str) -> Callable[[Any, str, Event], Event]:
    """Each event with the process's name: threads would not see it among the context's variables."""

    def named(logger: Any, method: str, event: Event) -> Event:
        event["process"] = process
        return event

    return named


def without_secrets(logger: Any, method: str, event: Event) -> Event:
    """The event with passwords in addresses and private keys blotted out, whichever field they came in.

    Nothing logs a secret on purpose; an error's text from a library may carry one all the same.
    """
    return {name: _blotted(value) for name, value in event.items()}


def _blotted(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, instead in _SECRETS:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, dict):
        return {_blotted(key): _blotted(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_blotted(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else _blotted(repr(value))


_SECRETS = (
    (re.compile(r"(:/{1,2}[^\s/:@]*):[^\s/]+@"), r"\1:***@"),
    (
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL),
        "***",
    ),
    (re.compile(r"""(["']d["']\s*:\s*["'])[^"']+"""), r"\1***"),
    (
        re.compile(r"(?i)((?:password|passwd|secret|api[-_]?key|token)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&]+"),
        r"\1***",
    ),
)
