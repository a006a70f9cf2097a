"""The uplink against a real broker: sent until a trusted receipt settles it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from config.settings import Broker
from config.wire import Receipt, Refusal, SigningKey, open_envelope
from edge.outbox.outbox import Outbox, OutboxPicture
from edge.tally import Tally
from edge.uplink.uplink import Centre as Address
from edge.uplink.uplink import Pace, Presence, Uplink
from tests.edge.centre import Centre, accepts, broker, silent, wait_for

JPEG = b"\xff\xd8 a picture \xff\xd9"
PICTURE = OutboxPicture(hashlib.sha256(JPEG).hexdigest(), JPEG)
UNIT_KEY = SigningKey("unit-1:1", OKPKey.generate_key("Ed25519"))


@pytest.fixture(scope="module")
def address() -> Iterator[Broker]:
    with broker() as address:
        yield address


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield outbox
    outbox.close()


@contextmanager
def sending(
    outbox: Outbox, centre: Centre, agent_id: str, *, again_after_s: float = 60.0, entries: int = 100
) -> Iterator[Tally]:
    """An uplink at work under a name of its own, so that no test hears another's leftovers."""
    tally = Tally()
    to = Address(centre.broker, {centre.key.key_id: centre.key.key}.get)
    pace = Pace(entries=entries, again_after_s=again_after_s)
    presence = Presence(lambda: b"lost")
    uplink = Uplink(agent_id, outbox, UNIT_KEY, to, tally, time.monotonic, presence, pace)
    uplink.start()
    try:
        yield tally
    finally:
        uplink.stop()


def put(outbox: Outbox, *names: str, pictures: tuple[OutboxPicture, ...] = ()) -> None:
    for name in names:
        outbox.put(name, "passage", name.encode(), pictures)


def refuses(topic: str, payload: bytes) -> Receipt | None:
    receipt = accepts(topic, payload)
    if receipt is None or not receipt.accepted:
        return None
    return Receipt(
        agent_id=receipt.agent_id,
        outbox_id=receipt.outbox_id,
        refused=(Refusal(seq=receipt.accepted[0], reason="undecodable"),),
    )


def test_an_event_is_sealed_and_its_picture_follows_when_it_is_accepted(
    address: Broker, outbox: Outbox
) -> None:
    put(outbox, "one", pictures=(PICTURE,))
    with Centre(address, accepts).listening() as centre, sending(outbox, centre, "unit-a") as tally:
        wait_for(lambda: outbox.depth() + outbox.pictures_waiting() == 0)
    passage, picture = centre.came
    envelope = open_envelope(passage[1], {UNIT_KEY.key_id: UNIT_KEY.key}.get)
    assert (passage[0], envelope.payload) == ("hgv/v1/unit-a/passage", b"one")
    assert (envelope.header.outbox, envelope.header.seq) == (outbox.outbox_id, 1)
    assert picture == (f"hgv/v1/unit-a/evidence/{PICTURE.sha256}", JPEG)
    counts = tally.counts()
    assert (counts["events_sent"], counts["events_accepted"], counts["pictures_held"]) == (1, 1, 1)


def test_an_event_without_receipt_is_sent_again(address: Broker, outbox: Outbox) -> None:
    put(outbox, "one")
    with (
        Centre(address, silent).listening() as centre,
        sending(outbox, centre, "unit-b", again_after_s=0.1) as tally,
    ):
        wait_for(lambda: centre.count("passage") >= 3)
        assert outbox.depth() == 1
        assert len({payload for _, payload in centre.came}) == 1
        assert tally.counts()["events_sent"] == 1
        centre.answer = accepts
        wait_for(lambda: outbox.depth() == 0)


def test_a_refused_event_is_given_up_and_counted(address: Broker, outbox: Outbox) -> None:
    put(outbox, "one", pictures=(PICTURE,))
    with Centre(address, refuses).listening() as centre, sending(outbox, centre, "unit-c") as tally:
        wait_for(lambda: tally.counts()["events_refused"] == 1)
    assert (outbox.depth(), outbox.pictures_waiting()) == (0, 0)


def test_a_receipt_that_the_centre_has_not_signed_settles_nothing(address: Broker, outbox: Outbox) -> None:
    put(outbox, "one")
    forged = SigningKey("ingest:1", OKPKey.generate_key("Ed25519"))
    unknown = SigningKey("stranger:1", OKPKey.generate_key("Ed25519"))
    with Centre(address, silent).listening() as centre, sending(outbox, centre, "unit-d") as tally:
        wait_for(lambda: centre.count("passage") == 1)
        receipt = Receipt(agent_id="unit-d", outbox_id=outbox.outbox_id, accepted=(1,))
        centre.send(receipt, forged)
        centre.send(receipt, unknown)
        wait_for(lambda: tally.counts()["receipts_untrusted"] == 2)
        assert outbox.depth() == 1
        centre.send(receipt)
        wait_for(lambda: outbox.depth() == 0)


def test_a_picture_is_sent_again_when_it_is_asked_for(address: Broker, outbox: Outbox) -> None:
    def forgets_pictures(topic: str, payload: bytes) -> Receipt | None:
        return None if "/evidence/" in topic else accepts(topic, payload)

    put(outbox, "one", pictures=(PICTURE,))
    with (
        Centre(address, forgets_pictures).listening() as centre,
        sending(outbox, centre, "unit-e") as tally,
    ):
        wait_for(lambda: centre.count("evidence") == 1)
        wanted = (PICTURE.sha256, "0" * 64)
        centre.send(Receipt(agent_id="unit-e", outbox_id=outbox.outbox_id, want_evidence=wanted))
        wait_for(lambda: centre.count("evidence") == 2)
        assert tally.counts()["pictures_gone"] == 1


def test_no_more_than_the_window_is_without_answer(address: Broker, outbox: Outbox) -> None:
    put(outbox, *(str(n) for n in range(50)))
    with (
        Centre(address, silent).listening() as centre,
        sending(outbox, centre, "unit-f", entries=7) as tally,
    ):
        wait_for(lambda: centre.count("passage") == 7)
        seqs = sorted(seq_of(payload) for _, payload in centre.came)
        assert seqs == [1, 2, 3, 47, 48, 49, 50]
        assert tally.counts()["events_sent"] == 7
        centre.answer = accepts
        receipt = Receipt(agent_id="unit-f", outbox_id=outbox.outbox_id, accepted=tuple(seqs))
        centre.send(receipt)
        wait_for(lambda: outbox.depth() == 0)
        assert centre.count("passage") == 50


def seq_of(payload: bytes) -> int:
    seq = open_envelope(payload, {UNIT_KEY.key_id: UNIT_KEY.key}.get).header.seq
    assert seq is not None
    return seq


def test_a_unit_that_vanishes_is_said_to_be_lost(address: Broker, outbox: Outbox) -> None:
    lost: Callable[[str, bytes], Receipt | None] = silent
    with Centre(address, lost).listening() as centre:
        tally = Tally()
        to = Address(centre.broker, {}.get)
        presence = Presence(lambda: b"lost", vanished_after_s=0)
        uplink = Uplink("unit-g", outbox, UNIT_KEY, to, tally, time.monotonic, presence)
        uplink.start()
        assert uplink.wait_until_reached(10)
        assert uplink.send_health(b"{}")
        wait_for(lambda: centre.count("health") == 1)
        socket = uplink._client.socket()
        assert socket is not None
        socket.shutdown(2)  # the link is cut without a word
        wait_for(lambda: ("hgv/v1/unit-g/health", b"lost") in centre.came)
        uplink.stop()


def test_a_link_that_is_cut_for_a_moment_is_no_loss_of_the_unit(address: Broker, outbox: Outbox) -> None:
    reached: list[None] = []
    with Centre(address, silent).listening() as centre:
        tally = Tally()
        to = Address(centre.broker, {}.get)
        presence = Presence(lambda: b"lost", lambda: reached.append(None), vanished_after_s=60)
        uplink = Uplink("unit-h", outbox, UNIT_KEY, to, tally, time.monotonic, presence)
        uplink.start()
        wait_for(lambda: len(reached) == 1, "the broker")
        socket = uplink._client.socket()
        assert socket is not None
        socket.shutdown(2)
        wait_for(lambda: len(reached) == 2, "the broker again")
        assert uplink.send_health(b"{}", within_s=10)
        wait_for(lambda: centre.count("health") == 1, "the heartbeat")
        assert [raw for topic, raw in centre.came if raw == b"lost"] == []
        assert (tally.counts()["connections"], tally.counts()["connections_lost"]) == (2, 1)
        uplink.stop()


def test_the_will_is_of_the_connection_that_broke_off(address: Broker, outbox: Outbox) -> None:
    """Each connection leaves a new one, that tells the outbox as it was then."""
    with Centre(address, silent).listening() as centre:
        to = Address(centre.broker, {}.get)
        presence = Presence(lambda: b"lost after %d" % outbox.last_seq(), vanished_after_s=0)
        tally = Tally()
        uplink = Uplink("unit-i", outbox, UNIT_KEY, to, tally, time.monotonic, presence)
        uplink.start()
        for n in range(2):
            wait_for(lambda times=n + 1: tally.counts()["connections"] == times, "the broker")
            assert uplink.send_health(b"{}", within_s=10)
            put(outbox, f"event {n}")
            socket = uplink._client.socket()
            assert socket is not None
            socket.shutdown(2)
            wait_for(lambda told=b"lost after %d" % n: told in [raw for _, raw in centre.came], "the will")
        uplink.stop()
