"""The short form of `make fault`: a round on each database and broker, with a few kills of each process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.fault.clocks import faketime_library

ROOT = Path(__file__).parents[2]
PASSAGES, KILLS, WINDOW_S = 150, 6, 8
WITHIN_S = 300


@pytest.fixture
def needed() -> None:
    missing = [program for program in ("gcc", "mosquitto", "setpriv") if shutil.which(program) is None]
    missing += [] if faketime_library() else ["libfaketime"]
    missing += [] if list(Path("/usr/lib/postgresql").glob("*/bin/postgres")) else ["postgresql"]
    if missing:
        pytest.skip(f"Debian's packages are not installed: {', '.join(missing)}")


def start(seed: int, folder: Path) -> subprocess.Popen[str]:
    """One round, in a process of its own."""
    size = ["--passages", str(PASSAGES), "--kills", str(KILLS), "--window-s", str(WINDOW_S)]
    kept = ["--rounds-file", str(folder / f"{seed}.jsonl")]
    command = [sys.executable, "-m", "tests.fault", "--seeds", str(seed), *size, *kept]
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.usefixtures("needed")
def test_nothing_is_lost_in_two_short_rounds(tmp_path: Path) -> None:
    runs = {seed: start(seed, tmp_path) for seed in (1, 2)}
    told = {seed: run.communicate(timeout=WITHIN_S) for seed, run in runs.items()}
    for seed, run in runs.items():
        assert run.returncode == 0, f"seed {seed}: {''.join(told[seed])}"
        figures = msgspec.json.decode(told[seed][0].splitlines()[-1])
        assert (figures["passages"], figures["missing"], figures["duplicated"]) == (PASSAGES, 0, 0)
        assert all(figures["kills_by_process"][kind] >= 2 for kind in ("agent", "broker", "ingester"))
