"""`make fault`: rounds of kills, cuts, full disks and forgeries, until enough was sent and enough was killed.

    python -m tests.fault [--seeds 1-20] [--passages N] [--kills N] [--minutes M] [--resume]

Each seed is a round of its own: SQLite and PostgreSQL in turn, mosquitto and the embedded broker in turn.
Prints a table and a last line of JSON. Ends with 0 only when nothing was missing, double, altered, wrongly or
not quarantined, and nothing ended by itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.fault import made_up
from tests.fault.databases import Cluster, private_cluster
from tests.fault.figures import Figures, RoundFigures
from tests.fault.plan import Size, plan_of
from tests.fault.power import build_shim
from tests.fault.rounds import run_round

_OWN_MOUNTS = "FAULT_OWN_MOUNTS"
_ROUNDS_FILE = Path("var/fault/rounds.jsonl")


def main(argv: Sequence[str]) -> int:
    """Run the rounds that are asked for; 0 when every one of them was without fault."""
    asked = _parser().parse_args(argv)
    seeds = _seeds(asked.seeds)
    units = len(made_up.UNITS)
    each = -(-asked.passages // (len(seeds) * units)) * units
    size = Size(each, -(-asked.kills // (3 * len(seeds))), asked.window_s)
    figures = Figures(asked.rounds_file, _command(argv))
    if asked.resume:
        seeds = [seed for seed in seeds if not figures.has(seed, size)]
    ends_at_s = time.monotonic() + asked.minutes * 60
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hgv-fault-")))
        shim = build_shim(folder)
        cluster = stack.enter_context(private_cluster())
        for seed in seeds:
            if time.monotonic() > ends_at_s:
                break
            figures.add(_round(seed, size, folder, shim, cluster, asked.keep))
    return figures.tell(sys.stdout, keep=asked.record)


def _round(
    seed: int, size: Size, folder: Path, shim: Path, cluster: Cluster, keep: Path | None
) -> RoundFigures:
    plan = plan_of(seed, size)
    sys.stderr.write(f"round {seed}: {plan.database}, {plan.broker}\n")
    place = folder / f"round-{seed}"
    place.mkdir()
    began_s = time.monotonic()
    database = cluster if plan.database == "postgresql" else None
    with (place / "driver.log").open("w", buffering=1) as log:
        done, verdict = run_round(plan, place, shim, database, lambda what: print(what, file=log))
    figures = RoundFigures.of(plan, done, verdict, time.monotonic() - began_s)
    for name, found in verdict.details():
        sys.stderr.write(f"round {seed}: {name}: {found}\n")
    if keep is not None and figures.faults:
        shutil.copytree(place, keep / place.name, dirs_exist_ok=True)
    shutil.rmtree(place)
    return figures


def _command(argv: Sequence[str]) -> str:
    """How a person would ask for the same."""
    told = " ".join(argument for argument in argv if argument != "--record")
    return f'make fault ARGS="{told}"' if told else "make fault"


def _seeds(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make fault", description="Nothing lost, whatever is killed.")
    parser.add_argument("--seeds", default="1-20", help="the rounds, as FIRST-LAST")
    parser.add_argument("--passages", type=int, default=51_000, help="over all seeds together")
    parser.add_argument("--kills", type=int, default=240, help="planned over all seeds together")
    parser.add_argument("--window-s", type=float, default=50.0, help="how long a round's faults last")
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no further round after that")
    parser.add_argument("--resume", action="store_true", help="leave out seeds that are done")
    parser.add_argument("--record", action="store_true", help="add the figures to tests/fault/figures.jsonl")
    parser.add_argument("--rounds-file", type=Path, default=_ROUNDS_FILE, help="one line for each round")
    parser.add_argument("--keep", type=Path, help="where a faulty round's files are kept")
    return parser


def _in_own_mounts(argv: Sequence[str]) -> None:
    """Have the mounts of this run go with it: root gets a mount namespace of its own, others none."""
    unshare = shutil.which("unshare") or "unshare"
    own = [unshare, "--mount", "--propagation", "private"]
    if os.geteuid() or os.environ.get(_OWN_MOUNTS):
        return
    if subprocess.run([*own, "true"], check=False, capture_output=True).returncode == 0:
        command = [*own, sys.executable, "-m", "tests.fault", *argv]
        os.execve(unshare, command, {**os.environ, _OWN_MOUNTS: "1"})


if __name__ == "__main__":
    _in_own_mounts(sys.argv[1:])
    sys.exit(main(sys.argv[1:]))
