"""The ingester at work in one process with a real broker: what goes wrong with one message stops no other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest
from joserfc.jwk import OKPKey
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from config.link import connect, new_client
from config.settings import Broker
from config.wire import Receipt, SigningKey, TrafficCount, decode, open_envelope, topic_for
from ingest.database.opening import reading
from ingest.intake.link import BrokerLink
from ingest.metrics import Metrics
from ingest.service import Limits, Service
from ingest.storing.commit import Committer, Step
from ingest.tables import GAPS, PASSAGES, QUARANTINE, TRAFFIC
from tests.edge.centre import broker, wait_for
from tests.ingest.units import Unit, health, jpeg, passage, reference, traffic

KEY = SigningKey("ingest:1", OKPKey.generate_key("Ed25519"))


@pytest.fixture(scope="module")
def address() -> Iterator[Broker]:
    with broker() as address:
        yield address


@dataclass
class UnitLink:
    """A unit's connection: sends what it is told, keeps the receipts."""

    broker: Broker
    unit: Unit
    receipts: list[Receipt] = field(default_factory=list)

    def __enter__(self) -> UnitLink:
        ready = Event()
        self.client = new_client(self.broker, self.unit.agent_id)
        topic = topic_for(self.unit.agent_id, "receipt")
        self.client.on_connect = lambda client, *_: client.subscribe(topic, qos=1)
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = self.keep
        connect(self.client, self.broker, session_expiry_s=3600)
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def keep(self, client: Any, userdata: Any, message: Any) -> None:
        envelope = open_envelope(message.payload, {KEY.key_id: KEY.key}.get)
        self.receipts.append(decode(envelope.payload, Receipt))
        client.ack(message.mid, message.qos)

    def send(self, *arrivals: Any) -> None:
        for arrival in arrivals:
            self.client.publish(arrival.topic, arrival.payload, qos=1)

    def accepted(self) -> set[int]:
        return {seq for receipt in self.receipts for seq in receipt.accepted}

    def refused(self) -> set[int]:
        return {refusal.seq for receipt in self.receipts for refusal in receipt.refused}


@dataclass
class Running:
    """An ingester in a thread; `steps` it has reached."""

    engine: Engine
    committer: Committer
    address: Broker
    name: str
    steps: list[Step] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)
    stop: Event = field(default_factory=Event)

    def __enter__(self) -> Running:
        clock = self.committer.clock
        self.service = Service(
            engine=self.engine,
            link=BrokerLink(self.address, self.name, clock, self.metrics),
            committer=with_steps(self.committer, self.steps.append),
            receipt_key=KEY,
            limits=Limits(batch_messages=50, batch_wait_s=0.2),
            clock=clock,
            metrics=self.metrics,
            reached=self.steps.append,
        )
        self.thread = Thread(target=self.service.run, args=(self.stop,))
        self.thread.start()
        wait_for(lambda: self.metrics.connected._value.get() == 1, "the ingester's connection")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(20)
        assert not self.thread.is_alive()

    def count(self, table: Any) -> int:
        with Session(reading(self.engine)) as session:
            return int(session.scalar(select(func.count()).select_from(table)) or 0)


def with_steps(committer: Committer, reached: Any) -> Committer:
    fields = {name: getattr(committer, name) for name in committer.__dataclass_fields__}
    return Committer(**{**fields, "reached": reached})


def test_messages_are_stored_acknowledged_and_answered_in_this_order(
    engine: Engine, committer: Committer, address: Broker
) -> None:
    unit = Unit("unit-a").enrol(engine)
    picture = jpeg("lorry")
    with Running(engine, committer, address, "ingest-a") as ingester, UnitLink(address, unit) as link:
        link.send(unit.delivers(passage("one", agent_id="unit-a", evidence=(reference(picture),))))
        wait_for(lambda: link.accepted() == {1}, "the receipt")
        link.send(unit.delivers_picture(picture))
        sha256 = hashlib.sha256(picture).hexdigest()
        wait_for(lambda: any(sha256 in r.held_evidence for r in link.receipts), "the picture's receipt")
        assert ingester.steps[: len(Step)] == list(Step)
        assert ingester.count(PASSAGES) == 1


def test_a_message_that_cannot_be_stored_is_put_aside_and_the_others_are_stored(
    engine: Engine, committer: Committer, address: Broker
) -> None:
    unit = Unit("unit-b").enrol(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuses BEFORE INSERT ON traffic_counts WHEN NEW.vehicle_class = 'absurd' "
                "BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            )
        )
    absurd = TrafficCount(class_="absurd", direction="towards", vehicles=1)
    with Running(engine, committer, address, "ingest-b") as ingester, UnitLink(address, unit) as link:
        link.send(
            unit.delivers(passage("one", agent_id="unit-b")),
            unit.delivers(msgspec.structs.replace(traffic("x", agent_id="unit-b"), counts=(absurd,))),
            unit.delivers(traffic("y", agent_id="unit-b")),
        )
        wait_for(lambda: link.accepted() == {1, 3}, "the receipts")
        wait_for(lambda: link.refused() == {2}, "the refusal")
        assert (ingester.count(PASSAGES), ingester.count(TRAFFIC), ingester.count(QUARANTINE)) == (1, 1, 1)
        assert ingester.count(GAPS) == 0, "a number that was refused has come all the same"


def test_a_batch_waits_for_a_disk_that_comes_back(
    engine: Engine, committer: Committer, address: Broker
) -> None:
    unit = Unit("unit-c").enrol(engine)
    picture = jpeg("lorry")
    blocked: Path = committer.evidence_dir
    blocked.write_text("a file where the folder should be")
    with Running(engine, committer, address, "ingest-c") as ingester, UnitLink(address, unit) as link:
        link.send(
            unit.delivers(passage("one", agent_id="unit-c", evidence=(reference(picture),))),
            unit.delivers_picture(picture),
        )
        failures = ingester.metrics.failures.labels("commit")
        wait_for(lambda: failures._value.get() >= 1, "the failure")
        blocked.unlink()
        wait_for(lambda: link.accepted() == {1}, "the receipt")
        assert ingester.count(QUARANTINE) == 0


def test_an_ingester_that_was_away_gets_what_came_meanwhile(
    engine: Engine, committer: Committer, address: Broker
) -> None:
    unit = Unit("unit-d").enrol(engine)
    with Running(engine, committer, address, "ingest-d"):
        pass
    with UnitLink(address, unit) as link:
        link.send(*[unit.delivers(passage(str(n), agent_id="unit-d")) for n in range(300)])
        with Running(engine, committer, address, "ingest-d") as ingester:
            wait_for(lambda: link.accepted() == set(range(1, 301)), "all receipts")
            assert ingester.count(PASSAGES) == 300


def test_a_message_that_asks_for_no_acknowledgement_gets_none(
    engine: Engine, committer: Committer, address: Broker
) -> None:
    """An acknowledgement that the broker does not await would end the ingester's connection."""
    unit = Unit("unit-e").enrol(engine)
    with Running(engine, committer, address, "ingest-e") as ingester, UnitLink(address, unit) as link:
        for number in range(1, 21):
            sent = unit.delivers(passage(str(number), agent_id="unit-e"))
            link.client.publish(sent.topic, sent.payload, qos=number % 2)
        wait_for(lambda: link.accepted() == set(range(1, 21)), "all receipts")
        assert ingester.metrics.connected._value.get() == 1
        assert ingester.count(PASSAGES) == 20
        assert ingester.service._link._link == 1, "the connection was lost and made again"


def test_a_running_ingester_shows_what_stands_and_what_is_wrong(
    engine: Engine, committer: Committer, address: Broker
) -> None:
    unit = Unit("unit-f").enrol(engine)
    committer.commit([unit.delivers(health(agent_id="unit-f"))])
    committer.commit([unit.delivers(passage("one", agent_id="unit-f", vrm=vrm)) for vrm in ("A1", "B2")])
    with Running(engine, committer, address, "ingest-f") as ingester:
        shown = ingester.metrics.registry.get_sample_value
        of = {"authority": "demo", "unit": "unit-f"}
        wait_for(lambda: shown("hgv_ingest_unit_up", of) == 1, "the unit's state")
        assert shown("hgv_ingest_alerts", {**of, "kind": "quarantine"}) == 1
        assert shown("hgv_ingest_failures_total", {"what": "watching"}) == 0
