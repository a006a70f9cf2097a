"""Who runs which vehicles, as a table of this test's own: always the same, whenever."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass
class RunBy:
    """The demo force's operators by registration; `asked` counts the vehicles of each look-up of many."""

    licences: Mapping[str, str] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def fleet_of(self, session: Session, authority: str, driven: tuple[str, datetime]) -> frozenset[str]:
        """See enforcement.cases.ladder.Operators."""
        assert authority == "demo"
        mine = self.licences.get(driven[0])
        return frozenset(vrm for vrm, licence in self.licences.items() if licence == mine)

    def operators_of(
        self, session: Session, authority: str, driven: Collection[tuple[str, datetime]]
    ) -> dict[tuple[str, datetime], str]:
        """See enforcement.cases.ladder.Operators."""
        assert authority == "demo"
        self.asked.append(len(driven))
        return {(vrm, at): self.licences[vrm] for vrm, at in driven if vrm in self.licences}
