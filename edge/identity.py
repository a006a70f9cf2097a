"""The unit's own signing key."""

from __future__ import annotations

from pathlib import Path

from config.link import load_or_make_key
from config.settings import EdgeSettings
from config.wire import SigningKey


def signing_key(settings: EdgeSettings) -> SigningKey:
    """The key in the unit's data folder, made at its first start. Raises LinkError."""
    return load_or_make_key(Path(settings.data_dir) / "signing-key.pem", settings.agent_id)
