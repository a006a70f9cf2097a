"""Playing a scene to its death at each of its writes, and looking at what it left as often as one likes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fault.power import Disk

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Death:
    """A scene that died: its disk as it was then, and what it had told."""

    folder: Path
    disk: Disk
    told: list[str]

    @property
    def database(self) -> Path:
        """The scene's SQLite file."""
        return self.disk.root / "data" / "disk.sqlite"

    def after_cuts(self, count: int, look: Callable[[Path, list[str]], list[str]]) -> list[str]:
        """The faults that `look` finds in what was left, as it is and after `count` different power cuts."""
        as_it_died, found = _Copy(self.folder), list[str]()
        for cut in range(count + 1):
            if cut:
                as_it_died.put_back()
                self.disk.cut_power(random.Random(f"{self.folder.name} {cut}"))
            faults = look(self.database, self.told)
            found += [f"died at {self.folder.name}, cut {cut}: {fault}" for fault in faults]
        return found


def deaths(scene: str, shim: Path, folder: Path, each: int, beginning: Path | None = None) -> Iterator[Death]:
    """One death for `each`-th operation of the module `scene`, begun from a copy of `beginning`.

    Raises AssertionError where the scene fails by itself, or ends before it could die.
    """
    command = [sys.executable, "-m", "tests.fault.dies", scene, str(folder), str(each)]
    environment = {**os.environ, "LD_PRELOAD": str(shim)}
    more = [str(beginning)] if beginning else []
    done = subprocess.run(
        [*command, *more], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    survived = int(done.stdout)
    assert survived > 30, f"only {survived} operations were seen"
    for number in range(1, survived, each):
        died = folder / str(number)
        told = (died / "told").read_text().split("\n")[:-1]
        yield Death(died, Disk(shim, died / "disk", died / "log", died / "full"), told)
        shutil.rmtree(died)


class _Copy:
    """A folder's files in memory. They are put back into the same files: an outbox knows its own by more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def put_back(self) -> None:
        """Have the files as they were, and no others."""
        for path in self._folder.rglob("*"):
            if path.is_file() and path not in self._files:
                path.unlink()
        for path, content in self._files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
