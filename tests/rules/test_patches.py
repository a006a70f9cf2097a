"""Every rule has a module that proves it and patches that break it, and each patch turns the module red."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COPIED = ("config", "edge", "enforcement", "ingest", "deploy", "tests", "pyproject.toml")
MODULES = {int(path.name[10:12]): path for path in sorted(HERE.glob("test_rule_*.py"))}
PATCHES = sorted(HERE.glob("rule_*.patch"))
# What pytest ends with where tests ran and some failed; a module that cannot be imported ends otherwise.
SOME_FAILED = 1


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tree once more, by hard links, with its bytecode: a patched file is a new one and compiled anew."""
    place = tmp_path_factory.mktemp("broken") / "tree"
    place.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_file():
            shutil.copy(source, place / name)
        else:
            shutil.copytree(source, place / name, copy_function=_link)
    yield place
    shutil.rmtree(place)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def test_every_rule_has_a_patch_that_breaks_it() -> None:
    assert {_rule(patch) for patch in PATCHES} == set(MODULES)


def _rule(patch: Path) -> int:
    return int(patch.name[5:7])


@pytest.mark.parametrize("patch", PATCHES, ids=[patch.stem for patch in PATCHES])
def test_the_patch_turns_its_rule_red(patch: Path, copy: Path) -> None:
    module = MODULES[_rule(patch)].relative_to(ROOT)
    touched = re.findall(r"^\+\+\+ b/(.+)$", patch.read_text(), re.MULTILINE)
    assert touched, f"{patch.name} changes nothing"
    assert not [name for name in touched if name.startswith("tests/")], f"{patch.name} changes a test"
    _git_apply(copy, patch)
    try:
        done = _pytest(copy, module)
        assert done.returncode == SOME_FAILED, f"broken by {patch.name}:\n{done.stdout}{done.stderr}"
    finally:
        _git_apply(copy, patch, "--reverse")


def _git_apply(place: Path, patch: Path, *how: str) -> None:
    done = subprocess.run(
        ["git", "apply", *how, str(patch)], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{patch.name} no longer fits the code: {done.stderr}"


def _pytest(place: Path, module: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(module)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
