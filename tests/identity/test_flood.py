"""One unit floods through the real broker: another is heard meanwhile, and the whole flood is counted."""

from __future__ import annotations

from config.wire import topic_for
from tests.identity.installation import Installation, wait_for
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit
from tests.ingest.units import passage

AHEAD, AT_A_TIME = 3_000, 200
GARBAGE = b"flood " * 200


def counted(centre: Installation, *endings: str) -> float:
    return sum(
        centre.counted("ingest", "hgv_ingest_messages_total", kind="passage", ending=ending)
        for ending in endings
    )


def test_another_unit_is_answered_while_the_flood_goes_on(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    other = Knocker(centre.address("unit-2"), "unit-2", (topic_for("unit-2", "receipt"),))
    honest = passage("honest", agent_id="unit-2")
    sent: list[int] = []

    def flood(messages: int) -> None:
        sent.extend(knocker.send(topic_for("unit-1", "passage"), GARBAGE) for _ in range(messages))

    def is_answered() -> bool:
        flood(AT_A_TIME)  # there is always more of it
        return any(receipt.accepted for receipt in other.receipts())

    with knocker.inside(), other.inside():
        flood(AHEAD)
        other.send(topic_for("unit-2", "passage"), units["unit-2"].sealed(honest))
        wait_for("the receipt", is_answered)
        assert honest.passage_id in centre.stored()
        wait_for(
            "an end of every message of the flood",
            lambda: counted(centre, "quarantined_undecodable", "shed") == len(sent),
        )
