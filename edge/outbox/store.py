"""The outbox's file and pictures, kept usable: whole transactions, a new file in place of a damaged one."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TypeVar

import structlog

from config.wire import Storage
from edge.outbox import rows as rows
from edge.outbox.begin import opened
from edge.outbox.file import DiskFull, OutboxDamaged, OutboxError, trouble_with
from edge.outbox.pictures import Sync
from edge.outbox.rescue import put_aside
from edge.outbox.upgrade import transaction
from edge.outbox.values import OutboxPicture, Step

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_log = structlog.get_logger()


class Store:
    """One outbox's file and pictures; hold `lock` around everything that belongs together.

    `storage` is how the disk took the last that was written.
    """

    def __init__(self, path: Path, reached: Callable[[Step], None], sync: Sync) -> None:
        self.path = path
        self.reached = reached
        self.lock = RLock()
        self._sync = sync
        self.storage: Storage = "ok"
        self._needs_opening = False
        self.connection, self.files, self.outbox_id = opened(path, sync)

    def read(self, work: Work[T]) -> T:
        """What `work` finds. Raises OutboxError."""
        with self.lock:
            return self._undamaged(work)

    def write(self, work: Work[T], written: Step, committed: Step) -> T:
        """What `work` gives, once what it wrote is on the disk. Raises OutboxError: nothing was written."""

        def in_one(connection: sqlite3.Connection) -> T:
            with transaction(connection):
                done = work(connection)
                self.reached(written)
                return done

        with self.lock, self._noting_trouble():
            done = self._undamaged(in_one)
        self.reached(committed)
        return done

    def write_pictures(self, pictures: Sequence[OutboxPicture]) -> None:
        """Have pictures on the disk before a row names them. Raises OutboxError."""
        with self._noting_trouble():
            try:
                self.files.write(pictures)
            except OSError as error:
                kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else OutboxError
                told = f"pictures cannot be written beside {self.path}: {error}"
                raise kind(f"{told}; check its disk") from error

    def read_picture(self, sha256: str) -> bytes | None:
        """A picture; None where it is gone or damaged. Raises OutboxError where that cannot be told."""
        try:
            return self.files.read(sha256)
        except OSError as error:
            if error.errno == errno.EIO:  # the card cannot read its place any more
                return None
            raise OutboxError(f"a picture beside {self.path} cannot be read: {error}") from error

    def remove_pictures(self, hashes: Iterable[str]) -> None:
        """Take pictures off the disk. One that the disk does not let go is swept away at the next start."""
        for sha256 in hashes:
            try:
                self.files.remove([sha256])
            except OSError as error:
                _log.warning("picture_not_removed", sha256=sha256, error=str(error), next="at the next start")
        self.reached(Step.FILES_REMOVED)

    def write_log_back(self) -> None:
        """Have SQLite's log written into the file and emptied, as far as the disk lets it."""
        with suppress(OutboxError):
            self.read(lambda c: c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())

    def remove_unnamed(self, pictures: Iterable[OutboxPicture]) -> None:
        """Take those of the pictures off the disk that no row names."""
        hashes = {picture.sha256 for picture in pictures}
        self.remove_pictures(hashes - self.read(lambda c: rows.noted_pictures(c, hashes)))

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.connection.close()

    def _undamaged(self, work: Work[T]) -> T:
        """Do the work, a second time where the file turned out to be damaged and a new one was begun."""
        if self._needs_opening:  # the disk had no room for a new one the last time
            self._open_again()
        try:
            return self._work(work)
        except OutboxDamaged as damage:
            _log.error("outbox_damaged", error=str(damage), next="put aside; what can be read goes on")
        self._put_aside()
        self._open_again()
        return self._work(work)

    @contextmanager
    def _noting_trouble(self) -> Iterator[None]:
        try:
            yield
        except OutboxError as error:
            self.storage = "full" if isinstance(error, DiskFull) else "failing"
            raise
        self.storage = "ok"

    def _put_aside(self) -> None:
        self._needs_opening = True
        try:
            with suppress(sqlite3.Error):
                self.connection.close()
            put_aside(self.path)
        except OSError as error:
            raise OutboxError(f"the damaged outbox {self.path} cannot be put aside: {error}") from error

    def _open_again(self) -> None:
        self.connection, self.files, self.outbox_id = opened(self.path, self._sync)
        self._needs_opening = False

    def _work(self, work: Work[T]) -> T:
        try:
            return work(self.connection)
        except sqlite3.Error as error:
            raise trouble_with(self.path, error) from error
