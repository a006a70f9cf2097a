"""Times that no camera can have meant: they are refused before anything is reckoned with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from config.wire import Health, Loss, Traffic
from ingest.errors import MessageRefused
from ingest.intake.arrivals import Message

# A film that nobody gave a time begins in 1970.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def check_times(message: Message) -> None:
    """Raise MessageRefused for an instant before 1970 or after 2199."""
    for name, at in _instants(message):
        if at is not None and not _EARLIEST <= at < _LATEST:
            raise MessageRefused("absurd_time", f"{name} is {at.isoformat()}; expected 1970 to 2199")


def _instants(message: Message) -> Iterator[tuple[str, datetime | None]]:
    if isinstance(message, Traffic):
        yield "minute", message.minute
    elif isinstance(message, Health):
        yield "sent_at", message.sent_at
        for camera in message.cameras:
            yield "last_frame_at", camera.last_frame_at
            yield "faulty_since", camera.faulty_since
            yield "seeing_since", camera.seeing_since
        if message.heard is not None:
            yield "heard", message.heard.sent_at
    elif isinstance(message, Loss):
        yield "noticed_at", message.noticed_at
    else:
        for name in ("captured_at", "first_seen", "last_seen"):
            yield name, getattr(message, name)
        if message.deployment is not None:
            yield "started_at", message.deployment.started_at
            yield "ended_at", message.deployment.ended_at
