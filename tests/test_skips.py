"""Where every test must run, a skip fails the run, with workers and without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("must_run", "workers", "code"), [("", "1", 0), ("1", "0", 1), ("1", "1", 1)])
def test_a_skip_fails_only_where_all_must_run(
    must_run: str, workers: str, code: int, project_root: Path, tmp_path: Path
) -> None:
    (tmp_path / "test_two.py").write_text(
        "import pytest\ndef test_skipped(): pytest.skip('not here')\ndef test_passed(): pass\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-n",
        workers,
    ]
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=project_root,
        env={**os.environ, "TESTS_MUST_RUN": must_run},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    assert done.returncode == code, done.stdout
