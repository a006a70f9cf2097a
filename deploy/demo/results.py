"""What a demo has made, read back from the database and the disk, and whether all of it exists."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.table import Table
from sqlalchemy.orm import Session

from config.clock import LONDON
from config.vrm import spaced
from deploy.demo.schedule import FilmSchedule
from deploy.demo.stage import Stage
from enforcement.cases.records import CaseFile, case_file, case_list
from ingest.records import PassageRecord, TransitRecord, open_database, passages, transits

AUTHORITY = "demo"


@dataclass(frozen=True)
class Results:
    """Everything the chain has made."""

    passages: list[PassageRecord]
    transits: list[TransitRecord]
    cases: list[CaseFile]
    letters: list[Path]
    summaries: list[Path]

    @property
    def missing(self) -> list[str]:
        """The names of what should exist and does not."""
        parts = {
            "passages": self.passages,
            "transits": self.transits,
            "cases": self.cases,
            "letters": [path for path in self.letters if path.is_file()],
            "summary": [path for path in self.summaries if path.is_file()],
        }
        return [name for name, found in parts.items() if not found]


def read_results(stage: Stage, schedule: FilmSchedule) -> Results:
    """Read what there is so far."""
    made_in = Path(stage.enforcement["HGV_DATA_DIR"])
    day = schedule.demo_now.replace(hour=0, minute=0, second=0)
    engine = open_database(stage.central["HGV_DATABASE_URL"])
    try:
        with Session(engine) as session:
            since, until = day - timedelta(days=1), day + timedelta(days=2)
            numbers = [case.case_id for case in case_list(session, AUTHORITY, state=None, now=stage.clock())]
            files = [case_file(session, AUTHORITY, number, now=stage.clock()) for number in numbers]
            return Results(
                passages=passages(session, AUTHORITY, since=since, until=until),
                transits=transits(session, AUTHORITY),
                cases=files,
                letters=[made_in / letter.pdf_path for file in files for letter in file.letters],
                summaries=sorted((made_in / "summaries").rglob("*.*")),
            )
    finally:
        engine.dispose()


def results_table(results: Results, root: Path) -> Table:
    """The results as a table, with file paths from `root`."""
    table = Table(title="What the chain made", title_justify="left", show_lines=False)
    for heading in ("", "what", "where"):
        table.add_column(heading, overflow="fold")
    for passage in results.passages:
        at = passage.captured_at.astimezone(LONDON).strftime("%H:%M:%S")
        plate = spaced(passage.vrm) if passage.vrm else f"not known ({passage.plate_reason})"
        table.add_row(
            "passage",
            f"{at}  {plate}  looks like an HGV: {passage.hgv:.2f}",
            f"{passage.site_id} {passage.direction}",
        )
    for transit in results.transits:
        took = f" after {transit.elapsed_s:.0f} s" if transit.elapsed_s is not None else ""
        table.add_row("transit", f"{spaced(transit.vrm)}  {transit.conclusion}{took}", transit.zone_id)
    for case in results.cases:
        table.add_row(
            "case",
            f"{case.summary.case_id}  {spaced(case.summary.vrm)}  {case.summary.state}",
            case.summary.zone_name,
        )
    for kind, paths in (("letter", results.letters), ("summary", results.summaries)):
        for path in paths:
            table.add_row(kind, path.suffix.removeprefix(".").upper(), os.path.relpath(path, root))
    return table
