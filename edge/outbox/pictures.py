"""Evidence pictures as files by their hash, beside the outbox's table of them.

A picture is whole and on the disk before a row names it; a file that no row names is swept away at the next
start. As files they can be given up on a disk so full that not even a table can be changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from hashlib import sha256 as hash_of
from pathlib import Path

from edge.outbox.values import OutboxPicture

Sync = Callable[[int], None]
_UNFINISHED = ".new"


class PictureFiles:
    """The files in one folder, made with it. What the disk says comes through as OSError."""

    def __init__(self, folder: Path, sync: Sync = os.fsync) -> None:
        self._folder = folder
        self._sync = sync
        if not folder.is_dir():
            folder.mkdir(parents=True)
            sync_folder(folder.parent, sync)

    def write(self, pictures: Sequence[OutboxPicture]) -> None:
        """Write those that are not there; all survive a power cut from now on."""
        for picture in pictures:
            if self.read(picture.sha256) is None:
                self._write(self._folder / picture.sha256, picture.jpeg)
        if pictures:  # also for those that were there: an earlier try may have been cut short here
            sync_folder(self._folder, self._sync)

    def read(self, sha256: str) -> bytes | None:
        """The picture; None where it is gone or its bytes are not those of its hash any more."""
        try:
            jpeg = (self._folder / sha256).read_bytes()
        except FileNotFoundError:
            return None
        return jpeg if hash_of(jpeg).hexdigest() == sha256 else None

    def remove(self, hashes: Iterable[str]) -> None:
        """Take pictures off the disk; those that are not there are no matter."""
        for sha256 in hashes:
            (self._folder / sha256).unlink(missing_ok=True)

    def by_age(self) -> list[tuple[str, int]]:
        """Hash and size in bytes of each file, the oldest first."""
        found = [(entry.stat(), entry.name) for entry in os.scandir(self._folder) if _is_hash(entry.name)]
        return [(name, status.st_size) for status, name in sorted(found, key=lambda one: one[0].st_mtime_ns)]

    def from_before(self, time_s: float, hashes: Iterable[str]) -> set[str]:
        """Those of the pictures that were written before a time (seconds since 1970)."""
        paths = [self._folder / sha256 for sha256 in hashes]
        return {path.name for path in paths if path.exists() and path.stat().st_mtime < time_s}

    def keep_only(self, hashes: Collection[str]) -> None:
        """Sweep away everything else: what a kill has left before its row, or after."""
        for entry in list(os.scandir(self._folder)):
            if entry.name not in hashes:
                os.unlink(entry.path)

    def _write(self, path: Path, jpeg: bytes) -> None:
        unfinished = path.with_suffix(_UNFINISHED)
        try:
            with unfinished.open("wb") as file:
                file.write(jpeg)
                file.flush()
                self._sync(file.fileno())
            unfinished.rename(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise


def sync_folder(folder: Path, sync: Sync = os.fsync) -> None:
    """Have the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def _is_hash(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")
