"""The README names every command and every file it points to; a new one fails here until it is told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def readme(project_root: Path) -> str:
    """The text of the README."""
    return (project_root / "README.md").read_text()


@pytest.mark.parametrize(
    ("program", "module"),
    [("hgv-edge", "edge.cli"), ("hgv-ingest", "ingest.cli"), ("hgv-enforce", "enforcement.cli")],
)
def test_every_command_stands_in_the_readme(
    readme: str, program: str, module: str, project_root: Path
) -> None:
    told = subprocess.run(
        [sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=True, cwd=project_root
    ).stdout
    commands = re.findall(r"^ {2,4}([a-z]+) {2,}\S", told, flags=re.MULTILINE)
    assert len(commands) >= 4, told
    table = "\n".join(line for line in readme.splitlines() if line.startswith(f"| `{program}"))
    missing = [name for name in commands if not re.search(rf"\b{name}\b", table)]
    assert not missing, f"README.md does not say what {program} {missing} does"


def test_every_picture_and_file_the_readme_names_exists(readme: str, project_root: Path) -> None:
    named = [*re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme), *re.findall(r"`((?:[a-z_.]+/)+[\w.]*)`", readme)]
    assert len(named) > 10
    missing = [path for path in named if not (project_root / path).exists()]
    assert not missing, f"README.md names {missing}"
