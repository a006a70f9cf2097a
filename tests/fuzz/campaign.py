"""The long form: a million executions over all decoders, its figures kept in tests/fuzz/figures.json.

    python -m tests.fuzz.campaign [--runs 1000000] [--only TARGET] [--crashes FOLDER]

Each target's figures replace its last ones. Ends with 1 where one of them has failed: an input raised or took
30 s, or memory grew by more than 200 MB.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fuzz.target import Target
from tests.fuzz.targets import targets
from tests.fuzz.worker import MOST_GROWTH_MB

FIGURES = Path(__file__).parent / "figures.json"
_STAT = re.compile(r"stat::(number_of_executed_units|peak_rss_mb): +(\d+)")


def main() -> int:
    """Run the targets, one after another."""
    arguments = _parser().parse_args()
    arguments.crashes.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        found = targets(Path(folder))
    parts = sum(target.share for target in found)
    results: dict[str, Any] = json.loads(FIGURES.read_bytes())["targets"] if FIGURES.exists() else {}
    results = {target.name: results[target.name] for target in found if target.name in results}
    for target in found:
        if arguments.only in (None, target.name):
            runs = arguments.runs * target.share // parts + 1
            results[target.name] = _ran(target, runs, arguments.crashes, arguments.seed)
            told = _summed(results)
            FIGURES.write_text(json.dumps({**told, "targets": results}, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if told["failures"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.campaign", description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000, help="over all targets (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="TARGET", help="one target, with its share of the runs")
    parser.add_argument("--crashes", type=Path, default=Path("var/fuzz"), help="where failing inputs go")
    return parser


def _summed(results: dict[str, Any]) -> dict[str, Any]:
    return {
        "executions": sum(result["executions"] for result in results.values()),
        "failures": sum(not result["passed"] for result in results.values()),
        "largest_growth_mb": max(result["growth_mb"] for result in results.values()),
    }


def _ran(target: Target, runs: int, crashes: Path, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.fuzz.worker", target.name, str(runs), str(crashes), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    stats = {name: int(value) for name, value in _STAT.findall(done.stderr)}
    lines = done.stdout.splitlines()
    begins = json.loads(lines[0]) if lines else {"engine": "none", "before_mb": 0}
    growth_mb = max(stats.get("peak_rss_mb", 0) - begins["before_mb"], 0)
    passed = done.returncode == 0 and growth_mb <= MOST_GROWTH_MB
    if not passed:
        sys.stderr.write(f"{target.name} failed; the input lies in {crashes}\n{done.stderr[-4000:]}\n")
    executions = stats.get("number_of_executed_units", 0)
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": " ".join(["python -m tests.fuzz.campaign", *sys.argv[1:]]),
        "engine": begins["engine"],
        "executions": executions,
        "growth_mb": growth_mb,
        "passed": passed,
    }
    sys.stdout.write(json.dumps({"target": target.name, **result}) + "\n")
    sys.stdout.flush()
    return result


if __name__ == "__main__":
    sys.exit(main())
