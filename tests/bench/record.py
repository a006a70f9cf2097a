"""Measures all clips and notes a line for each in figures.jsonl: `python -m tests.bench.record`.

Each line holds what `hgv-edge bench` says of the clip, the day, the commit, and what the naive chain costs a
frame. Against the line before of the same clip a change is printed, so that a slow-down is seen; bars that
are missed are named.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edge.bench.cost import Measurement, measured
from edge.commands.bench import as_json
from edge.settings import PipelineSettings
from edge.sources.file import FileSource
from edge.sources.opening import EPOCH
from tests.bench.bars import Bar, bars
from tests.bench.clips import clip_without_motion, clips_here
from tests.bench.naive import NaiveChain, WeightsNotHereError

FIGURES = Path(__file__).parent / "figures.jsonl"
NAIVE_EVERY = 20
"""The naive chain costs so much that every 20th frame has to do; decoding is counted for all."""
SLOWER_FROM = 1.1

Line = dict[str, Any]


def main() -> int:
    """0 when every clip meets its bars, 1 when one does not, 2 when there is no clip."""
    parser = argparse.ArgumentParser(description="Measure the cost of all clips and note it.")
    parser.add_argument("--only", metavar="TEXT", default="", help="clips with this in their name")
    parser.add_argument("--no-naive", action="store_true", help="leave the naive chain out")
    parser.add_argument("--figures", type=Path, default=FIGURES, metavar="FILE", help="where the lines go")
    arguments = parser.parse_args()
    before, misses = last_lines(arguments.figures), 0
    chain = None if arguments.no_naive else naive_chain()
    with tempfile.TemporaryDirectory() as folder:
        clips = [clip for clip in clips_here() if arguments.only in clip.name]
        still = clip_without_motion(Path(folder))
        if still is not None and arguments.only in still.name:
            clips.append(still)
        for clip in clips:
            line = measured_line(clip, chain)
            print(said(line, before.get(line["clip"])), flush=True)
            for bar in missed(line):
                print(f"  MISSED {bar.says}: {bar.found:g}", flush=True)
                misses += 1
            with arguments.figures.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    if not clips:
        print(f"no clip has {arguments.only!r} in its name", file=sys.stderr)
        return 2
    return 1 if misses else 0


def missed(line: Line) -> list[Bar]:
    """The bars that the clip does not meet."""
    return [bar for bar in bars(line) if not bar.met]


def measured_line(clip: Path, chain: NaiveChain | None) -> Line:
    """What is noted of one clip; its name only, not where it lies."""
    cost = as_json(measured(Measurement(clip, PipelineSettings())))
    del cost["source"]
    line: Line = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "clip": clip.name,
        **cost,
    }
    if chain is not None:
        line["naive_ms"] = round(naive_ms(chain, clip, cost["decode_ms"]), 1)
        line["times_cheaper_than_naive"] = round(line["naive_ms"] / cost["total_ms"], 1)
    return line


def naive_chain() -> NaiveChain | None:
    """The baseline; None, and why, where its networks are not on this machine."""
    try:
        return NaiveChain()
    except WeightsNotHereError as error:
        print(f"the naive chain is left out: {error}", file=sys.stderr)
        return None


def naive_ms(chain: NaiveChain, clip: Path, decode_ms: float) -> float:
    """CPU per frame of the naive chain on every frame: decoding and the mean over some frames."""
    source = FileSource(clip, EPOCH)
    spent_s, frames = 0.0, 0
    for frame in source:
        if frame.number % NAIVE_EVERY == 0:
            began_s = time.process_time()
            chain.read(frame.bgr())
            spent_s += time.process_time() - began_s
            frames += 1
    source.close()
    return decode_ms + 1000 * spent_s / frames


def commit() -> str:
    """The commit that is measured, with "+" where the tree differs from it."""
    root = Path(__file__).parents[2]
    words = ["git", "-C", str(root), "describe", "--always", "--abbrev=10", "--dirty=+", "--exclude=*"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def last_lines(figures: Path) -> dict[str, Line]:
    """The newest line of each clip."""
    if not figures.is_file():
        return {}
    lines = [json.loads(line) for line in figures.read_text("utf-8").splitlines()]
    return {line["clip"]: line for line in lines}


def said(line: Line, before: Line | None) -> str:
    """One line for a person, with what became of each figure since `before`."""
    words = [
        f"{line['clip']}: {line['total_ms']:.2f} ms a frame, decoding {line['decode_ms']:.2f}, "
        f"ratio {line['ratio']:.2f}, {line['peak_mb']:.0f} MB"
    ]
    if "naive_ms" in line:
        words.append(f"naive {line['naive_ms']:.0f} ms, {line['times_cheaper_than_naive']:.0f} times as much")
    if before is not None:
        words.append(f"since {before['commit']}: " + ", ".join(_changes(line, before)))
    return "; ".join(words)


def _changes(line: Line, before: Line) -> list[str]:
    """The change of the whole and of each stage, by the ratio to decoding: machines and loads differ."""
    changes = []
    for name in ("total", *line["stages"]):
        now, then = _in_decodings(line, name), _in_decodings(before, name)
        if then:
            changes.append(f"{name} {100 * (now / then - 1):+.0f} %")
    if line["ratio"] >= SLOWER_FROM * before["ratio"]:
        changes.append("SLOWER")
    return changes


def _in_decodings(line: Line, name: str) -> float:
    spent_ms = line["total_ms"] if name == "total" else line["stages"].get(name, 0.0)
    return float(spent_ms / line["decode_ms"])


if __name__ == "__main__":
    sys.exit(main())
