"""Figures of each module, in `figures.json`; `equivalent.toml` lists the mistakes that change nothing."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutation.judges import JUDGES

if TYPE_CHECKING:  # its libraries are there for `make mutation` alone
    from tests.mutation.mistakes import Mistake

_FIGURES = Path(__file__).parent / "figures.json"
_EQUIVALENT = Path(__file__).parent / "equivalent.toml"


@dataclass(frozen=True)
class ModuleFigures:
    """What became of a module's mistakes. `survivors` are told as `function: was -> becomes`."""

    module: str
    date: str
    command: str
    judges: tuple[str, ...]
    mutants: int
    killed: int
    timeouts: int
    equivalent: int
    survived: int
    survivors: tuple[str, ...]

    @property
    def rate(self) -> float:
        """The part that was found, of those that change something."""
        return (self.killed + self.timeouts) / (self.mutants - self.equivalent)

    @classmethod
    def of(cls, module: str, judges: Sequence[str], outcomes: Iterable[tuple[Mistake, str]]) -> ModuleFigures:
        """The figures of a run that has just ended."""
        known, counts, survivors = equivalent(module), Counter[str](), []
        for mistake, outcome in outcomes:
            if outcome == "survived" and (mistake.was, mistake.becomes) in known:
                outcome = "equivalent"
            counts[outcome] += 1
            if outcome == "survived":
                survivors.append(mistake.told)
        return cls(
            module=module,
            date=datetime.now(UTC).date().isoformat(),
            command=f"python -m tests.mutation --only {module}",
            judges=tuple(judges),
            mutants=counts.total(),
            killed=counts["killed"],
            timeouts=counts["timeout"],
            equivalent=counts["equivalent"],
            survived=counts["survived"],
            survivors=tuple(survivors),
        )

    def line(self) -> str:
        """One line of the table."""
        return (
            f"{self.module:<32} {self.mutants:>7} {self.killed:>7} {self.timeouts:>8} {self.survived:>8} "
            f"{self.equivalent:>10} {self.rate:>7.1%}"
        )


def equivalent(module: str) -> set[tuple[str, str]]:
    """The mistakes of a module that change nothing that anybody could see, each with its reason there."""
    listed = tomllib.loads(_EQUIVALENT.read_text(encoding="utf-8")).get("mistake", [])
    return {(each["was"], each["becomes"]) for each in listed if each["module"] == module and each["why"]}


def kept() -> list[ModuleFigures]:
    """The figures that the file holds, in the order of the judges."""
    if not _FIGURES.exists():
        return []
    modules = json.loads(_FIGURES.read_bytes())["modules"]
    return [ModuleFigures(**each) for each in modules]


def keep(figures: ModuleFigures) -> None:
    """Put a module's figures in the place of its last ones."""
    by_module = {each.module: each for each in [*kept(), figures]}
    modules = [by_module[module] for module in JUDGES if module in by_module]
    told = {**_summed(modules), "modules": [asdict(each) for each in modules]}
    _FIGURES.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(modules: Sequence[ModuleFigures]) -> str:
    """All modules and their sum, in columns."""
    head = "module                           mutants  killed timeouts survived equivalent   found"
    total = _summed(modules)
    counts = "{mutants:>7} {killed:>7} {timeouts:>8} {survived:>8} {equivalent:>10}".format_map(total)
    last = f"{'all':<32} {counts} {total['found_per_cent']:>6}%"
    return "\n".join([head, *(each.line() for each in modules), last, ""])


def _summed(modules: Sequence[ModuleFigures]) -> dict[str, float]:
    names = ("mutants", "killed", "timeouts", "survived", "equivalent")
    sums = {name: sum(getattr(each, name) for each in modules) for name in names}
    judged = sums["mutants"] - sums["equivalent"]
    return {**sums, "found_per_cent": round(100 * (sums["killed"] + sums["timeouts"]) / judged, 1)}
