"""`hgv-enforce pack`: made at the force, checked by anybody without its settings or database."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement.cli import main
from tests.enforcement.packs.court import Court
from tests.enforcement.packs.repacking import flipped
from tests.ingest.units import PILOT


@pytest.fixture
def settings(court: Court, tmp_path: Path) -> Path:
    """The settings of the court's force, and no others in the way."""
    file = tmp_path / "enforcement.yaml"
    file.write_text(
        f"""database_url: sqlite:///{court.folder}/hgv.sqlite
evidence_dir: {court.evidence_dir}
data_dir: {court.data_dir}
authority: demo
register_csv: {PILOT}/register.csv
policy_file: {PILOT}/policy.yaml
clock_starts_at: 2026-11-05T11:00:00Z
""",
        encoding="utf-8",
    )
    return file


def test_made_then_verified_away_from_the_system(
    settings: Path, court: Court, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [
        "--config",
        str(settings),
        "pack",
        "make",
        "1",
        "--officer",
        "4711",
        "--reason",
        "charge approved",
    ]
    assert main(made) == 0
    pack = Path(capsys.readouterr().out.strip())
    assert main(["--config", str(settings), "pack", "key"]) == 0
    key = tmp_path / "key.json"
    key.write_text(capsys.readouterr().out)
    assert '"d"' not in key.read_text()
    court.engine.dispose()
    (court.folder / "hgv.sqlite").unlink()
    assert main(["pack", "verify", str(pack), "--key", str(key)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("DEMO-000001: ")
    assert len(told.splitlines()) == 1
    assert main(["pack", "verify", str(pack)]) == 0
    assert "The key is the one inside the pack" in capsys.readouterr().out
    pack.write_bytes(flipped(pack.read_bytes(), 50_000))
    assert main(["pack", "verify", str(pack), "--key", str(key)]) == 2
    wrong = capsys.readouterr().err
    assert len(wrong.splitlines()) == 1
    assert wrong.startswith("hgv-enforce pack: ")


def test_key_file_is_private(court: Court) -> None:
    assert court.key.key_id.startswith("demo-packs:")
    assert (court.data_dir / "pack-key.pem").stat().st_mode & 0o777 == 0o600


def test_refusal_and_missing_file_are_one_line(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--config", str(settings), "pack", "make", "7", "--officer", "4711", "--reason", "why"]
    assert main(asked) == 2
    assert "there is no case 7" in capsys.readouterr().err
    assert main(["pack", "verify", str(tmp_path / "none.zip")]) == 2
    assert "cannot be read" in capsys.readouterr().err
