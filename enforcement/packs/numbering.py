"""The numbers of a pack's exhibits: the witness's initials and a running number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Exhibit = Literal["order", "plan", "entry", "exit", "clocks", "register", "reasoning", "letters", "audit"]
EXHIBITS: tuple[Exhibit, ...] = (
    "order",
    "plan",
    "entry",
    "exit",
    "clocks",
    "register",
    "reasoning",
    "letters",
    "audit",
)


@dataclass(frozen=True)
class Numbering:
    """Exhibit numbers under one witness's initials."""

    initials: str

    def of(self, exhibit: Exhibit) -> str:
        """The number of one exhibit, such as `SS/3`."""
        return f"{self.initials}/{EXHIBITS.index(exhibit) + 1}"
