"""`hgv-edge bench VIDEO...`: what clips cost beside decoding them alone."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from edge.bench.cost import ClipCost, Measurement, measured
from edge.commands.picture_options import add_picture_options, settings_of
from edge.errors import SourceError

WIDTH = 120
"""How wide the tables are where no terminal says."""
SUMMARY = "measure what clips cost: CPU per frame, stage and passage, and memory"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("video", nargs="+", help="video files; short ones are looped to 1,000 frames")
    add_picture_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure each clip; one that cannot be read is named and the others still come.

    Prints a table, and with --json one line of JSON after it.
    """
    settings = settings_of(arguments, least_agreeing_looks=2)
    costs, unreadable = [], 0
    for name in arguments.video:
        try:
            costs.append(measured(Measurement(Path(name), settings, arguments.models, arguments.threads)))
        except SourceError as error:
            print(f"hgv-edge bench: {error}", file=sys.stderr)
            unreadable += 1
    if costs:
        console = Console()
        if not console.is_terminal:
            console.width = WIDTH
        console.print(clips_table(costs), stages_table(costs))
    if arguments.json:
        print(json.dumps({"clips": [as_json(cost) for cost in costs]}), flush=True)
    return 2 if unreadable else 0


def as_json(cost: ClipCost) -> dict[str, Any]:
    """The keys of one clip; `stages` are milliseconds of CPU per frame, passages count all loops."""
    return {
        "source": cost.source,
        "size_px": list(cost.size_px),
        "decode_ms": round(cost.decode_ms, 3),
        "total_ms": round(cost.total_ms, 3),
        "stages": _thousandths(cost, cost.frames),
        "stages_per_passage_ms": _thousandths(cost, cost.passages) if cost.passages else None,
        "calls": cost.calls,
        "ratio": round(cost.ratio, 3),
        "fps": round(cost.fps, 1),
        "peak_mb": round(cost.peak_mb, 1),
        "frames": cost.frames,
        "loops": cost.loops,
        "passages": cost.passages,
        "hgvs": cost.hgvs,
        "loading_ms": round(1000 * cost.loading_s, 1),
    }


def _thousandths(cost: ClipCost, parts: int) -> dict[str, float]:
    """Milliseconds of each stage for one of `parts` frames or passages."""
    return {name: round(1000 * seconds / parts, 3) for name, seconds in cost.stages_s.items()}


def clips_table(costs: list[ClipCost]) -> Table:
    """A row per clip; all times are CPU, user and system."""
    table = Table(title="Cost of clips: CPU per frame beside decoding alone", title_justify="left")
    table.add_column("clip", overflow="fold")
    for heading in ("px", "frames", "decoding ms", "all ms", "ratio", "fps", "passages", "HGVs", "peak MB"):
        table.add_column(heading, justify="right")
    for cost in costs:
        table.add_row(
            Path(cost.source).name,
            "x".join(map(str, cost.size_px)),
            str(cost.frames),
            f"{cost.decode_ms:.2f}",
            f"{cost.total_ms:.2f}",
            f"{cost.ratio:.2f}",
            f"{cost.fps:.0f}",
            str(cost.passages),
            str(cost.hgvs),
            f"{cost.peak_mb:.0f}",
        )
    return table


def stages_table(costs: list[ClipCost]) -> Table:
    """A row per clip and stage, and what loading the models took."""
    table = Table(title="Stages: ms of CPU", title_justify="left")
    table.add_column("clip", overflow="fold")
    table.add_column("stage")
    for heading in ("a frame", "a passage", "a call", "calls"):
        table.add_column(heading, justify="right")
    for cost in costs:
        for name, seconds in cost.stages_s.items():
            counts = (cost.frames, cost.passages, cost.calls[name])
            shares = [f"{1000 * seconds / count:.3f}" if count else "-" for count in counts]
            table.add_row(Path(cost.source).name, name, *shares, str(cost.calls[name]))
        loading = f"{1000 * cost.loading_s:.0f}"
        table.add_row(Path(cost.source).name, "(models)", "", "", loading, "1", end_section=True)
    return table
