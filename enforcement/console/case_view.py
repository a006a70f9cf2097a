"""What the case page shows of a case: both passages with their pictures, and the window they fall in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from config.law.orders import CameraPair, Zone
from config.sites import Site
from enforcement.cases.values import AnyCaseFile, CaseFile, SpeedCaseFile, zone_of
from enforcement.console.pictures import Picture, pictures
from ingest.records import PassageRecord, sites


@dataclass(frozen=True)
class PassageView:
    """One passage: where it was seen, in words, and its pictures by kind."""

    record: PassageRecord
    place: str
    heading: str
    pictures: dict[str, Picture]


@dataclass(frozen=True)
class WindowView:
    """The transit time on the pair's window, as places on a scale of 0 to 100."""

    pair: CameraPair
    opens_at: float
    closes_at: float
    elapsed_at: float


@dataclass(frozen=True)
class CaseView:
    """All that the case page needs beside the case file itself; a speed case has neither zone nor window."""

    passages: tuple[PassageView, ...]
    zone: Zone | None = None
    window: WindowView | None = None


def case_view(session: Session, authority: str, case: AnyCaseFile, evidence_dir: Path) -> CaseView:
    """The view of `case`; every picture is checked against its hash on the way."""
    known = {(site.site_id, site.site_version): site for site in sites(session, authority)}
    passages = tuple(_passage_view(record, known, evidence_dir) for _, record in case.passages)
    if isinstance(case, SpeedCaseFile):
        return CaseView(passages)
    zone = zone_of(case.order, case.transit.zone_id)
    return CaseView(passages, zone, _window_view(zone, case))


def _passage_view(
    record: PassageRecord, known: dict[tuple[str, int], Site], evidence_dir: Path
) -> PassageView:
    site = known.get((record.site_id, record.site_version))
    place = f"{site.name}, {site.road}" if site else record.site_id
    heading = {"towards": site.towards, "away": site.away}.get(record.direction, "") if site else ""
    return PassageView(record, place, heading, pictures(record, evidence_dir))


def _window_view(zone: Zone, case: CaseFile) -> WindowView | None:
    elapsed_s = case.transit.elapsed_s
    pair = next((p for p in zone.pairs if _runs_from_to(p, case.entry, case.exit)), None)
    if pair is None or elapsed_s is None:
        return None
    scale = 100 / max(pair.max_elapsed_s * 1.15, elapsed_s * 1.05)
    return WindowView(pair, pair.min_elapsed_s * scale, pair.max_elapsed_s * scale, elapsed_s * scale)


def _runs_from_to(pair: CameraPair, entry: PassageRecord, leaving: PassageRecord) -> bool:
    wanted = (pair.entry.site_id, pair.entry.direction, pair.exit.site_id, pair.exit.direction)
    return wanted == (entry.site_id, entry.direction, leaving.site_id, leaving.direction)
