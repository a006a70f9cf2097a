"""The command as a person uses it: what it prints, what it says when something is wrong, its exit code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config.link import load_public_key
from ingest.cli import main
from ingest.database.opening import open_database
from ingest.watching.standing import Standing
from ingest.watching.watch import watch
from tests.ingest.units import NOON, Unit, arrival, committer_on, health, passage


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "ingest.yaml"
    path.write_text(f"database_url: sqlite:///{tmp_path}/x.sqlite\nevidence_dir: evidence\ndata_dir: data\n")
    return path


def test_the_key_is_made_once_and_printed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for _ in range(2):
        assert main(["--config", str(config), "key"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert load_public_key(printed[0])[0].startswith("ingest:")
    assert '"d"' not in printed[0]


def test_status_and_quarantine_say_what_is_there(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(config), "migrate"]) == 0
    engine = open_database(f"sqlite:///{config.parent}/x.sqlite")
    unit = Unit().enrol(engine)
    bad = arrival("hgv/v1/unit-1/passage", b"[markup] that is no message")
    committer_on(engine, config.parent / "evidence").commit([unit.delivers(passage("one")), bad])
    frozen = health(after_s=90, state="faulty", faulty_after_s=30)
    committer_on(engine, config.parent / "evidence").commit([unit.delivers(frozen)])
    engine.dispose()
    assert main(["--config", str(config), "status"]) == 0
    status = capsys.readouterr().out
    assert "passages" in status
    assert "undecodable" in status
    assert "faulty: frozen" in " ".join(status.split())
    assert "-3510.000" in status, "how far its clock is ahead at least"
    assert main(["--config", str(config), "quarantine", "list"]) == 0
    assert "hgv/v1" in capsys.readouterr().out


def said(config: Path, capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str]:
    """Exit code and what was printed, in one line, of a command."""
    code = main(["--config", str(config), *command])
    told = capsys.readouterr()
    return code, " ".join((told.out + told.err).split())


def test_a_quarantined_message_is_replayed_or_dismissed(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(config), "migrate"]) == 0
    engine = open_database(f"sqlite:///{config.parent}/x.sqlite")
    unit = Unit()
    bad = arrival("hgv/v1/unit-1/passage", b"[markup] that is no message")
    committer_on(engine, config.parent / "evidence").commit([unit.delivers(passage("one")), bad])
    unit.enrol(engine)
    engine.dispose()
    assert said(config, capsys, "quarantine", "replay", "7")[0] == 2
    code, told = said(config, capsys, "quarantine", "replay")
    assert (code, "yes" in told, "undecodable" in told) == (0, True, True)
    assert said(config, capsys, "quarantine", "replay", "2")[0] == 2, "what was named stays"
    assert said(config, capsys, "quarantine", "dismiss", "2", "a [bold] guess")[0] == 0
    assert said(config, capsys, "quarantine", "dismiss", "2", "again")[0] == 2
    assert "hgv/v1" not in said(config, capsys, "quarantine", "list")[1]
    settled = said(config, capsys, "quarantine", "list", "--settled")[1]
    assert "replayed" in settled
    assert "dismissed" in settled


def test_alerts_are_listed_and_accepted(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(config), "migrate"]) == 0
    engine = open_database(f"sqlite:///{config.parent}/x.sqlite")
    unit = Unit().enrol(engine)
    committer_on(engine, config.parent / "evidence").commit([unit.delivers(passage("three"), 3)])
    watch(engine, Standing(), NOON + timedelta(hours=2))
    engine.dispose()
    assert "2 numbers of outbox" in said(config, capsys, "alerts", "list")[1]
    assert said(config, capsys, "alerts", "accept", "1", "deadcard")[0] == 0
    assert "deadcard" in said(config, capsys, "alerts", "list")[1]
    assert said(config, capsys, "alerts", "accept", "9", "no such")[0] == 2


@pytest.mark.parametrize("command", [["run"], ["status"], ["quarantine", "list"]])
def test_a_database_without_tables_is_said(
    config: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(config), *command]) == 2
    assert "hgv-ingest migrate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data_dir: x\n", "ingest.yaml"),
        ("database_url: sqlite://\nevidence_dir: e\ndata_dir: d\nbatch_messages: many\n", "line 4"),
        ("database_url: [\n", "not YAML"),
    ],
)
def test_a_mistake_in_the_settings_names_its_line(
    tmp_path: Path, text: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ingest.yaml"
    path.write_text(text)
    assert main(["--config", str(path), "migrate"]) == 2
    assert expected in capsys.readouterr().err


def test_a_database_that_fails_after_it_was_opened_is_said_in_one_line(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(config), "migrate"]) == 0
    engine = open_database(f"sqlite:///{config.parent}/x.sqlite")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ingest_schema_version RENAME COLUMN version_num TO other"))
    engine.dispose()
    code, told = said(config, capsys, "status")
    assert (code, told.startswith("hgv-ingest: the database did not do what was asked")) == (2, True)
    assert "no such column" in told
