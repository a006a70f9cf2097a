"""A county with known truth through the decision code: what goes wrong, by cause, and how it moves."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from rich.console import Console

from enforcement.simulation.county import simulate, workers
from enforcement.simulation.parameters import PARAMETERS, POLICY, load_choices, load_parameters
from enforcement.simulation.report import print_figures
from enforcement.simulation.sweep import sweep
from enforcement.simulation.village import County

_PASSAGES = 1_000_000
_CELL = 25  # how many times smaller a cell of the tables is than the run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much, which chance, which county."""
    parser.add_argument("--json", action="store_true", help="end with one line of JSON instead of tables")
    parser.add_argument("--passages", type=_positive, default=_PASSAGES, metavar="N", help="at least so many")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another county for another seed")
    parser.add_argument("--parameters", type=Path, default=PARAMETERS, metavar="FILE", help="what is true")
    parser.add_argument("--policy", type=Path, default=POLICY, metavar="FILE", help="what the force chose")
    parser.add_argument("--workers", type=_positive, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--no-tables", action="store_true", help="leave out how the figures move")


def run_alone(arguments: argparse.Namespace) -> int:
    """Simulate and tell; 1 where a bar does not hold. Raises FileMistake for a file that is wrong."""
    county = County(load_parameters(arguments.parameters), load_choices(arguments.policy), arguments.seed)
    began, console = time.monotonic(), Console(stderr=True)
    at_once = 2 * arguments.workers
    with workers(arguments.workers) as pool, console.status("no passage yet") as status:
        figures = simulate(
            county, arguments.passages, pool, at_once, lambda so_far: status.update(f"{so_far:,} passages")
        )
        cell = 0 if arguments.no_tables else max(1, arguments.passages // _CELL)
        status.update("how the figures move")
        moved = list(sweep(county, cell, pool, at_once)) if cell else []
    if arguments.json:
        answer = figures.as_json()
        answer["moves"] = [each.as_json() for each in moved]
        answer["seconds"] = round(time.monotonic() - began, 1)
        print(json.dumps(answer))
    else:
        print_figures(Console(), figures, moved)
    return 0 if all(figures.bars().values()) else 1


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1")
    return number
