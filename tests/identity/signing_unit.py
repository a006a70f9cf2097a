"""A unit's own key at work: passages sealed as the unit would seal them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from config.link import load_or_make_key
from config.wire import Passage, SigningKey, encode, seal
from config.wire.envelope import Header


@dataclass
class SigningUnit:
    """Seals with the key that lies in the unit's data folder."""

    agent_id: str
    key: SigningKey
    outbox_id: str = "a" * 32
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def of(cls, folder: Path, agent_id: str, file: str = "signing-key.pem") -> SigningUnit:
        """The unit whose data folder is `folder / agent_id`."""
        return cls(agent_id, load_or_make_key(folder / agent_id / file, agent_id))

    def sealed(self, message: Passage, key: SigningKey | None = None) -> bytes:
        """The passage in an envelope with the next number."""
        by = key or self.key
        header = Header(kid=by.key_id, kind="passage", outbox=self.outbox_id, seq=next(self.numbers))
        return seal(encode(message), header, by)
