"""From film to letter with real processes, the embedded broker and the console's own forms.

The demo runs once in a copy of the project from which the film's ground truth was deleted; what it made is
then held against that truth. Afterwards the same film is played again, and, on a stage of its own, with the
clips of the two cameras swapped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine, text

from deploy.demo.results import Results, read_results
from deploy.demo.schedule import HERE, Screening, film_schedule
from deploy.demo.stage import Stage, open_stage

FILM = HERE / "film"
SCHEDULE = film_schedule()
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv*", "var", "truth.json", "__pycache__", ".*_cache", "build", "dist"
)


@dataclass(frozen=True)
class Shown:
    """The demo as it ended, and the registrations of its film by what their vehicles do."""

    work_dir: Path
    printed: str
    through: str
    delivering: str
    not_hgvs: set[str]


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    """The film's ground truth, which nothing in the chain reads."""
    loaded: dict[str, Any] = json.loads((FILM / "truth.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def shown(project_root: Path, truth: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demo, run to its end in a copy without the truth."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    shutil.copytree(project_root, copy, ignore=_NOT_COPIED)
    assert not list(copy.rglob("truth.json"))
    work_dir = tmp_path_factory.mktemp("demo") / "work"
    done = subprocess.run(
        [sys.executable, "-m", "deploy.demo", "--once", "--work-dir", str(work_dir)],
        cwd=copy,
        env={**os.environ, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (through,) = hgvs(truth, "entry") & hgvs(truth, "exit")
    (delivering,) = hgvs(truth, "entry") & hgvs(truth, "exit_later")
    others = {v["plate"] for clip in truth.values() for v in clip["vehicles"] if not v["hgv"]}
    return Shown(work_dir, done.stdout, through, delivering, others)


def hgvs(truth: dict[str, Any], clip: str) -> set[str]:
    """Registrations of the lorries of a clip."""
    return {vehicle["plate"] for vehicle in truth[clip]["vehicles"] if vehicle["hgv"]}


@pytest.fixture(scope="module")
def stage_again(shown: Shown) -> Iterator[Stage]:
    """The demo's stage with its data as it ended, services running again."""
    with open_stage(
        shown.work_dir, FILM / "clips", SCHEDULE.demo_now, console_port=0, emptied=False
    ) as stage:
        stage.start_services()
        yield stage


def cases_by_vrm(results: Results) -> dict[str, int]:
    """How many cases each registration has."""
    vrms = [case.summary.vrm for case in results.cases]
    return {vrm: vrms.count(vrm) for vrm in vrms}


def test_the_through_lorry_becomes_exactly_one_case_and_nothing_else_one(
    shown: Shown, stage_again: Stage
) -> None:
    assert cases_by_vrm(read_results(stage_again, SCHEDULE)) == {shown.through: 1}


def test_the_delivering_lorry_is_let_be(shown: Shown, stage_again: Stage) -> None:
    """It came out an hour later; between the films nobody watched, so not even a stay is concluded."""
    conclusions = {
        transit.conclusion
        for transit in read_results(stage_again, SCHEDULE).transits
        if transit.vrm == shown.delivering
    }
    assert conclusions == {"no_inference"}


def test_each_pass_of_a_lorry_is_one_passage_with_its_plate(
    shown: Shown, stage_again: Stage, truth: dict[str, Any]
) -> None:
    passes = sorted(
        vehicle["plate"]
        for screening in SCHEDULE.screenings
        for vehicle in truth[Path(screening.clip).stem]["vehicles"]
        if vehicle["hgv"]
    )
    read = sorted(passage.vrm or "not known" for passage in read_results(stage_again, SCHEDULE).passages)
    assert read == passes


def test_the_printed_table_names_letter_and_summary_files_that_exist(
    shown: Shown, stage_again: Stage
) -> None:
    results = read_results(stage_again, SCHEDULE)
    assert results.missing == []
    for path in (*results.letters, *results.summaries):
        assert path.stat().st_size > 0
        assert path.name in shown.printed


def test_no_plate_of_another_vehicle_is_written_anywhere(shown: Shown) -> None:
    assert len(shown.not_hgvs) == 3
    for path in (path for path in shown.work_dir.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for vrm in shown.not_hgvs:
            assert vrm.encode() not in content, f"{vrm} stands in {path}"


def test_nothing_is_wrong_and_every_clock_is_bounded_from_both_sides(stage_again: Stage) -> None:
    engine = create_engine(stage_again.central["HGV_DATABASE_URL"])
    try:
        with engine.connect() as connection:
            alerts = connection.execute(text("SELECT kind, agent_id, text FROM alerts")).all()
            bounds = connection.execute(
                text("SELECT clock_least_s, clock_most_s FROM heartbeats WHERE clock_most_s IS NOT NULL")
            ).all()
    finally:
        engine.dispose()
    assert alerts == []
    assert bounds, "no heartbeat says which receipt was heard"
    assert all(least_s <= most_s for least_s, most_s in bounds)


@pytest.mark.parametrize("remembering", [True, False], ids=["the same outbox", "a new outbox"])
def test_showing_the_film_again_changes_nothing(stage_again: Stage, remembering: bool) -> None:
    before = rows(stage_again)
    for screening in SCHEDULE.screenings[:2]:
        if not remembering:
            for part in (stage_again.work_dir / screening.unit).glob("*outbox*"):
                shutil.rmtree(part) if part.is_dir() else part.unlink()
        stage_again.await_end(stage_again.play(screening))
    stage_again.enforce_command("jobs", "--once")
    assert rows(stage_again) == before


def rows(stage: Stage) -> dict[str, list[tuple[Any, ...]]]:
    """All rows that say what was seen and concluded."""
    engine = create_engine(stage.central["HGV_DATABASE_URL"])
    try:
        with engine.connect() as connection:
            return {
                table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]
                for table in ("passages", "transits", "cases", "letters", "evidence", "quarantine")
            }
    finally:
        engine.dispose()


def test_with_the_two_clips_swapped_no_case_arises(tmp_path: Path) -> None:
    entry, exit_ = SCHEDULE.screenings[:2]
    swapped: tuple[Screening, ...] = (
        msgspec.structs.replace(entry, clip=exit_.clip),
        msgspec.structs.replace(exit_, clip=entry.clip),
    )
    with open_stage(tmp_path / "work", FILM / "clips", SCHEDULE.demo_now, console_port=0) as stage:
        stage.load_pilot()
        stage.enrol(swapped)
        stage.start_services()
        for screening in swapped:
            stage.await_end(stage.play(screening))
        stage.enforce_command("jobs", "--once")
        results = read_results(stage, SCHEDULE)
        assert len(results.passages) >= 3
        assert results.cases == []
