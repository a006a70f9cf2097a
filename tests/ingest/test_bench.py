"""The bench: what it sends, how it reckons, and one short run of it all."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from config.wire import Passage, decode, open_envelope
from ingest.bench import packets
from ingest.bench.broker import SHIPPED, running_broker
from ingest.bench.command import Line
from ingest.bench.figures import delays
from ingest.bench.plan import Plan
from ingest.bench.units import Unit, now_to_the_second
from ingest.errors import BenchRefused

MOSQUITTO = shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin")


def test_every_number_has_its_own_unit_and_place_in_an_outbox() -> None:
    plan = Plan(units=7, rate_per_s=10, seconds=10)
    places = {(plan.unit_of(number), plan.seq_of(number)) for number in range(plan.passages)}
    assert len(places) == plan.passages == 100
    assert {plan.number_of(*place) for place in places} == set(range(100))
    assert plan.number_of(3, 1) is None
    for unit in range(7):
        seqs = sorted(seq for sender, seq in places if sender == unit)
        assert seqs == list(range(2, 2 + len(seqs)))


def test_passages_are_rightly_signed_and_all_different() -> None:
    unit, at = Unit.of(Unit.made(3).told()), now_to_the_second()
    sent = [
        decode(open_envelope(unit.sealed(seq, at), lambda _: unit.key.key).payload, Passage)
        for seq in range(1, 51)
    ]
    assert len({passage.passage_id for passage in sent}) == 50
    assert len({picture.sha256 for passage in sent for picture in passage.evidence}) == 100
    assert sent[0].captured_at - sent[0].first_seen == timedelta(seconds=1)


def test_packets_are_found_in_a_stream_that_breaks_off_anywhere() -> None:
    payloads = [b"x" * size for size in (0, 1, 127, 128, 20_000)]
    whole = b"".join(_at_qos_0("hgv/v1/unit/receipt", payload) for payload in payloads)
    for end in range(0, len(whole), 97):
        found = list(packets.published(whole[:end]))
        assert [payload for _, _, payload in found] == payloads[: len(found)]
    assert [payload for _, _, payload in packets.published(whole + b"\x40\x02")] == payloads


def _at_qos_0(topic: str, payload: bytes) -> bytes:
    body = len(topic).to_bytes(2, "big") + topic.encode() + b"\x00" + payload
    digits, length = b"", len(body)
    while length >= 128:
        digits, length = digits + bytes([length % 128 | 128]), length // 128
    return b"\x30" + digits + bytes([length]) + body


def test_a_passage_without_receipt_was_waited_for_without_end() -> None:
    plan = Plan(units=1, rate_per_s=10, seconds=1)
    told = delays(plan, [number / 10 + 0.25 for number in range(9)] + [None])
    assert (told.without_receipt, told.p99_s, told.longest_s) == (1, math.inf, math.inf)
    assert told.p50_s == pytest.approx(0.25)
    assert told.last_receipt_s == pytest.approx(1.05)


def test_the_broker_has_the_limits_that_are_shipped(tmp_path: Path) -> None:
    if MOSQUITTO is None:
        pytest.skip("Debian's package mosquitto is not installed")
    with running_broker(tmp_path / "broker"):
        settings = (tmp_path / "broker" / "mosquitto.conf").read_text()
    for line in ("max_inflight_messages 4000", "max_queued_messages 0", "persistence true"):
        assert line in settings
        assert line in SHIPPED.read_text()
    with (
        pytest.raises(BenchRefused, match="run from a checkout"),
        running_broker(tmp_path / "b", tmp_path / "no"),
    ):
        pass


def test_a_short_run_stores_everything_once_and_says_so(tmp_path: Path) -> None:
    if MOSQUITTO is None:
        pytest.skip("Debian's package mosquitto is not installed")
    url = f"sqlite:///{tmp_path}/bench.sqlite"
    command = [sys.executable, "-m", "ingest.cli", "bench", "--json", "--units", "5", "--rate", "100"]
    done = subprocess.run(
        [*command, "--seconds", "2", "--database", url],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    line = json.loads(done.stdout.splitlines()[-1])
    assert list(line) == list(Line.__struct_fields__), done.stderr
    assert (line["missing"], line["duplicated"]) == (0, 0)
    with create_engine(url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM passages")) == 205
    again = subprocess.run([*command, "--database", url], capture_output=True, text=True, check=False)
    assert (again.returncode, "give an empty one" in again.stderr) == (2, True)
