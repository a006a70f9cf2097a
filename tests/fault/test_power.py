"""The power cut of the fault suite takes what no fsync has made last, and nothing else."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.fault.power import Disk

BEGIN = """
import os, sys
os.chdir(sys.argv[1])
def write(name, content):
    file = open(name, "wb", buffering=0)
    file.write(content)
    return file
def sync(name):
    descriptor = os.open(name, os.O_RDONLY)
    os.fsync(descriptor)
kept = write("kept", b"1" * 2000)
os.fsync(kept.fileno())
sync(".")
"""


@pytest.fixture
def disk(shim: Path, tmp_path: Path) -> Disk:
    return Disk(shim, tmp_path / "disk", tmp_path / "log", tmp_path / "full")


def after_the_cut(disk: Disk, does: str, seed: int) -> dict[str, bytes]:
    """The files that are left when the power goes after the process has done this."""
    environment = {**os.environ, **disk.environment()}
    # However a file is called, it is the same file.
    command = [sys.executable, "-c", BEGIN + does.replace("AT/", f"{disk.root}/"), str(disk.root)]
    subprocess.run(command, env=environment, check=True)
    disk.cut_power(random.Random(seed))
    return {path.name: path.read_bytes() for path in disk.root.rglob("*") if path.is_file()}


def everything_lost(seed: int) -> bool:
    """Whether a cut with this seed drops all, not parts."""
    return random.Random(seed).choice((1.0, 1.0, 0.5, 0.1)) == 1.0


ALL_LOST = next(seed for seed in range(99) if everything_lost(seed))
TORN = [seed for seed in range(99) if not everything_lost(seed)][:8]
KEPT = {"kept": b"1" * 2000}


@pytest.mark.parametrize(
    ("does", "left"),
    [
        ("", KEPT),
        ("kept.write(b'2' * 3000)", KEPT),
        ("kept.seek(500); kept.write(b'2' * 800)", KEPT),
        ("kept.truncate(10)", KEPT),
        ("kept.write(b'2' * 3000); os.fdatasync(kept.fileno())", {"kept": b"1" * 2000 + b"2" * 3000}),
        ("new = write('AT/new', b'3'); os.fsync(new.fileno())", KEPT),
        ("new = write('AT/new', b'3'); os.fsync(new.fileno()); sync('AT/')", {**KEPT, "new": b"3"}),
        ("new = write('AT/new', b'3'); sync('AT/')", {**KEPT, "new": b""}),
        ("os.rename('kept', 'AT/renamed')", KEPT),
        ("os.rename('AT/kept', 'AT/renamed'); sync('AT/')", {"renamed": b"1" * 2000}),
        ("os.mkdir('AT/in'); new = write('AT/in/new', b'3'); os.fsync(new.fileno()); sync('in/')", KEPT),
        ("os.unlink('kept')", {}),
    ],
)
def test_only_what_was_synced_is_left(disk: Disk, does: str, left: dict[str, bytes]) -> None:
    assert after_the_cut(disk, does, ALL_LOST) == left


@pytest.mark.parametrize("seed", TORN)
def test_a_torn_write_leaves_old_and_new_sectors_and_what_was_synced(disk: Disk, seed: int) -> None:
    left = after_the_cut(disk, "kept.seek(0); kept.write(b'2' * 1024)", seed)["kept"]
    assert left[1024:] == b"1" * 976
    for sector in (left[:512], left[512:1024]):
        assert sector in (b"1" * 512, b"2" * 512)


def test_a_full_disk_takes_nothing_more(disk: Disk) -> None:
    disk.full.touch()
    environment = {**os.environ, **disk.environment()}
    done = subprocess.run(
        [sys.executable, "-c", BEGIN, str(disk.root)], env=environment, capture_output=True, check=False
    )
    assert b"No space left on device" in done.stderr
    assert list(disk.root.iterdir()) == []


HOLDS_A_DATABASE = """
import sqlite3, sys
held = sqlite3.connect("held.sqlite", isolation_level=None)
held.execute("PRAGMA journal_mode=WAL")
held.execute("CREATE TABLE numbers (number)")
held.execute("PRAGMA wal_checkpoint(PASSIVE)")
print("ready", flush=True)
sys.stdin.readline()
held.execute("INSERT INTO numbers VALUES (1)")
print("done", flush=True)
sys.stdin.readline()
"""


def test_a_watched_process_keeps_its_locks_on_a_database(disk: Disk) -> None:
    """Else who opens and closes the database beside it would think to be the last, and remove its log."""
    environment = {**os.environ, **disk.environment()}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_DATABASE],
        cwd=disk.root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"ready\n"
        assert numbers(disk.root / "held.sqlite") == []
        assert (disk.root / "held.sqlite-wal").exists()
        holder.stdin.write(b"\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == b"done\n"
        assert numbers(disk.root / "held.sqlite") == [1]


def numbers(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as beside:
        return [number for (number,) in beside.execute("SELECT number FROM numbers")]
