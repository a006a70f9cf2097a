"""What is told to whom."""

from __future__ import annotations

import msgspec
from joserfc.jwk import OKPKey

from config.wire import Receipt, Refusal, SigningKey, decode, open_envelope
from ingest.arrivals import Refused, Sender
from ingest.evidence_rows import Wanted
from ingest.outcome import Outcome
from ingest.receipts import receipts_for, sealed
from tests.ingest.units import NOON, arrival

ONE, OTHER = "1" * 32, "2" * 32


def test_each_outbox_hears_of_its_own() -> None:
    came = arrival("hgv/v1/unit-1/passage", b"")
    outcome = Outcome(
        accepted=[Sender("demo", "unit-1", ONE, seq) for seq in (3, 1, 3)]
        + [Sender("demo", "unit-2", OTHER, 1)],
        refused=[
            Refused(came, "other_bytes", "the id is taken", Sender("demo", "unit-1", ONE, 2)),
            Refused(came, "untrusted", "nobody is told"),
        ],
        held=[("unit-1", ONE, "a" * 64)],
    )
    assert receipts_for(outcome, [Wanted("unit-2", OTHER, "b" * 64)]) == [
        Receipt(
            agent_id="unit-1",
            outbox_id=ONE,
            accepted=(1, 3),
            refused=(Refusal(seq=2, reason="other_bytes: the id is taken"),),
            held_evidence=("a" * 64,),
        ),
        Receipt(agent_id="unit-2", outbox_id=OTHER, accepted=(1,), want_evidence=("b" * 64,)),
    ]


def test_nothing_to_say_is_no_receipt() -> None:
    came = arrival("hgv/v1/unit-1/passage", b"")
    assert receipts_for(Outcome(refused=[Refused(came, "undecodable", "not ours")])) == []


def test_a_receipt_is_signed_for_its_unit() -> None:
    key = SigningKey("ingest:1", OKPKey.generate_key("Ed25519"))
    receipt = Receipt(agent_id="unit-1", outbox_id=ONE, accepted=(1,))
    topic, raw = sealed(receipt, key, NOON)
    assert topic == "hgv/v1/unit-1/receipt"
    opened = decode(open_envelope(raw, {"ingest:1": key.key}.get).payload, Receipt)
    assert opened == msgspec.structs.replace(receipt, sent_at=NOON)
