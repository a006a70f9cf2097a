"""Chooses the source that a text in a settings file or on the command line means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from config.clock import system_clock
from edge.errors import SourceError
from edge.sources.decoding import opened
from edge.sources.file import FileSource
from edge.sources.folder import FolderSource
from edge.sources.live import LiveSource
from edge.sources.seam import Source

STREAMS = ("rtsp://", "rtsps://", "http://", "https://", "udp://", "tcp://")
STREAM_OPTIONS = {
    "rtsp_transport": "tcp",
    "timeout": "10000000",
    "stimeout": "10000000",
    "fflags": "nobuffer",
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""When a file begins that nobody gave a time."""


def open_source(
    spec: str, started_at: datetime | None = None, clock: Callable[[], datetime] = system_clock
) -> Source:
    """The source that `spec` names: a stream's URL, a device under /dev, a folder or a video file.

    `started_at` (UTC) is when a file or folder begins, `clock` stamps the frames of live cameras. Raises
    SourceError when a file or folder is not there or cannot be read; a camera is waited for instead.
    """
    if spec.startswith(STREAMS):
        options = STREAM_OPTIONS if spec.startswith("rtsp") else {}
        shown = _without_password(spec)
        return LiveSource(shown, lambda: opened(spec, shown, options=options), clock)
    if "://" in spec:
        raise SourceError(
            f"{spec.split('://')[0]}:// is no source; expected {', '.join(STREAMS)}, a file or a folder"
        )
    if spec.startswith("/dev/"):
        return LiveSource(spec, lambda: opened(spec, spec, format_="v4l2"), clock)
    path = Path(spec)
    if path.is_dir():
        return FolderSource(path, started_at or EPOCH)
    return FileSource(path, started_at or EPOCH)


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
