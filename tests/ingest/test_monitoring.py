"""The alert rules that ship: each is tested by promtool, and speaks of metrics that the ingester has."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ingest.evidence.rows import AwaitedEvidence
from ingest.heartbeats.clocks import ClockBounds
from ingest.heartbeats.states import CameraState, UnitState
from ingest.metrics import Metrics
from ingest.watching.alerts import Alert, Condition
from ingest.watching.standing import View
from tests.ingest.units import NOON

MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"


def read(name: str) -> Any:
    return YAML(typ="safe").load((MONITORING / name).read_text())


RULES = {rule["alert"]: rule for group in read("alerts.yml")["groups"] for rule in group["rules"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "config", "prometheus.yml"],
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_promtool_is_content(arguments: list[str]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("Debian's package prometheus, with promtool, is not installed")
    done = subprocess.run([promtool, *arguments], cwd=MONITORING, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_seen_to_fire_and_to_be_quiet() -> None:
    seen: dict[str, set[bool]] = {name: set() for name in RULES}
    for case in read("alerts_test.yml")["tests"]:
        for test in case["alert_rule_test"]:
            seen[test["alertname"]].add(bool(test["exp_alerts"]))
    assert {name for name, both in seen.items() if both != {True, False}} == set()


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for name, rule in RULES.items():
        assert rule["labels"]["severity"] in ("critical", "warning"), name
        assert set(rule["annotations"]) == {"summary", "next"}, name


def full_view() -> View:
    """Something of everything."""
    unit = UnitState(
        authority="demo",
        agent_id="unit-1",
        heard_at=NOON,
        state="up",
        outbox_id="0" * 32,
        depth=3,
        storage="ok",
        clock_within_s=0.5,
        bounds=ClockBounds(-0.2, 0.3),
        clock_bad=False,
        cameras=(CameraState("west", "seeing", None), CameraState("east", "faulty", "frozen")),
    )
    kinds = ("missing", "quarantine", "clock", "silent", "evidence", "outbox")
    alerts = [
        Alert(number, Condition("demo", "unit-1", kind, "", 7, "told"), NOON, None, None)
        for number, kind in enumerate(kinds)
    ]
    accepted = Alert(9, Condition("demo", "unit-1", "missing", "x", 5, "told"), NOON, NOON, "a dead card")
    return View([unit], [*alerts, accepted], AwaitedEvidence(2, NOON - timedelta(hours=1)))


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for metric in metrics.registry.collect()
        for sample in metric.samples
    }


def test_rules_speak_of_metrics_that_there_are() -> None:
    metrics = Metrics()
    metrics.standing.show(full_view())
    metrics.count_shed("hgv/v1/unit-1/passage", "unit-1")
    exported = {name for name, *_ in samples(metrics)}
    named = {name for rule in RULES.values() for name in re.findall(r"hgv_ingest_\w+", rule["expr"])}
    assert named - exported == set()


def test_what_stands_is_shown() -> None:
    metrics = Metrics()
    metrics.standing.show(full_view())
    shown = samples(metrics)
    assert shown["hgv_ingest_alerts", "demo", "unit-1", "missing"] == 1, "the accepted one is quiet"
    assert shown["hgv_ingest_missing_sequences", "demo", "unit-1"] == 12, "but its numbers are missing"
    assert shown["hgv_ingest_unit_clock_ahead_most_seconds", "demo", "unit-1"] == 0.3
    assert shown["hgv_ingest_unit_heard_timestamp_seconds", "demo", "unit-1"] == NOON.timestamp()
    assert shown["hgv_ingest_camera_seeing", "demo", "unit-1", "west"] == 1
    assert shown["hgv_ingest_camera_seeing", "demo", "unit-1", "east"] == 0
    assert shown[("hgv_ingest_evidence_awaited",)] == 2
    metrics.standing.show(View([], [], AwaitedEvidence(0, None)))
    assert not any(name.startswith("hgv_ingest_unit") for name, *_ in samples(metrics))


def test_every_ending_is_counted_from_zero() -> None:
    shown = samples(Metrics())
    for kind in ("passage", "traffic", "health", "loss", "evidence", "unknown"):
        assert shown["hgv_ingest_messages_total", kind, "shed"] == 0
        assert shown["hgv_ingest_messages_total", kind, "quarantined_other_bytes"] == 0
    assert shown["hgv_ingest_messages_total", "passage", "deleted"] == 0


def test_names_in_topics_cannot_fill_the_memory() -> None:
    metrics = Metrics()
    for number in range(1500):
        metrics.count_shed(f"hgv/v1/unit-{number}/passage", f"unit-{number}")
    flooding = [key for key in samples(metrics) if key[0] == "hgv_ingest_shed_total"]
    assert len(flooding) == 1001
    assert sum(samples(metrics)[key] for key in flooding) == 1500
