"""All that is fuzzed: every decoder of bytes from the network, and of files that someone sends.

Keys, messages, databases and outboxes are true ones; nothing stands in for the code under test.
"""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.files import file_targets
from tests.fuzz.messages import message_targets
from tests.fuzz.receipts import receipt_target
from tests.fuzz.target import Target


def targets(folder: Path) -> list[Target]:
    """The targets; what they keep on disk goes into `folder`."""
    return [*message_targets(folder), receipt_target(folder), *file_targets(folder)]
