"""Ids of passages and counts: new for a live camera, derived from the content for a film."""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from edge.seen import SeenVehicle


class Ids(Protocol):
    """Where the ids of messages come from."""

    @property
    def source(self) -> Literal["live", "file"]:
        """What the messages say that their times come from."""
        ...

    def passage_id(self, vehicle: SeenVehicle) -> str:
        """The id of a vehicle's passage."""
        ...

    def traffic_id(self, minute: datetime, part: int) -> str:
        """The id of the `part`-th counts of a minute."""
        ...


class LiveIds:
    """Ids of what a camera sees: each is new, and later than the ones before.

    They are UUIDs of version 7 (RFC 9562), which begin with the time: the centre's database has the place
    for a new one at the end of its index, not anywhere in it.
    """

    source: Literal["live", "file"] = "live"

    def passage_id(self, vehicle: SeenVehicle) -> str:
        """A new id."""
        return _new_id()

    def traffic_id(self, minute: datetime, part: int) -> str:
        """A new id."""
        return _new_id()


def _new_id() -> str:
    milliseconds, random = time.time_ns() // 1_000_000, secrets.randbits(74)
    version_and_some = 0x7000 | random >> 62
    variant_and_rest = 0x8000_0000_0000_0000 | random & 0x3FFF_FFFF_FFFF_FFFF
    return f"{milliseconds:012x}{version_and_some:04x}{variant_and_rest:016x}"


class FilmIds:
    """Ids of what a film shows, derived from its content: played again, it gives the same passages.

    The same film at another camera, or as of another time, is another event.
    """

    source: Literal["live", "file"] = "file"

    def __init__(self, content_sha256: str, camera_id: str, starts_at: datetime | None) -> None:
        began = starts_at.isoformat() if starts_at else "unknown"
        self._film = f"{content_sha256}|{camera_id}|{began}"

    def passage_id(self, vehicle: SeenVehicle) -> str:
        """The id of a track of this film."""
        return self._id(f"passage|{vehicle.track_id}|{vehicle.frame_number}")

    def traffic_id(self, minute: datetime, part: int) -> str:
        """The id of a minute of this film."""
        return self._id(f"traffic|{minute.isoformat()}|{part}")

    def _id(self, what: str) -> str:
        return hashlib.sha256(f"{self._film}|{what}".encode()).hexdigest()[:32]


def content_sha256(path: Path) -> str:
    """The hash of a file, or of a folder's files by name, in the order of their names."""
    if path.is_dir():
        parts = [f"{file.name}:{content_sha256(file)}" for file in sorted(path.iterdir()) if file.is_file()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
