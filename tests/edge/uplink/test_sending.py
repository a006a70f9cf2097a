"""What goes to the broker next, and how much at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from joserfc.jwk import OKPKey
from paho.mqtt.client import MQTTMessageInfo

from config.wire import SigningKey, peek_header
from config.wire.topics import parse_topic
from edge.outbox.outbox import Outbox
from edge.tally import Tally
from edge.uplink.broker_limits import BrokerLimits, limits_told
from edge.uplink.in_flight import InFlight
from edge.uplink.sending import Pace, Sending
from tests.edge.outboxes import picture, receipt

KEY = SigningKey("unit-1:1", OKPKey.generate_key("Ed25519"))
PICTURES = [picture(f"picture {n}", 2000) for n in range(6)]


@dataclass
class Client:
    """Takes what it is handed, as a connected client does; acknowledged by the broker only when told so."""

    handed: list[tuple[str, bytes, MQTTMessageInfo]] = field(default_factory=list)

    def publish(self, topic: str, payload: bytes, qos: int) -> MQTTMessageInfo:
        info = MQTTMessageInfo(len(self.handed) + 1)
        self.handed.append((topic, payload, info))
        return info

    def acknowledge_all(self) -> None:
        for _, _, info in self.handed:
            info._set_as_published()

    def seqs(self) -> list[int]:
        headers = [peek_header(raw) for topic, raw, _ in self.handed if "/evidence/" not in topic]
        return [header.seq or 0 for header in headers]

    def channels(self) -> list[str]:
        return [parse_topic(topic).channel for topic, _, _ in self.handed]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield outbox
    outbox.close()


@dataclass
class Ticks:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


def sending(outbox: Outbox, ticks: Ticks | None = None, **pace: float) -> tuple[Sending, Client, Tally]:
    tally = Tally()
    told = Pace(**{"entries": 100, **pace})  # type: ignore[arg-type]  # by name
    return Sending("unit-1", outbox, KEY, tally, ticks or Ticks(), told), Client(), tally


def put(outbox: Outbox, *numbers: int) -> None:
    for n in numbers:
        outbox.put(f"event {n}", "passage", b"%d" % n)


def test_no_event_stands_behind_more_than_one_picture(outbox: Outbox) -> None:
    outbox.put("with pictures", "passage", b"", PICTURES)
    outbox.apply(receipt(outbox, 1))
    work, client, _ = sending(outbox)
    for n in range(2, 6):
        put(outbox, n)
        work.send(client)
    assert client.channels() == ["passage", "evidence", "passage", "passage", "passage"]
    client.acknowledge_all()
    work.send(client)
    work.send(client)
    assert client.channels()[5:] == ["evidence"]


def test_pictures_are_not_starved_by_a_backlog(outbox: Outbox) -> None:
    outbox.put("with pictures", "passage", b"", PICTURES)
    outbox.apply(receipt(outbox, 1))
    put(outbox, *range(2, 200))
    work, client, _ = sending(outbox)
    for _ in range(4):
        work.send(client)
        client.acknowledge_all()
    assert client.channels().count("evidence") == 4


def test_newest_and_oldest_pictures_take_turns(outbox: Outbox) -> None:
    for n in range(6):
        outbox.put(f"event {n}", "passage", b"%d" % n, PICTURES[n : n + 1])
    outbox.apply(receipt(outbox, *range(1, 7)))
    work, client, _ = sending(outbox)
    for _ in range(6):
        work.send(client)
        client.acknowledge_all()
    sent = [raw for topic, raw, _ in client.handed if "/evidence/" in topic]
    assert sent == [PICTURES[n].jpeg for n in (5, 0, 4, 1, 3, 2)]


def test_only_so_much_is_with_the_client_at_a_time(outbox: Outbox) -> None:
    put(outbox, *range(1, 200))
    work, client, _ = sending(outbox, entries=40)
    work.send(client)
    work.send(client)
    assert len(client.handed) == BrokerLimits().unacknowledged
    for _ in range(5):
        client.acknowledge_all()
        work.send(client)
    assert len(client.handed) == 40


def test_newest_and_oldest_share_every_room_however_small(outbox: Outbox) -> None:
    put(outbox, *range(1, 101))
    work, client, _ = sending(outbox, entries=1)
    for _ in range(6):
        work.send(client)
        client.acknowledge_all()
        last = client.seqs()[-1]
        told = receipt(outbox, last)
        work.settle(told, outbox.apply(told))
    assert client.seqs() == [100, 1, 99, 2, 98, 3]


def test_what_gets_no_answer_is_sent_again_after_longer_and_longer(outbox: Outbox) -> None:
    put(outbox, 1)
    ticks = Ticks()
    work, client, tally = sending(outbox, ticks, again_after_s=30.0, longest_s=100.0)
    sent_at = []
    for _ in range(4000):
        before = len(client.handed)
        work.send(client)
        client.acknowledge_all()
        if len(client.handed) > before:
            sent_at.append(ticks.now_s)
        ticks.now_s += 0.1
    assert [round(at) for at in sent_at] == [0, 30, 90, 190, 290, 390]
    assert (tally.counts()["events_sent"], tally.counts()["events_sent_again"]) == (1, 5)


def test_a_broker_that_has_forgotten_gets_it_again_at_once(outbox: Outbox) -> None:
    put(outbox, 1, 2)
    work, client, _ = sending(outbox)
    work.send(client)
    client.handed[0][2]._set_as_published()  # the other is still with the client, which repeats it itself
    work.forget_delivered()
    work.send(client)
    assert client.seqs() == [2, 1, 2]


def test_an_outbox_that_is_begun_anew_is_sent_from_its_beginning(outbox: Outbox) -> None:
    put(outbox, 1, 2, 3)
    work, client, tally = sending(outbox)
    work.send(client)
    told = receipt(outbox, 1, 7)  # nobody has been given number 7 here
    work.settle(told, outbox.apply(told))
    work.send(client)
    headers = [peek_header(raw) for _, raw, _ in client.handed]
    assert len({header.outbox for header in headers}) == 2
    assert {header.seq for header in headers[3:]} == {1, 2}
    assert {header.outbox for header in headers[3:]} == {outbox.outbox_id}
    assert tally.counts()["outboxes_begun_anew"] == 1


def test_what_the_brokers_packets_do_not_take_is_counted_and_stays(outbox: Outbox) -> None:
    outbox.put("large", "passage", b"x" * 5000)
    put(outbox, 2)
    outbox.put("with a picture", "passage", b"", PICTURES[:1])
    outbox.apply(receipt(outbox, 3))
    work, client, tally = sending(outbox)
    work.limit_to(BrokerLimits(payload_bytes=1500))
    for _ in range(3):
        work.send(client)
    assert client.seqs() == [2]
    counts = tally.counts()
    assert (counts["events_too_large"], counts["pictures_too_large"]) == (1, 1)
    assert (outbox.depth(), outbox.pictures_waiting()) == (2, 1)


def test_losses_travel_on_the_health_topic_under_their_numbers(outbox: Outbox) -> None:
    outbox.apply(receipt(outbox, want_evidence=(PICTURES[0].sha256,)))
    outbox.tell("a" * 32, b"{}", outbox.untold(9))
    work, client, _ = sending(outbox)
    work.send(client)
    ((topic, raw, _),) = client.handed
    header = peek_header(raw)
    assert (topic, header.kind, header.seq) == ("hgv/v1/unit-1/health", "loss", 1)


@pytest.mark.parametrize(
    ("told", "unacknowledged", "payload_bytes"),
    [
        ({}, 16, 1_500_000),
        ({"ReceiveMaximum": 10, "MaximumPacketSize": 100_000}, 7, 99_700),
        ({"ReceiveMaximum": 1}, 1, 1_500_000),
        ({"ReceiveMaximum": 1000, "MaximumPacketSize": 1_600_000}, 16, 1_500_000),
    ],
)
def test_what_a_broker_says_of_its_limits(
    told: dict[str, int], unacknowledged: int, payload_bytes: int
) -> None:
    assert limits_told(SimpleNamespace(**told)) == BrokerLimits(unacknowledged, payload_bytes)


def test_a_key_that_is_answered_begins_anew() -> None:
    flight: InFlight[int] = InFlight(5, 10.0, 1000.0)
    for now_s, first in ((0.0, True), (20.0, False)):
        assert flight.add(1, now_s, None) is first
    flight.settle([1, 2])
    assert flight.add(1, 30.0, None) is True
    assert flight.waiting_and_room(39.0, 9) == ({1}, 4)
    assert flight.waiting_and_room(41.0, 9) == (set(), 5)
