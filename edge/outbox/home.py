"""Where an outbox lives: by that a copy of its file is told from the file itself.

A copy would give out numbers that the other gives out too. The machine, the card and the file's place on it
are noted when an outbox is begun; where one of them is another, a new outbox is begun. A unit that was
rightly moved to another board loses nothing by that: its events go on under new numbers, and the centre knows
them by their ids.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_MACHINE = ("proc/device-tree/serial-number", "sys/class/dmi/id/product_uuid", "etc/machine-id")
_MEDIUM = ("device/cid", "device/serial", "device/wwid", "serial")


@dataclass(frozen=True)
class Home:
    """The machine, the card or disk, and the file's inode; None where the system does not say."""

    machine: str | None
    medium: str | None
    inode: int | None


def home_of(path: Path, root: Path = Path("/")) -> Home:
    """Where the file lives. `root` is where the system's own files are looked for."""
    status = path.stat()
    device = root / "sys/dev/block" / f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"
    beside = [device / name for name in _MEDIUM]
    above = [device.resolve().parent / name for name in _MEDIUM]  # a partition's card or disk
    return Home(_first_text(root / name for name in _MACHINE), _first_text([*beside, *above]), status.st_ino)


def differs(noted: Home, found: Home) -> str | None:
    """What is another than was noted, in words; None where nothing known contradicts."""
    for what, before, now in (
        ("machine", noted.machine, found.machine),
        ("card or disk", noted.medium, found.medium),
        ("place on the disk", noted.inode, found.inode),
    ):
        if before is not None and now is not None and before != now:
            return what
    return None


def _first_text(paths: Iterable[Path]) -> str | None:
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8", errors="replace").strip("\0 \n")
        except OSError:
            continue
        if text:
            return text
    return None
