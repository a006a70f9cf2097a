"""What is told to whom."""

from __future__ import annotations

import msgspec
from joserfc.jwk import OKPKey

from config.wire import Receipt, Refusal, SigningKey, decode, open_envelope
from ingest.evidence.rows import Wanted
from ingest.intake.arrivals import Refused, Sender
from ingest.intake.outcome import Outcome
from ingest.storing.receipts import receipts_for, sealed
from tests.ingest.units import NOON, arrival

ONE, OTHER = "1" * 32, "2" * 32
A, B = "a" * 16, "b" * 16


def test_each_outbox_hears_of_its_own() -> None:
    came = arrival("hgv/v1/unit-1/passage", b"")
    outcome = Outcome(
        accepted=[
            Sender("demo", "unit-1", ONE, seq, digest) for seq, digest in ((3, A), (1, A), (3, A), (3, B))
        ]
        + [Sender("demo", "unit-2", OTHER, 1, A)],
        refused=[
            Refused(came, "other_bytes", "the id is taken", Sender("demo", "unit-1", ONE, 2, B)),
            Refused(came, "untrusted", "nobody is told"),
        ],
        held=[("unit-1", ONE, "a" * 64)],
    )
    assert receipts_for(outcome, [Wanted("unit-2", OTHER, "b" * 64)]) == [
        Receipt(
            agent_id="unit-1",
            outbox_id=ONE,
            accepted=(1, 3, 3),
            digests=(A, A, B),
            refused=(Refusal(seq=2, digest=B, reason="other_bytes: the id is taken"),),
            held_evidence=("a" * 64,),
        ),
        Receipt(agent_id="unit-2", outbox_id=OTHER, accepted=(1,), digests=(A,), want_evidence=("b" * 64,)),
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
