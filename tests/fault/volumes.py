"""Disks that fill up: a small tmpfs where root may mount one, else the shim's word that nothing more fits."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.fault.power import Disk

_BLOCK = b"\0" * 65536


@dataclass(frozen=True)
class Volume:
    """The disk of one machine: `disk.root` on a file system of its own where `is_mounted`."""

    disk: Disk
    is_mounted: bool

    def fill(self) -> None:
        """Leave no room."""
        if not self.is_mounted:
            self.disk.full.touch()
            return
        with self._ballast.open("ab", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(_BLOCK[: self._free_bytes() or 1])

    def free(self) -> None:
        """Give the room back."""
        self.disk.full.unlink(missing_ok=True)
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the file system off."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.disk.root)], check=True)

    def _free_bytes(self) -> int:
        return min(len(_BLOCK), shutil.disk_usage(self.disk.root).free)

    @property
    def _ballast(self) -> Path:
        return self.disk.root / "ballast"


def new_volume(folder: Path, shim: Path, size_mb: int) -> Volume:
    """A volume at `folder`/disk, with its log beside it on another file system."""
    disk = Disk(shim, folder / "disk", folder / "log", folder / "full")
    disk.root.mkdir(parents=True)
    disk.log.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(disk.root)]
    may = os.geteuid() == 0
    return Volume(disk, may and subprocess.run(mount, capture_output=True, check=False).returncode == 0)
