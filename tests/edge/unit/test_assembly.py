"""A whole unit and its link: what it tells when it has lost something or was cut off; whom it believes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest
from joserfc.jwk import OKPKey

from config.link import public_text
from config.settings import Broker
from config.wire import Loss, Receipt, SigningKey, decode, peek_header
from edge.unit.assembly import build, centre_of
from tests.edge.centre import Centre, accepts, broker, silent, wait_for
from tests.edge.unit.test_agent import Endless, settings
from tests.edge.units import camera


@pytest.fixture
def address() -> Iterator[Broker]:
    with broker() as address:
        yield address


def test_a_unit_says_what_it_has_lost_and_that_it_is_back(address: Broker, tmp_path: Path) -> None:
    """A heartbeat a minute: the second comes because the link was back."""
    at_work, stop = Event(), Event()
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera("rtsp://127.0.0.1:1/nothing"))
        parts = build(told, lambda camera: Endless(at_work), {}, stop)
        runner = Thread(target=lambda: parts.agent.run(stop, drain_timeout_s=30))
        runner.start()
        wait_for(lambda: centre.count("health") >= 1, "the first heartbeat")
        centre.send(Receipt(agent_id="unit-1", outbox_id=parts.outbox.outbox_id, want_evidence=("a" * 64,)))
        wait_for(lambda: losses(centre) == [("not_here", ("a" * 64,))], "the loss")
        wait_for(lambda: parts.outbox.depth() == 0, "its receipt")
        beats = heartbeats(centre)
        link = parts.agent._uplink._client.socket()
        assert link is not None
        link.shutdown(2)
        wait_for(lambda: heartbeats(centre) > beats, "a heartbeat after the link was cut")
        samples = {s.name: s.value for m in parts.registry.collect() for s in m.samples}
        stop.set()
        runner.join(30)
        parts.outbox.close()
    assert samples["hgv_edge_pictures_lost_total"] == 1
    assert samples["hgv_edge_broker_connected"] == 1
    assert (samples["hgv_edge_outbox_readable"], samples["hgv_edge_outbox_events"]) == (1, 0)
    assert samples["hgv_edge_outbox_most_bytes"] == told.outbox_most_bytes
    assert samples["hgv_edge_clock_within_tolerance"] in (0, 1)


def losses(centre: Centre) -> list[tuple[str, tuple[str, ...]]]:
    raws = {
        raw for topic, raw in centre.came if topic.endswith("/health") and peek_header(raw).kind == "loss"
    }
    found = [
        decode(base64.urlsafe_b64decode(msgspec.json.decode(raw)["payload"] + "=="), Loss) for raw in raws
    ]
    return [(loss.cause, loss.pictures) for loss in found]


def heartbeats(centre: Centre) -> int:
    return sum(topic.endswith("/health") and peek_header(raw).kind == "health" for topic, raw in centre.came)


def test_several_keys_of_the_centre_stand_one_a_line(tmp_path: Path) -> None:
    keys = [SigningKey(f"ingest:{n}", OKPKey.generate_key("Ed25519")) for n in range(2)]
    told = settings(Broker(), tmp_path, Centre(Broker(), silent), camera("rtsp://127.0.0.1:1/nothing"))
    Path(told.receipt_key_file).write_text("".join(public_text(key) + "\n" for key in keys))
    known = centre_of(told).receipt_keys
    assert [known(key.key_id) is not None for key in keys] == [True, True]
    assert known("ingest:9") is None
