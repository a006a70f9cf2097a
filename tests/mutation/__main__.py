"""`make mutation`: every small mistake in the code that decides about people, and which its tests find.

    python -m tests.mutation [--only NAME] [--jobs 2] [--show]

`--only` takes the modules with that in their name; the figures of the others stay. Prints a table and what
survived; ends with 1 where less than nine in ten were found.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.mutation import trial
from tests.mutation.figures import ModuleFigures, keep, kept, table
from tests.mutation.judges import JUDGES
from tests.mutation.mistakes import mistakes_in

_BAR = 0.9


def main() -> int:
    """Try the modules that are asked for."""
    asked = _parser().parse_args()
    modules = [module for module in JUDGES if asked.only in module]
    if not modules:
        sys.stderr.write(f"no module has {asked.only!r} in its name; there are {', '.join(JUDGES)}\n")
        return 2
    trial.give_way()
    with tempfile.TemporaryDirectory(prefix="mutation-", dir=asked.copies) as folder:
        fork = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(asked.jobs, fork, trial.enter, (Path(folder),)) as courts:
            for module in modules:
                figures = _tried(courts, module, asked.jobs)
                keep(figures)
                sys.stdout.write(f"{figures.line()}\n" + "".join(f"  {each}\n" for each in figures.survivors))
                sys.stdout.flush()
    found = kept()
    sys.stdout.write(table(found))
    return 0 if all(figures.rate >= _BAR for figures in found) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAME", help="modules with this in their name")
    parser.add_argument("--jobs", type=int, default=2, help="processes (%(default)s)")
    parser.add_argument("--copies", type=Path, help="where copies of the tree are made, for a while")
    return parser


def _tried(courts: ProcessPoolExecutor, module: str, jobs: int) -> ModuleFigures:
    mistakes = list(mistakes_in((trial.ROOT / module).read_text(encoding="utf-8")))
    parts = [mistakes[place::jobs] for place in range(jobs)]
    judged = [courts.submit(trial.tried, module, part, JUDGES[module]) for part in parts]
    outcomes = [
        pair
        for part, done in zip(parts, judged, strict=True)
        for pair in zip(part, done.result(), strict=True)
    ]
    return ModuleFigures.of(module, JUDGES[module], outcomes)


if __name__ == "__main__":
    sys.exit(main())
