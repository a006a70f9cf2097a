"""Logs as JSON lines on standard error, one event a line, times in UTC."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog


def set_up_logs(process: str, level: int = logging.INFO) -> None:
    """Make structlog write JSON lines to standard error, each with the name of the process."""
    log_to(sys.stderr, process, level)


def log_to(stream: TextIO, process: str, level: int = logging.INFO) -> None:
    """The same to another stream."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
