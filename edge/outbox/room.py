"""Room for events: the oldest pictures are given up for it, and that is noted to be told."""

from __future__ import annotations

import sqlite3

from edge.outbox import rows as rows


class Room:
    """What an outbox may take on the disk, and which pictures were given up for it."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._given_up: set[str] = set()

    def keep_within(self, connection: sqlite3.Connection) -> list[str]:
        """Take the oldest pictures out of the tables while there are too many bytes.

        Their hashes: the files are to go once that is committed.
        """
        for sha256 in self._given_up:
            rows.lose_picture(connection, sha256, "disk_full")
        too_many = rows.used_bytes(connection) - self.most_bytes
        oldest = rows.oldest_pictures(connection, too_many)
        for sha256 in oldest:
            rows.lose_picture(connection, sha256, "disk_full")
        return oldest

    def noted(self) -> None:
        """What was given up on a full disk is written down now."""
        self._given_up.clear()

    def give_up(self, connection: sqlite3.Connection, least_bytes: int) -> list[str]:
        """The pictures that are to go from a full disk, where not even a table can be changed.

        The tables follow with the next transaction. A unit that dies before finds the files gone.
        """
        oldest = rows.oldest_pictures(connection, least_bytes, but=self._given_up)
        self._given_up.update(oldest)
        return oldest

    def was_given_up(self, sha256: str) -> bool:
        """Whether a picture that the tables still name was taken off the disk."""
        return sha256 in self._given_up
