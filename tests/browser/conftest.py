"""A real console process on a village with one proposed case, and Debian's chromium to look at it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import msgspec
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.enforcement.console.village import NOW, Village, new_village, open_village

CHROMIUM = Path("/usr/bin/chromium")
_READY_WITHIN_S = 120
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class RunningConsole:
    """Where the console answers, and the file with which other commands reach the same data."""

    address: str
    config: Path
    village: Village

    def enforce(self, *arguments: str) -> str:
        """What `hgv-enforce ...` printed; fails the test where it did not succeed."""
        done = subprocess.run(_command(self.config, *arguments), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a village made once; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("village")
    village = new_village(folder)
    village.add_user("officer", "officer", name="Amara Sample")
    village.add_user("second", "supervisor", name="Robin Sample")
    village.add_transit("YX26HGV", entered_at=NOW - timedelta(days=1))
    village.open_cases()
    village.engine.dispose()
    return folder


@pytest.fixture
def console(chromium: Browser, furnished: Path, tmp_path: Path) -> Iterator[RunningConsole]:
    """`hgv-enforce console` as its own process; not started where there is no browser to look at it."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    village = open_village(tmp_path, port=port)
    village.engine.dispose()
    config = tmp_path / "enforcement.yaml"
    config.write_bytes(msgspec.json.encode(village.settings))  # JSON is YAML
    with (tmp_path / "console.log").open("wb") as log:
        process = subprocess.Popen(_command(config, "console"), stdout=log, stderr=subprocess.STDOUT)
    try:
        running = RunningConsole(f"http://127.0.0.1:{port}", config, village)
        _await_answer(running, process, tmp_path / "console.log")
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless browser; the test is skipped where Debian's package is missing.

    It ends with its module: Playwright keeps an event loop running in this thread, and other tests need none.
    """
    if not CHROMIUM.exists():
        pytest.skip("Debian's package chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        expect.set_options(timeout=_READY_WITHIN_S * 1000)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


def _command(config: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "enforcement.cli", "--config", str(config), *arguments]


def _await_answer(running: RunningConsole, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the console ended: {log.read_text()}"
        try:
            with urlopen(f"{running.address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the console did not answer: {log.read_text()}")
