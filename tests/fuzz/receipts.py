"""A unit's side of the wire: receipts, as one with the centre's key might send them, applied to an outbox."""

from __future__ import annotations

import hashlib
from pathlib import Path

from joserfc.jwk import OKPKey

from config.errors import WireError
from config.wire import Receipt, Refusal, SigningKey, decode, encode, open_envelope, seal
from config.wire.envelope import Header
from edge.outbox.outbox import Outbox, OutboxPicture
from edge.uplink.heard import LastHeard
from tests.fuzz.target import Target

_KEY = SigningKey("ingest:key", OKPKey.generate_key("Ed25519"))
_PICTURE = b"\xff\xd8 a picture \xff\xd9"
_HASH = hashlib.sha256(_PICTURE).hexdigest()


def receipt_target(folder: Path) -> Target:
    """Receipts; the outbox has two events and a picture as often as it has none."""
    outbox, heard = Outbox(folder / "outbox" / "outbox.sqlite"), LastHeard(lambda: 0.0)

    def run(payload: bytes) -> None:
        if not outbox.depth():
            for name in ("one", "two"):
                outbox.put(_fresh_id(name, outbox), "passage", b"{}", [OutboxPicture(_HASH, _PICTURE)])
        try:
            raw = seal(payload, Header(kid=_KEY.key_id, kind="receipt"), _KEY)
            receipt = decode(open_envelope(raw, lambda key_id: _KEY.key).payload, Receipt)
        except WireError:
            return
        outbox.apply(receipt)
        heard.note(receipt)

    return Target("receipts on the unit", _seeds(outbox.outbox_id), run, share=4, short=100)


def _seeds(outbox_id: str) -> tuple[bytes, ...]:
    answers = (
        Receipt(agent_id="unit-1", outbox_id=outbox_id, accepted=(1, 2), held_evidence=(_HASH,)),
        Receipt(agent_id="unit-1", outbox_id=outbox_id, refused=(Refusal(seq=1, reason="undecodable"),)),
        Receipt(agent_id="unit-1", outbox_id="0" * 32, accepted=(1,), want_evidence=(_HASH, "f" * 64)),
    )
    return tuple(encode(answer) for answer in answers)


def _fresh_id(name: str, outbox: Outbox) -> str:
    return hashlib.sha256(f"{name} {outbox.last_seq()}".encode()).hexdigest()[:32]
