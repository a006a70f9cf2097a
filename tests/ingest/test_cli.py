"""The command as a person uses it: what it prints, what it says when something is wrong, its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.link import load_public_key
from ingest.cli import main
from ingest.database import open_database
from tests.ingest.units import Unit, arrival, committer_on, health, passage


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
    assert main(["--config", str(config), "quarantine", "list"]) == 0
    assert "hgv/v1" in capsys.readouterr().out


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
