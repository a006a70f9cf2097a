"""What the outboxes have taken, noted as it is taken: the half of the comparison that no fault reaches."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct, json

from tests.fault.made_up import Event


class Sent(Struct, frozen=True):
    """One event that an outbox has taken."""

    number: int
    kind: str
    message_id: str
    payload_sha256: str
    pictures: tuple[str, ...]


class SentFile:
    """A line for each vehicle, on the disk before the next; an unfinished last line counts as not written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        whole = path.read_bytes().rpartition(b"\n")[0] if path.exists() else b""
        path.write_bytes(whole + b"\n" if whole else b"")

    def last_number(self) -> int:
        """The number of the last vehicle of which everything was taken; 0 before the first."""
        return max((sent.number for sent in read_sent(self._path)), default=0)

    def write(self, number: int, taken: Sequence[Event]) -> None:
        """Note everything of a vehicle at once."""
        with self._path.open("ab") as file:
            file.write(json.encode([_sent(number, event) for event in taken]) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def read_sent(path: Path) -> Iterator[Sent]:
    """What a file says was sent; nothing where there is none."""
    if path.exists():
        for line in path.read_bytes().splitlines():
            yield from json.decode(line, type=list[Sent])


def _sent(number: int, event: Event) -> Sent:
    return Sent(
        number,
        event.kind,
        event.message_id,
        hashlib.sha256(event.payload).hexdigest(),
        tuple(picture.sha256 for picture in event.pictures),
    )
