"""The pilot's Ashcombe Green as rules see it: who passed which camera when, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.files import load
from config.law.orders import OrdersFile, OrderVersion
from config.sites import SitesFile
from ingest import records
from tests.ingest.sightings import seen

PILOT = Path(__file__).parents[2] / "config" / "pilot"
NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
MONTH_LATER = NOON + timedelta(days=30)
ORDER = next(o for o in load(PILOT / "orders.yaml", OrdersFile).orders if o.order_id == "ashcombe-green-2024")
SITES = load(PILOT / "sites.yaml", SitesFile)
_PAIR = ORDER.zones[0].pairs[0]
SHORTEST_S, LONGEST_S = _PAIR.min_elapsed_s, _PAIR.max_elapsed_s


@dataclass
class Village:
    """Passages under some versions of one order; all cameras see, all clocks are right, unless told."""

    orders: tuple[OrderVersion, ...] = (ORDER,)
    sees: bool = True
    passages: list[records.Seen] = field(default_factory=list)
    exit_site: str = _PAIR.exit.site_id
    exit_direction: str = _PAIR.exit.direction

    def enters(self, vrm: str, after_s: float, **changes: Any) -> None:
        """A vehicle passes the entry camera some seconds after noon."""
        self.passes(vrm, after_s, _PAIR.entry.site_id, _PAIR.entry.direction, **changes)

    def leaves(self, vrm: str, after_s: float, **changes: Any) -> None:
        """A vehicle passes the exit camera."""
        self.passes(vrm, after_s, self.exit_site, self.exit_direction, **changes)

    def passes(self, vrm: str, after_s: float, site_id: str, direction: str, **changes: Any) -> None:
        """A vehicle passes a camera in some direction."""
        site = next(site for site in SITES.sites if site.site_id == site_id)
        here: dict[str, Any] = {
            "vrm": vrm,
            "captured_at": NOON + timedelta(seconds=after_s),
            "site_version": site.site_version,
            "latitude": site.latitude,
            "longitude": site.longitude,
        }
        name = f"{len(self.passages):032x}"
        self.passages.append(seen(name, after_s, site_id, direction, **{**here, **changes}))

    def transits(self) -> list[records.TransitRecord]:
        """What a month later follows from all that passed."""
        law = records.Law(
            {(site.site_id, site.site_version): site for site in SITES.sites},
            {ORDER.order_id: list(self.orders)},
        )
        found = records.conclude(self.passages, law, self._seeing, MONTH_LATER)
        return sorted((each for some in found.values() for each in some), key=lambda each: each.started_at)

    def conclusions(self) -> list[str]:
        """The conclusions of the transits, in order."""
        return [each.conclusion for each in self.transits()]

    @staticmethod
    def other_way(direction: str) -> str:
        """The opposite direction past a camera."""
        return {"towards": "away", "away": "towards"}[direction]

    def _seeing(self, site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
        return self.sees
