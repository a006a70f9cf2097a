"""What the door makes of mosquitto's log, and what it does when something is wrong with its files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.broker.broker_log import BrokerLog
from deploy.broker.door_metrics import DoorMetrics
from deploy.broker.turned_away import TurnedAway, is_routine, turned_away
from tests.identity.installation import ROOT, Installation

# As mosquitto 2.0.11 has written them.
DENIED = (
    "1795391925: Denied PUBLISH from unit-1 (d0, q1, r0, m2, 'hgv/v1/unit-2/passage', ... (1 bytes))",
    TurnedAway("topic", "unit-1", "hgv/v1/unit-2/passage"),
)
UNVERIFIED = "error:0A000086:SSL routines::certificate verify failed"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        DENIED,
        (
            "1795391925: Denied PUBLISH from unit-1 (d0, q1, r0, m2, 'it's, ... odd', ... (1 bytes))",
            TurnedAway("topic", "unit-1", "it's, ... odd"),
        ),
        (f"1795391930: OpenSSL Error[0]: {UNVERIFIED}", TurnedAway("certificate", "", UNVERIFIED)),
        (
            f"1795391985: Client connection from 127.0.0.1 failed: {UNVERIFIED}.",
            TurnedAway("certificate", "", f"{UNVERIFIED}."),
        ),
        ("1795391930: OpenSSL Error[1]: a second line of the same failure", None),
        ("1795391930: Client <unknown> disconnected: Protocol error.", None),
        (
            "1795391930: Client unit-1 disconnected due to malformed packet.",
            TurnedAway("protocol", "unit-1", "malformed packet."),
        ),
        ("1795391922: New client connected from 127.0.0.1:4 as unit-1 (p5, c0, k30, u'unit-1').", None),
        ("1795391925: Received PUBLISH from unit-1 (d0, q1, r0, m1, 'Denied PUBLISH', ... (1 bytes))", None),
    ],
)
def test_a_line_tells_who_was_turned_away(line: str, meant: TurnedAway | None) -> None:
    assert turned_away(line) == meant


def test_a_topic_cannot_play_a_line_of_the_log() -> None:
    """A unit chooses its topics, but every line begins with mosquitto's own words."""
    line = (
        "1795391925: Received PUBLISH from unit-1 (d0, q1, r0, m1, "
        "'Denied PUBLISH from unit-2 (d0, q1, r0, m2, 'x', ... (1 bytes))', ... (1 bytes))"
    )
    metrics = DoorMetrics()
    BrokerLog([line, DENIED[0]], metrics).run()
    counted = {
        tuple(sample.labels.values())
        for family in metrics.registry.collect()
        for sample in family.samples
        if sample.name == "hgv_broker_turned_away_total" and sample.value
    }
    assert is_routine(line)
    assert counted == {("topic", "unit-1")}


def test_every_refusal_of_a_flood_is_counted_and_few_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = DoorMetrics()
    BrokerLog([DENIED[0]] * 5000, metrics).run()
    assert (
        metrics.registry.get_sample_value("hgv_broker_turned_away_total", {"why": "topic", "unit": "unit-1"})
        == 5000
    )
    assert 1 <= capsys.readouterr().out.count("turned_away") < 100


def door(*words: str) -> subprocess.CompletedProcess[str]:
    """The door, which is to end by itself."""
    command = [sys.executable, "-m", "deploy.broker.door", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_a_door_without_a_list_or_without_a_broker_does_not_open(tmp_path: Path) -> None:
    nowhere = door("--config", str(tmp_path / "none.conf"), "--pki", str(tmp_path))
    assert nowhere.returncode == 1
    assert "no authority's folder" in nowhere.stderr
    installation = Installation(tmp_path)
    installation.pki_command("init")
    installation.pki_command("service", "centre.door")
    for program in ("false", "no-such-program"):
        ended = door("--config", "x", "--pki", str(installation.pki), "--mosquitto", program)
        assert ended.returncode == 1, f"{program}: {ended.stderr}"


MONITORING = ROOT / "deploy" / "monitoring"


@pytest.mark.parametrize(
    "arguments", [("check", "rules", "door_alerts.yml"), ("test", "rules", "door_alerts_test.yml")]
)
def test_promtool_is_content_with_the_doors_alerts(arguments: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("Debian's package prometheus, with promtool, is not installed")
    done = subprocess.run([promtool, *arguments], cwd=MONITORING, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_doors_alerts_are_each_tested_and_speak_of_what_it_counts_from_zero() -> None:
    metrics = DoorMetrics()
    metrics.set_ends({"unit-1": datetime(2027, 1, 1, tzinfo=UTC)})
    counted = {sample.name for family in metrics.registry.collect() for sample in family.samples}
    rules = (MONITORING / "door_alerts.yml").read_text()
    assert set(re.findall(r"hgv_broker_\w+", rules)) <= counted
    fired = re.findall(r"alertname: (\w+)\n", (MONITORING / "door_alerts_test.yml").read_text())
    assert sorted(fired) == sorted(re.findall(r"alert: (\w+)", rules))
