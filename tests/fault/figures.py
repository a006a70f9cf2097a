"""Figures of rounds: kept line by line, told as a table with a last line of JSON."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from tests.fault.plan import Plan, Size
from tests.fault.rounds import Done
from tests.fault.verdict import Verdict

_KEPT = Path(__file__).with_name("figures.jsonl")


class RoundFigures(Struct, frozen=True, kw_only=True):
    """What one round came to."""

    seed: int
    database: str
    broker: str
    passages: int
    kills: dict[str, int]
    power_cuts: int
    writes_lost: int
    deeds: dict[str, int]
    pictures_held: int
    pictures_lost_and_told: int
    quarantined: int
    missing: int
    duplicated: int
    faults: dict[str, int]
    seconds: float
    size: tuple[int, int, float]

    @classmethod
    def of(cls, plan: Plan, done: Done, verdict: Verdict, seconds: float) -> RoundFigures:
        """Taken from what was done and judged."""
        return cls(
            seed=plan.seed,
            database=plan.database,
            broker=plan.broker,
            passages=verdict.passages,
            kills=dict(done.kills),
            power_cuts=done.power_cuts,
            writes_lost=done.writes_lost,
            deeds=dict(done.deeds),
            pictures_held=verdict.pictures_held,
            pictures_lost_and_told=verdict.pictures_lost_and_told,
            quarantined=verdict.quarantined,
            missing=len(verdict.missing),
            duplicated=len(verdict.duplicated),
            faults=verdict.faults(),
            seconds=round(seconds, 1),
            size=_size(plan.size),
        )


class Figures:
    """The rounds of this run, and of earlier ones that it resumes."""

    def __init__(self, rounds_file: Path, command: str) -> None:
        self._file = rounds_file
        self._command = command
        self._rounds: list[RoundFigures] = []

    def has(self, seed: int, size: Size) -> bool:
        """Whether this round was done before; then it counts as one of this run."""
        lines = self._file.read_bytes().splitlines() if self._file.exists() else []
        for line in reversed(lines):
            found = msgspec.json.decode(line, type=RoundFigures)
            if found.seed == seed and found.size == _size(size):
                self._rounds.append(found)
                return True
        return False

    def add(self, figures: RoundFigures) -> None:
        """Keep a round that has just ended."""
        self._rounds.append(figures)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("ab") as file:
            file.write(msgspec.json.encode(figures) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def tell(self, out: TextIO, *, keep: bool) -> int:
        """Print the table and the line of JSON; 0 where no round had a fault and there was one."""
        Console(file=out, width=140).print(_table(self._rounds))
        line = msgspec.json.encode(self._summary())
        if keep:
            with _KEPT.open("ab") as file:
                file.write(line + b"\n")
        out.write(line.decode() + "\n")
        return 1 if not self._rounds or any(each.faults for each in self._rounds) else 0

    def _summary(self) -> dict[str, object]:
        rounds = self._rounds
        return {
            "passages": sum(each.passages for each in rounds),
            "kills": sum(sum(each.kills.values()) for each in rounds),
            "missing": sum(each.missing for each in rounds),
            "duplicated": sum(each.duplicated for each in rounds),
            "kills_by_process": _sum(each.kills for each in rounds),
            "passages_by_database": _sum({each.database: each.passages} for each in rounds),
            "passages_by_broker": _sum({each.broker: each.passages} for each in rounds),
            "power_cuts": sum(each.power_cuts for each in rounds),
            "writes_lost": sum(each.writes_lost for each in rounds),
            "deeds": _sum(each.deeds for each in rounds),
            "pictures_held": sum(each.pictures_held for each in rounds),
            "pictures_lost_and_told": sum(each.pictures_lost_and_told for each in rounds),
            "quarantined": sum(each.quarantined for each in rounds),
            "faults": _sum(each.faults for each in rounds),
            "rounds": len(rounds),
            "minutes": round(sum(each.seconds for each in rounds) / 60, 1),
            "cores": os.cpu_count(),
            "date": datetime.now(UTC).date().isoformat(),
            "command": self._command,
        }


_COLUMNS = (
    "seed",
    "database",
    "broker",
    "passages",
    "agent kills",
    "broker kills",
    "ingester kills",
    "power cuts",
    "writes lost",
    "pictures held",
    "lost, told",
    "quaran- tined",
    "missing",
    "double",
    "faults",
    "s",
)


def _table(rounds: list[RoundFigures]) -> Table:
    table = Table(*_COLUMNS)
    for each in rounds:
        cells = (
            each.seed,
            each.database,
            each.broker,
            each.passages,
            *(each.kills.get(kind, 0) for kind in ("agent", "broker", "ingester")),
            each.power_cuts,
            each.writes_lost,
            each.pictures_held,
            each.pictures_lost_and_told,
            each.quarantined,
            each.missing,
            each.duplicated,
            ", ".join(f"{name} {count}" for name, count in each.faults.items()) or "none",
            round(each.seconds),
        )
        table.add_row(*map(str, cells))
    return table


def _size(size: Size) -> tuple[int, int, float]:
    return size.passages, size.kills_each, size.window_s


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(sorted(total.items()))
