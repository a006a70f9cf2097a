"""Outbox and ingester die at each of their writes in turn, with and without the power: promises hold."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from ingest.database.opening import open_database
from tests.fault import commit_scene, outbox_scene
from tests.fault.crashes import deaths
from tests.fault.databases import Cluster
from tests.ingest.units import committer_on

# How many different power cuts each death is followed by, beside none.
OUTBOX_CUTS, COMMIT_CUTS = 3, 2
# `make fault` has all operations tried, `make test` a part of them.
WHOLE = "FAULT_WHOLE" in os.environ
EACH_OF_OUTBOX, EACH_OF_COMMIT, EACH_STATEMENT = (1, 1, 1) if WHOLE else (4, 9, 7)


def test_whatever_write_the_outbox_dies_at_it_keeps_its_promises(shim: Path, quick_folder: Path) -> None:
    died = deaths("tests.fault.outbox_scene", shim, quick_folder, EACH_OF_OUTBOX)
    assert [fault for death in died for fault in death.after_cuts(OUTBOX_CUTS, outbox_scene.faults_of)] == []


def test_whatever_write_the_ingester_dies_at_everything_is_there_once(shim: Path, quick_folder: Path) -> None:
    beginning = quick_folder / "beginning"
    beginning.mkdir()
    commit_scene.prepare(f"sqlite:///{beginning}/disk.sqlite", beginning)
    died = deaths("tests.fault.commit_scene", shim, quick_folder / "deaths", EACH_OF_COMMIT, beginning)
    assert [fault for death in died for fault in death.after_cuts(COMMIT_CUTS, sqlite_faults)] == []


def sqlite_faults(path: Path, told: list[str]) -> list[str]:
    engine = open_database(f"sqlite:///{path}")
    try:
        return commit_scene.faults_of(engine, path.parent, told)
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, quick_folder: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{quick_folder}/hgv.sqlite"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.new_database("statements")


def test_whatever_statement_the_ingester_dies_at_everything_is_there_once(
    url: str, quick_folder: Path
) -> None:
    commit_scene.prepare(url, quick_folder)
    found, number, lives = list[str](), 1 - EACH_STATEMENT, False
    while not lives:
        number += EACH_STATEMENT
        told = quick_folder / f"told-{number}"
        lives = plays_on(partial(die_at_statement, url, number, quick_folder, told))
        engine = open_database(url)
        found += [f"{number}: {fault}" for fault in commit_scene.faults_of(engine, quick_folder, lines(told))]
        commit_scene.empty(engine)
        engine.dispose()
    assert found == []
    assert number > 20, "the scene has more statements than that"


def plays_on(play: Callable[[], None]) -> bool:
    """Whether `play` lives to its end in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            play()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), f"the scene failed by itself: {status}"
    return status == 0


def die_at_statement(url: str, number: int, folder: Path, told: Path) -> None:
    """Play the scene and die before its `number`-th statement or commit; never returns."""
    engine = open_database(url)
    count_down(engine, number)
    committer = committer_on(engine, folder / "evidence")
    with told.open("a", buffering=1) as lines:
        commit_scene.commit_all(
            committer,
            commit_scene.batches(commit_scene.unit_of(folder)),
            lambda said: print(said, file=lines),
        )
    os._exit(0)


def count_down(engine: Engine, number: int) -> None:
    left = [number]

    def step(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
