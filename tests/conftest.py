"""What all tests share: where the project and the measuring pictures are, and skips that fail in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def measuring_data() -> Path:
    """Real pictures and clips beside the project; the test is skipped where they are missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the measuring pictures (../shared/data) are not on this machine")
    return folder


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With TESTS_MUST_RUN set, a skipped test fails the run: a missing package must not hide a test."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("TESTS_MUST_RUN") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
