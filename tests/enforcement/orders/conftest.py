"""Empty databases of both kinds, and the command line over the pilot's settings on one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from enforcement.cli import main
from ingest import records

PILOT = Path(__file__).parents[3] / "config" / "pilot"
Enforce = Callable[..., tuple[int, str, str]]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = records.open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def enforce(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Enforce:
    """Runs `hgv-enforce` on 15 September 2026; gives code, output and errors."""
    monkeypatch.setenv("HGV_CONFIG", str(PILOT / "enforcement.yaml"))
    monkeypatch.setenv("HGV_DATABASE_URL", database_url)
    monkeypatch.setenv("HGV_DATA_DIR", str(tmp_path / "enforcement"))
    monkeypatch.setenv("HGV_CLOCK_STARTS_AT", "2026-09-15T09:00:00Z")
    monkeypatch.setenv("HGV_PASSWORD", "a long enough password")

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run
