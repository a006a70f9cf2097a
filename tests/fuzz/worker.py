"""One target of a campaign, in a process of its own: python -m tests.fuzz.worker NAME RUNS CRASH_FOLDER SEED

With atheris (PyPI, Linux on x86-64) inputs follow the coverage of our code; without it they are those of the
short form. Says on standard output, as JSON, with which engine and how much memory it
begins; ends with 0 where nothing failed. An input that fails lies in the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import resource
import sys
import tempfile
from pathlib import Path
from random import Random

from tests.fuzz.mutation import mutated
from tests.fuzz.target import Target

try:
    import atheris
except ImportError:
    atheris = None

MOST_GROWTH_MB = 200
_OURS = ["config", "edge", "ingest", "enforcement", "deploy"]
_SLOWEST_S = 30
_MOST_BYTES = 4096


def main() -> int:
    """Run one target."""
    name, runs, crashes, seed = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    with tempfile.TemporaryDirectory(prefix="hgv-fuzz-", dir=_in_memory()) as folder:
        target = _target(name, Path(folder))
        for known in target.seeds:
            target.run(known)
        begins = {"engine": "atheris" if atheris else "mutation", "before_mb": _peak_mb()}
        sys.stdout.write(json.dumps(begins) + "\n")
        sys.stdout.flush()
        if atheris:
            _guided(target, runs, crashes, seed, Path(folder))
        else:
            _blind(target, runs, crashes, seed)
    return 0


def _target(name: str, folder: Path) -> Target:
    watched = atheris.instrument_imports(include=_OURS) if atheris else contextlib.nullcontext()
    with watched:
        from tests.fuzz.targets import targets
    return next(target for target in targets(folder) if target.name == name)


def _guided(target: Target, runs: int, crashes: Path, seed: int, folder: Path) -> None:
    """libFuzzer ends the process itself, and says its figures on standard error."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, known in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(known)
    options = {
        "runs": runs,
        "seed": seed,
        "max_len": max(_MOST_BYTES, *(len(known) for known in target.seeds)),
        "timeout": _SLOWEST_S,
        "rss_limit_mb": _peak_mb() + MOST_GROWTH_MB,
        "artifact_prefix": f"{crashes}/",
        "print_final_stats": 1,
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(corpus)], target.run
    )
    atheris.Fuzz()


def _blind(target: Target, runs: int, crashes: Path, seed: int) -> None:
    for number in range(runs):
        data = mutated(target.seeds, Random(f"{seed} {number}"))
        try:
            target.run(data)
        except Exception:
            (crashes / f"crash-{hashlib.sha1(data, usedforsecurity=False).hexdigest()}").write_bytes(data)
            raise
    sys.stderr.write(f"stat::number_of_executed_units: {runs}\nstat::peak_rss_mb: {_peak_mb()}\n")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _in_memory() -> str | None:
    """Databases and outboxes sync at each step, which is not what is tried here."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
