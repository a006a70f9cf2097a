"""`hgv-edge bench VIDEO...`: what clips cost beside decoding them alone."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from edge.bench import ClipCost, Measurement, measured
from edge.commands.picture_options import add_picture_options, settings_of
from edge.errors import SourceError

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
        Console(soft_wrap=True).print(table_of(costs))
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


def table_of(costs: list[ClipCost]) -> Table:
    """A column per clip, a row per figure."""
    table = Table("CPU (user and system)", title="Cost of the picture pipeline")
    for cost in costs:
        table.add_column(Path(cost.source).name, justify="right")
    rows: list[tuple[str, list[str]]] = [
        ("picture, px", ["{} x {}".format(*cost.size_px) for cost in costs]),
        ("frames (loops)", [f"{cost.frames} ({cost.loops})" for cost in costs]),
        ("decoding alone, ms a frame", [f"{cost.decode_ms:.2f}" for cost in costs]),
        ("everything, ms a frame", [f"{cost.total_ms:.2f}" for cost in costs]),
        ("ratio", [f"{cost.ratio:.2f}" for cost in costs]),
        ("frames a second on one thread", [f"{cost.fps:.0f}" for cost in costs]),
        ("passages (HGVs)", [f"{cost.passages} ({cost.hgvs})" for cost in costs]),
        ("loading the models, ms once", [f"{1000 * cost.loading_s:.0f}" for cost in costs]),
        ("peak memory, MB", [f"{cost.peak_mb:.0f}" for cost in costs]),
    ]
    for name in dict.fromkeys(name for cost in costs for name in cost.stages_s):
        rows.append((f"{name}: ms a frame / a passage / a call", [_stage(cost, name) for cost in costs]))
    for label, values in rows:
        table.add_row(label, *values)
    return table


def _stage(cost: ClipCost, name: str) -> str:
    spent_ms = 1000 * cost.stages_s.get(name, 0.0)
    counts = (cost.frames, cost.passages, cost.calls.get(name, 0))
    return " / ".join(f"{spent_ms / count:.2f}" if count else "-" for count in counts)
