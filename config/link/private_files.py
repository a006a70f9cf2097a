"""Keys and certificates on disk: written whole or not at all, private ones for their owner only."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from config.errors import LinkError


def write_private(path: Path, content: bytes) -> None:
    """Put `content` where nothing is yet (mode 0600, fsynced); what is there already stays.

    Two processes that start together so end up with one key. Raises LinkError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(unfinished, path)
        finally:
            Path(unfinished).unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise LinkError(f"a new key cannot be written to {path}: {error.strerror}") from error


def replace_whole(path: Path, content: bytes) -> None:
    """Put `content` in place of what is there; a reader sees the old or the new, never half.

    Raises LinkError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.new")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise LinkError(f"{path} cannot be written: {error.strerror}") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
