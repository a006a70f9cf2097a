"""What this folder refuses.

EnforcementError
├── OrderFileRefused   a file holds no order that could be read; nothing of it was stored
└── ApprovalRefused    a draft cannot become a version yet, in plain words
"""

from __future__ import annotations

from pathlib import Path

from enforcement.errors import EnforcementError


class OrderFileRefused(EnforcementError):
    """A file of orders cannot be read; the text names the file and what is wrong with it."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file}: {why}")


class ApprovalRefused(EnforcementError):
    """A draft or an amendment cannot be put in force as asked."""
