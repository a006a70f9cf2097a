"""The rules that ship fit what a unit and an ingester really send: nothing of theirs is denied."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

import ingest.cli
from config.link import load_public_key
from config.wire import encode, seal
from config.wire.envelope import Header
from config.wire.topics import UPWARD
from edge.outbox.outbox import Outbox, OutboxPicture
from edge.tally import Tally
from edge.uplink.uplink import Centre, Pace, Presence, Uplink
from tests.identity.installation import BROKER, Installation, said, wait_for
from tests.identity.signing_unit import SigningUnit
from tests.ingest.units import health, jpeg, passage, reference, traffic

AGENT = "honest"
_LARGEST_PICTURE_BYTES = 1_499_000


@contextmanager
def uplink(centre: Installation, outbox: Outbox, tally: Tally) -> Iterator[Uplink]:
    """The unit's real link to the centre, with its certificate and the key that it has now."""
    told = said(ingest.cli.main, "--config", str(centre.folder / "ingest.yaml"), "key")
    key_id, receipt_key = load_public_key(told)
    key = SigningUnit.of(centre.folder, AGENT).key
    will = seal(encode(health(agent_id=AGENT, unit_state="lost")), Header(kid=key.key_id, kind="health"), key)
    address = Centre(centre.address(AGENT), {key_id: receipt_key}.get)
    pace, presence = Pace(again_after_s=2.0), Presence(lambda: will)
    link = Uplink(AGENT, outbox, key, address, tally, time.monotonic, presence, pace)
    link.start()
    try:
        yield link
    finally:
        link.stop()


def put(outbox: Outbox, names: list[str], picture_bytes: int) -> None:
    """Passages with a picture each, and a minute of traffic."""
    for name in names:
        picture = jpeg(name + "x" * picture_bytes)
        sent = passage(name, agent_id=AGENT, evidence=(reference(picture),))
        sha256 = hashlib.sha256(picture).hexdigest()
        outbox.put(sent.passage_id, "passage", encode(sent), [OutboxPicture(sha256, picture)])
    minute = traffic(names[0], agent_id=AGENT)
    outbox.put(minute.traffic_id, "traffic", encode(minute), [])


def test_a_unit_sends_all_it_has_and_changes_its_key_with_a_backlog(centre: Installation) -> None:
    centre.enrol(AGENT)
    tally = Tally()
    with closing(Outbox(centre.folder / AGENT / "outbox.sqlite")) as outbox:
        put(outbox, ["first", "second"], _LARGEST_PICTURE_BYTES)
        with uplink(centre, outbox, tally) as link:
            wait_for("all that is told", lambda: outbox.depth() + outbox.pictures_waiting() == 0)
            assert link.send_health(encode(health(agent_id=AGENT)), within_s=20)
            wait_for(
                "the heartbeat", lambda: centre.counted("ingest", "hgv_ingest_messages_total", kind="health")
            )
        put(outbox, ["third"], 100)
        centre.enrol(AGENT, "--next")
        before = SigningUnit.of(centre.folder, AGENT).key.key_id
        centre.edge("key", AGENT, "--use-next")
        centre.enforce("keys", "revoke", before)
        with uplink(centre, outbox, tally):
            wait_for("the backlog", lambda: outbox.depth() + outbox.pictures_waiting() == 0)
    sent = {passage(name).passage_id for name in ("first", "second", "third")}
    assert sent <= centre.stored().keys()
    assert tally.counts()["pictures_held"] == 3
    assert tally.counts()["events_refused"] == 0
    for who in (AGENT, "ingest"):
        assert centre.counted("door", "hgv_broker_turned_away_total", unit=who) == 0
    assert centre.quarantine() == []


@pytest.mark.parametrize("topic", UPWARD)
def test_each_topic_of_a_unit_has_its_rules(topic: str) -> None:
    rules = (BROKER / "units.acl").read_text().splitlines()
    assert f"pattern write {topic.replace('+', '%u', 1)}" in rules
    assert f"topic read {topic}" in rules
