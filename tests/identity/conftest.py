"""A running installation for each test file, and units that were let in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import structlog

from tests.identity.installation import Installation


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Authority, broker and ingester, running."""
    if shutil.which("mosquitto") is None:
        pytest.skip("Debian's package mosquitto is not installed")
    installation = Installation(tmp_path_factory.mktemp("centre"))
    installation.set_up()
    try:
        installation.start_broker()
        installation.start_ingester()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """A command sets the logs of its process; here the process goes on."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
