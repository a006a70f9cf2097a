"""Ends a process at each of its writes in turn: the scene is played in forks, each one operation further.

    python -m tests.fault.dies MODULE FOLDER EACH [BEGINNING]

Run with the power shim preloaded. MODULE has `play(path, tell)`; what it tells is kept, line by line, in
FOLDER/N/told. The first and every EACH-th operation after it are tried; after each death the scene is played
again and dies soon. BEGINNING is a folder whose files are there when it begins. Prints the number of the
first operation that the scene did not live up to.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

_MOST_OPERATIONS, _SOON = 3000, 7
Play = Callable[[Path, Callable[[str], None]], None]


def main(module: str, folder: Path, each: int, beginning: Path | None) -> int:
    """Play the scene once for each operation that it may die at; 1 where it fails by itself."""
    play = cast(Play, importlib.import_module(module).play)
    shim = ctypes.CDLL(None)
    for number in range(1, _MOST_OPERATIONS, each):
        place = folder / str(number)
        (place / "log").mkdir(parents=True)
        (place / "disk").mkdir()
        if beginning:
            shutil.copytree(beginning, place / "disk" / "data")
        status = _played(play, shim, place, number)
        if status == 0:
            sys.stdout.write(f"{number}\n")
            return 0
        # What the first life had not synced, the second may take for lasting.
        again = _played(play, shim, place, 1 + number % _SOON)
        if status != signal.SIGKILL or again not in (0, signal.SIGKILL):
            return 1
    return 1


def _played(play: Play, shim: ctypes.CDLL, place: Path, number: int) -> int:
    """Play it in a process that dies at an operation; how it ended, as `os.waitpid` says."""
    child = os.fork()
    if child == 0:
        _play_until(play, shim, place, number)
    return os.waitpid(child, 0)[1]


def _play_until(play: Play, shim: ctypes.CDLL, place: Path, number: int) -> None:
    """In the child: never returns."""
    os.environ.update(POWER_CUT_ROOT=str((place / "disk").resolve()), POWER_CUT_LOG=str(place / "log"))
    told = os.open(place / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    shim.power_die_at(ctypes.c_long(number))
    play(place / "disk" / "data" / "disk.sqlite", lambda said: _tell(told, said))
    os._exit(0)


def _tell(told: int, said: str) -> None:
    os.write(told, said.encode() + b"\n")


if __name__ == "__main__":
    sys.exit(
        main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]) if sys.argv[4:] else None)
    )
