"""A real broker that refuses, limits or forgets: nothing is lost, and all of it is counted."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import BinaryIO

import pytest
from joserfc.jwk import OKPKey

from config.settings import Broker
from config.wire import Receipt, SigningKey, digest_of, open_envelope
from edge.outbox.outbox import Outbox
from edge.tally import Tally
from edge.uplink.uplink import Centre as Address
from edge.uplink.uplink import Pace, Presence, Uplink
from tests.edge.centre import Centre, accepts, silent, wait_for
from tests.edge.mosquitto import mosquitto
from tests.edge.outboxes import picture

UNIT_KEY = SigningKey("unit-1:1", OKPKey.generate_key("Ed25519"))
CENTRE_KEY = SigningKey("ingest:1", OKPKey.generate_key("Ed25519"))
OTHER_KEY = SigningKey("ingest:2", OKPKey.generate_key("Ed25519"))
EVERYBODY = "topic readwrite hgv/#\n"
NO_PASSAGES = "topic read hgv/#\ntopic write hgv/v1/unit-1/health\ntopic write hgv/v1/unit-1/receipt\n"
FAST = Pace(again_after_s=0.2, longest_s=0.4)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield outbox
    outbox.close()


@contextmanager
def sending(outbox: Outbox, broker: Broker, pace: Pace = FAST) -> Iterator[Tally]:
    tally = Tally()
    keys = {key.key_id: key.key for key in (CENTRE_KEY, OTHER_KEY)}
    presence = Presence(lambda: b"lost", vanished_after_s=0)
    address = Address(broker, keys.get)
    uplink = Uplink("unit-1", outbox, UNIT_KEY, address, tally, time.monotonic, presence, pace)
    uplink.start()
    try:
        yield tally
    finally:
        uplink.stop()


def centre(broker: Broker, answer: object = accepts) -> Centre:
    return Centre(broker, answer, CENTRE_KEY)  # type: ignore[arg-type]  # one of the answers


def put(outbox: Outbox, *numbers: int) -> None:
    for n in numbers:
        outbox.put(f"event {n}", "passage", b"%d" % n)


def counted(tally: Tally, name: str) -> int:
    return tally.counts()[name]


def test_events_that_the_broker_refuses_wait_until_it_takes_them(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, 1, 2)
    with (
        mosquitto(tmp_path, acl=NO_PASSAGES) as broker,
        centre(broker.broker).listening(),
        sending(outbox, broker.broker) as tally,
    ):
        wait_for(lambda: counted(tally, "messages_refused") >= 4, "the refusals")
        assert (outbox.depth(), counted(tally, "connections")) == (2, 1)
        broker.allow(EVERYBODY)
        wait_for(lambda: outbox.depth() == 0, "the events' receipts")
        assert counted(tally, "connections") == 1


def test_a_broker_that_lets_nobody_in_is_asked_again(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, 1)
    settings = ("allow_anonymous false",)
    with mosquitto(tmp_path, *settings) as broker, sending(outbox, broker.broker) as tally:
        wait_for(lambda: counted(tally, "connections_refused") >= 2, "two refusals")
        assert (outbox.depth(), counted(tally, "connections")) == (1, 0)


def test_nobody_subscribed_is_counted_and_no_delivery(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, 1)
    with mosquitto(tmp_path) as broker, sending(outbox, broker.broker) as tally:
        wait_for(lambda: counted(tally, "messages_unheard") >= 2, "two that nobody heard")
        assert outbox.depth() == 1
        with centre(broker.broker).listening():
            wait_for(lambda: outbox.depth() == 0, "the event's receipt")


def test_what_exceeds_the_brokers_packets_does_not_break_the_link(outbox: Outbox, tmp_path: Path) -> None:
    large, small = picture("large", 20_000), picture("small", 1_000)
    outbox.put("event 1", "passage", b"1", [large, small])
    outbox.put("event 2", "passage", b"2" * 8_000)
    put(outbox, 3)
    with (
        mosquitto(tmp_path, "max_packet_size 6000") as broker,
        centre(broker.broker).listening() as here,
        sending(outbox, broker.broker) as tally,
    ):
        wait_for(lambda: outbox.depth() == 1 and outbox.pictures_waiting() == 1, "what fits")
        wait_for(lambda: counted(tally, "events_too_large") >= 2, "the event being looked at again")
        assert here.count("evidence") == 1
        assert counted(tally, "connections") == 1


def test_a_broker_that_takes_few_at_a_time_gets_few_at_a_time(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, *range(1, 61))
    with (
        mosquitto(tmp_path, "max_inflight_messages 4") as broker,
        centre(broker.broker).listening(),
        sending(outbox, broker.broker, Pace()) as tally,
    ):
        wait_for(lambda: outbox.depth() == 0, "all receipts")
        assert (counted(tally, "connections"), counted(tally, "events_sent_again")) == (1, 0)


def test_a_refused_subscription_and_another_unit_of_the_same_name_are_counted(outbox: Outbox) -> None:
    """By a broker that says both as MQTT 5 has it (3.9.3, 4.13); the mosquitto of Debian 12 says neither."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=refuse_and_put_out, args=(server,), daemon=True).start()
        with sending(outbox, Broker(port=server.getsockname()[1])) as tally:
            wait_for(lambda: counted(tally, "connections_taken_over") == 1, "being put out")
    assert (counted(tally, "subscriptions_refused"), counted(tally, "connections_lost")) == (1, 1)


def refuse_and_put_out(server: socket.socket) -> None:
    """Let one client in, refuse its subscription, and say that another has taken its session over."""
    client, _ = server.accept()
    with client, client.makefile("rb") as stream:
        packet(stream)
        client.sendall(bytes([0x20, 3, 0, 0, 0]))
        kind, subscribe = packet(stream)
        assert kind == 0x82
        client.sendall(bytes([0x90, 4, *subscribe[:2], 0, 0x87]))
        client.sendall(bytes([0xE0, 2, 0x8E, 0]))
        stream.read()


def packet(stream: BinaryIO) -> tuple[int, bytes]:
    kind, length = stream.read(2)
    if length >= 0x80:
        length = (length & 0x7F) + 128 * stream.read(1)[0]
    return kind, stream.read(length)


def test_a_days_backlog_drains_while_what_is_seen_now_goes_through(outbox: Outbox, tmp_path: Path) -> None:
    """Each event that is put while 1,000 others wait is with the centre before the last of them are."""
    backlog, live = 1_000, [f"live {n}".encode() for n in range(5)]
    put(outbox, *range(backlog))
    with (
        mosquitto(tmp_path, "max_inflight_messages 100") as broker,
        centre(broker.broker).listening() as here,
        sending(outbox, broker.broker, Pace()),
    ):
        for number, payload in enumerate(live, start=1):
            wait_for(lambda after=number * backlog // 10: outbox.depth() <= backlog - after, "a tenth more")
            outbox.put(payload.decode(), "passage", payload)
        wait_for(lambda: outbox.depth() == 0, "all receipts")
    keys = {UNIT_KEY.key_id: UNIT_KEY.key}.get
    came = [open_envelope(raw, keys).payload for topic, raw in here.came if topic.endswith("/passage")]
    assert set(came) == {b"%d" % n for n in range(backlog)} | set(live)
    assert len(came) == len(set(came))
    oldest_half = [came.index(b"%d" % n) for n in range(backlog // 2)]
    for number, payload in enumerate(live, start=1):
        assert came.index(payload) < number * backlog // 10 + 400
    assert max(oldest_half) > came.index(live[-1])


def test_several_ingesters_may_answer_the_same(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, 1, 2, 3)
    with (
        mosquitto(tmp_path) as broker,
        centre(broker.broker, silent).listening() as here,
        sending(outbox, broker.broker, Pace()) as tally,
    ):
        wait_for(lambda: here.count("passage") == 3, "the events")
        for seqs, key in (((1, 2), CENTRE_KEY), ((2, 3), OTHER_KEY), ((1,), OTHER_KEY)):
            digests = tuple(digest_of(b"%d" % n) for n in seqs)
            told = Receipt(agent_id="unit-1", outbox_id=outbox.outbox_id, accepted=seqs, digests=digests)
            here.send(told, key)
        wait_for(lambda: counted(tally, "receipts") == 3, "three receipts")
        assert outbox.depth() == 0
        assert (counted(tally, "events_accepted"), counted(tally, "events_settled_before")) == (3, 2)


def test_a_broker_that_starts_empty_gets_everything_again(outbox: Outbox, tmp_path: Path) -> None:
    put(outbox, *range(20))
    with mosquitto(tmp_path) as broker, sending(outbox, broker.broker, Pace()) as tally:
        wait_for(lambda: counted(tally, "events_sent") == 20, "all events")
        port = broker.broker.port
        broker.process.kill()
        broker.process.wait()
        (tmp_path / "again").mkdir()
        with mosquitto(tmp_path / "again", port=port) as again, centre(again.broker).listening():
            wait_for(lambda: outbox.depth() == 0, "all receipts")
        assert counted(tally, "events_accepted") == 20
