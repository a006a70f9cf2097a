"""A power cut: what no completed fsync has made last is dropped or torn.

`power.c` is preloaded into a process and logs what every write replaces; after the process was killed,
`cut_power` takes its files back to something that the disk could hold.
"""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("power.c")
_HEAD = struct.Struct("<qqqq")
_SECTOR_BYTES = 512


@dataclass(frozen=True)
class Write:
    """One write that no fsync has followed: where, how long, and what was there before."""

    at: int
    length: int
    size_before: int
    old: bytes


@dataclass(frozen=True)
class Disk:
    """A folder whose writes are logged: `root` on the disk that loses power, `log` on another.

    While `full` exists, nothing more can be written under `root`.
    """

    shim: Path
    root: Path
    log: Path
    full: Path

    def environment(self) -> dict[str, str]:
        """What a process needs to be logged."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.log.mkdir(parents=True, exist_ok=True)
        return {
            "LD_PRELOAD": str(self.shim),
            "POWER_CUT_ROOT": str(self.root.resolve()),
            "POWER_CUT_LOG": str(self.log),
            "POWER_CUT_FULL": str(self.full),
        }

    def cut_power(self, dice: random.Random) -> int:
        """Lose what was not sure to last, all of it or by chance parts; how many writes and names.

        The processes that write under `root` must be dead.
        """
        lost_share = dice.choice((1.0, 1.0, 0.5, 0.1))
        lost = 0
        for path, writes in self._unsynced().items():
            if path.exists():
                lost += _lose_writes(path, writes, lost_share, dice)
        for names in sorted(self.log.glob("d*"), reverse=True):
            lost += _lose_names(names.read_text().splitlines(), lost_share, dice)
        for index in self.root.rglob("*-shm"):
            index.unlink()
        self.forget()
        return lost

    def forget(self) -> None:
        """Take everything that is written now as lasting."""
        for log in self.log.iterdir():
            log.unlink()

    def _unsynced(self) -> Mapping[Path, list[Write]]:
        return {Path(log.name[1:].replace("%", "/")): _writes_in(log) for log in self.log.glob("f*")}


def build_shim(folder: Path) -> Path:
    """The compiled shim. Raises CalledProcessError where gcc cannot build it."""
    shim = folder / "power.so"
    if not shim.exists():
        command = [
            "gcc",
            "-O1",
            "-Wall",
            "-Werror",
            "-shared",
            "-fPIC",
            "-o",
            str(shim),
            str(_SOURCE),
            "-ldl",
        ]
        subprocess.run(command, check=True, capture_output=True)
    return shim


def _writes_in(log: Path) -> list[Write]:
    raw, writes, at = log.read_bytes(), [], 0
    while at < len(raw):
        begin, length, size_before, kept = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        writes.append(Write(begin, length, size_before, raw[at : at + kept]))
        at += kept
    return writes


def _lose_writes(path: Path, writes: list[Write], lost_share: float, dice: random.Random) -> int:
    """Undo the newest write first; of a torn one only some sectors."""
    content = bytearray(path.read_bytes())
    for write in reversed(writes):
        if dice.random() < lost_share and write.size_before < len(content):
            del content[write.size_before :]
        content.extend(b"\0" * (write.size_before - len(content)))
        _lose_sectors(content, write, lost_share, dice)
    path.write_bytes(content)
    return len(writes)


def _lose_sectors(content: bytearray, write: Write, lost_share: float, dice: random.Random) -> None:
    ends = min(write.at + write.length, len(content))
    old = write.old.ljust(max(0, ends - write.at), b"\0")
    begin = write.at
    while begin < ends:
        end = min(ends, (begin // _SECTOR_BYTES + 1) * _SECTOR_BYTES)
        if dice.random() < lost_share:
            content[begin:end] = old[begin - write.at : end - write.at]
        begin = end


def _lose_names(lines: list[str], lost_share: float, dice: random.Random) -> int:
    """Undo what was made or renamed in a folder: a journal keeps the first so many changes."""
    kept = 0 if lost_share == 1.0 else dice.randint(0, len(lines))
    for line in reversed(lines[kept:]):
        what, path, origin = line.split("\t")
        if what == "D":
            shutil.rmtree(path, ignore_errors=True)
        elif what == "C":
            Path(path).unlink(missing_ok=True)
        elif Path(path).exists() and Path(origin).parent.is_dir():
            Path(path).rename(origin)
    return len(lines) - kept
