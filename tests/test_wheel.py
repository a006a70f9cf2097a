"""The wheel: ships the four rooms and nothing else, and its `config` is ours where it is installed."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOMS = {"config", "edge", "ingest", "enforcement"}


@pytest.fixture(scope="module")
def wheel(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    out = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(out),
        str(project_root),
    ]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_ships_the_four_rooms_only(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == ROOMS


def test_the_wheel_carries_weights_schemas_templates_and_migrations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for pattern in (
        "edge/models/*.onnx",
        "edge/models/uk_reader/model.onnx",
        "config/wire/schema/passage.json",
        "config/pilot/orders.yaml",
        "enforcement/templates/*.typ",
        "enforcement/console/templates/*.html",
        "enforcement/migrations/versions/*.py",
        "ingest/migrations/versions/*.py",
    ):
        assert any(Path(name).match(pattern) for name in names), f"nothing in the wheel matches {pattern}"


def test_installed_alone_config_is_ours(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "clean", with_pip=True)
    python = tmp_path / "clean" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, cwd=tmp_path)
    where = subprocess.run(
        [python, "-c", "import config; print(config.__file__, config.__doc__)"],
        check=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    ).stdout
    assert where.startswith(str(tmp_path / "clean"))
    assert "What every part agrees on" in where
