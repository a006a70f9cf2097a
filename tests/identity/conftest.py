"""A running installation for each test file, and units that were let in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import structlog

from config.wire import topic_for
from tests.identity.installation import Installation
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit


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


@pytest.fixture(scope="module")
def units(centre: Installation) -> dict[str, SigningUnit]:
    """Two units that were let in."""
    for agent_id in ("unit-1", "unit-2"):
        centre.enrol(agent_id)
    return {name: SigningUnit.of(centre.folder, name) for name in ("unit-1", "unit-2")}


@pytest.fixture
def knocker(centre: Installation, units: dict[str, SigningUnit]) -> Knocker:
    """The first unit's certificate, in whose hands ever."""
    return Knocker(centre.address("unit-1"), "unit-1", (topic_for("unit-1", "receipt"),))
