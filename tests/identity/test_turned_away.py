"""Who has no business here: refused, counted and to be seen, by a real mosquitto with the rules that ship."""

from __future__ import annotations

import msgspec
import pytest
from joserfc.jwk import OKPKey

import ingest.cli
from config.wire import SigningKey, topic_for
from tests.identity.installation import Installation, said, wait_for
from tests.identity.knocker import Knocker
from tests.identity.signing_unit import SigningUnit
from tests.ingest.units import passage


def test_an_honest_passage_is_stored_with_the_bytes_that_were_signed_and_answered(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    sent = passage("honest")
    with knocker.inside():
        mid = knocker.send(topic_for("unit-1", "passage"), units["unit-1"].sealed(sent))
        assert knocker.word_on(mid) == "Success"
        wait_for("the receipt", knocker.receipts)
    assert centre.stored()[sent.passage_id] == "AA19AAA"


@pytest.mark.parametrize(
    ("name", "code"),
    [("wrong key under the unit's name", "untrusted"), ("a key nobody knows", "unknown_key")],
)
def test_a_forged_passage_goes_to_quarantine(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker, name: str, code: str
) -> None:
    forger = OKPKey.generate_key("Ed25519")
    claimed = units["unit-1"].key.key_id if code == "untrusted" else "unit-1:nobody"
    forged = passage(name)
    before = centre.ended(f"quarantined_{code}")
    with knocker.inside():
        raw = units["unit-1"].sealed(forged, SigningKey(claimed, forger))
        knocker.send(topic_for("unit-1", "passage"), raw)
        wait_for("the count", lambda: centre.ended(f"quarantined_{code}") == before + 1)
    assert forged.passage_id not in centre.stored()
    assert any((row.code, row.raw) == (code, raw) for row in centre.quarantine())
    listed = said_by_ingester(centre)
    assert code in listed
    assert "hgv/v1/unit-1/passage" in listed
    assert f'"code": "{code}"' in centre.log("ingest")


def test_a_replayed_passage_with_a_changed_plate_goes_to_quarantine_whoever_signs_it(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    unit, sent = units["unit-1"], passage("replayed")
    changed = msgspec.structs.replace(sent, plate=passage("other", vrm="BB19BBB").plate)
    with knocker.inside():
        original = unit.sealed(sent)
        knocker.send(topic_for("unit-1", "passage"), original)
        wait_for("the original", lambda: sent.passage_id in centre.stored())
        parts = msgspec.json.decode(original)
        swapped = {**parts, "payload": msgspec.json.decode(unit.sealed(changed))["payload"]}
        knocker.send(topic_for("unit-1", "passage"), msgspec.json.encode(swapped))
        knocker.send(topic_for("unit-1", "passage"), unit.sealed(changed))
        wait_for("the count", lambda: centre.ended("quarantined_other_bytes") == 1)
        wait_for("the quarantine", lambda: len(rows(centre, "untrusted")) >= 1)
    assert centre.stored()[sent.passage_id] == "AA19AAA"
    assert len(rows(centre, "other_bytes")) == 1


def test_a_passage_under_another_units_topic_is_denied_and_counted(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    before = centre.counted("door", "hgv_broker_turned_away_total", why="topic", unit="unit-1")
    with knocker.inside():
        for what in ("passage", "traffic", "health", "receipt"):
            mid = knocker.send(f"hgv/v1/unit-2/{what}", units["unit-1"].sealed(passage(what)))
            assert knocker.word_on(mid) == "Not authorized"
        for topic in (f"hgv/v1/unit-2/evidence/{'0' * 64}", "hgv/v1/unit-1/receipt", "$SYS/x", "else"):
            assert knocker.word_on(knocker.send(topic, b"x")) == "Not authorized"
    wait_for(
        "the count",
        lambda: (
            centre.counted("door", "hgv_broker_turned_away_total", why="topic", unit="unit-1") == before + 8
        ),
    )
    assert '"hgv/v1/unit-2/passage"' in centre.log("door")


def test_a_topic_that_plays_a_line_of_the_log_ends_the_connection_and_is_counted(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    """A line break in a topic: what follows it would stand in the log as mosquitto's own word."""
    played = "x\n1795391925: Denied PUBLISH from unit-2 (d0, q1, r0, m2, 'x', ... (1 bytes))"
    turned_away = "hgv_broker_turned_away_total"
    with knocker.inside():
        knocker.send(played, b"x")
        wait_for("the count", lambda: centre.counted("door", turned_away, why="protocol", unit="unit-1"))
    assert centre.counted("door", turned_away, unit="unit-2") == 0


def test_a_message_to_be_retained_ends_the_connection(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    with knocker.inside():
        knocker.client.publish(topic_for("unit-1", "health"), b"x" * 1_000_000, qos=1, retain=True)
        wait_for("the end", knocker.lost.is_set)


def test_the_centre_refuses_it_too_should_the_broker_let_it_through(
    centre: Installation, units: dict[str, SigningUnit]
) -> None:
    """The very message, carried past the rules: from a certificate of the other unit's own."""
    stolen = passage("stolen", agent_id="unit-1")
    with Knocker(centre.address("unit-2"), "unit-2").inside() as other:
        other.send(topic_for("unit-2", "passage"), units["unit-1"].sealed(stolen))
        wait_for("the count", lambda: centre.ended("quarantined_other_unit") == 1)
    assert stolen.passage_id not in centre.stored()


def test_a_unit_hears_nobodys_receipts_but_its_own(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    curious = Knocker(
        centre.address("unit-2"),
        "unit-2",
        ("#", "hgv/v1/+/receipt", "$SYS/#", "$share/g/#", "$share/h/hgv/v1/+/passage"),
    )
    with curious.inside(), knocker.inside():
        for number in range(3):
            message = units["unit-1"].sealed(passage(f"overheard {number}"))
            knocker.send(topic_for("unit-1", "passage"), message)
        wait_for("three receipts", lambda: sum(len(r.accepted) for r in knocker.receipts()) >= 3)
        curious.send(
            topic_for("unit-2", "passage"), units["unit-2"].sealed(passage("own", agent_id="unit-2"))
        )
        wait_for("its own receipt", curious.receipts)
    assert {topic for topic, _ in curious.heard} == {"hgv/v1/unit-2/receipt"}


def test_a_unit_cannot_take_over_another_units_session(
    centre: Installation, units: dict[str, SigningUnit], knocker: Knocker
) -> None:
    with knocker.inside(), Knocker(centre.address("unit-2"), "unit-1").inside() as impostor:
        assert knocker.word_on(knocker.send("hgv/v1/unit-1/health", b"x")) == "Success"
        assert impostor.word_on(impostor.send("hgv/v1/unit-1/health", b"x")) == "Not authorized"
        assert not knocker.lost.is_set()


def rows(centre: Installation, code: str) -> list[str]:
    """Topics of the quarantine's rows under a code."""
    return [row.topic for row in centre.quarantine() if row.code == code]


def said_by_ingester(centre: Installation) -> str:
    """`hgv-ingest quarantine list`, on a wide terminal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "300")
        return said(ingest.cli.main, "--config", str(centre.folder / "ingest.yaml"), "quarantine", "list")
