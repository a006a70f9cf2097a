"""What replay and look make of real pictures: lorries found, plates read, nothing said that is not there."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from edge.cli import main
from edge.outcomes import Outcomes
from edge.settings import PipelineSettings, load_models
from edge.sources.folder import read_picture, still_frame
from edge.still import vehicles_in
from edge.weights import Weights
from tests.edge.pictures import BEGAN, SHARED_DATA, needs_shared_data

pytestmark = needs_shared_data

DUSK = SHARED_DATA / "video" / "uk_dual_carriageway_dusk_720p.mp4"
BLOWN = SHARED_DATA / "video" / "uk_motorway_cars_720p_plates_blown.mp4"
READABLE = ("NA13NRU", "GX15OGJ", "MW51VSU")
IN_THE_CLIP = {*READABLE, "AP05JEO", "KH05ZZK"}


def printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The JSON lines of one command that must succeed."""
    assert main([*words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_dusk_clip_gives_each_readable_plate_once_and_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    passages = printed(["replay", str(DUSK), "--keep-all-plates"], capsys)
    plates = Counter(passage["plate"]["text"] for passage in passages if passage["plate"])
    assert {text: plates[text] for text in READABLE} == dict.fromkeys(READABLE, 1)
    assert set(plates) <= IN_THE_CLIP
    assert max(plates.values()) == 1
    for passage in passages:
        assert set(passage) >= {"source", "first_s", "last_s", "vehicle", "plate", "plate_reason"}
        assert passage["plate"] or passage["plate_reason"], "unread without a reason"
        assert passage["plate"] is None or passage["plate"]["looks"] >= 2


def test_over_exposed_plates_give_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    passages = printed(["replay", str(BLOWN), "--keep-all-plates"], capsys)
    assert passages
    assert [passage["plate"] for passage in passages if passage["plate"]] == []


def test_vehicles_that_are_no_hgvs_are_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    cars = [p for p in printed(["replay", str(DUSK)], capsys) if p["vehicle"]["hgv"] < 0.5]
    assert cars
    assert {(car["plate"], car["plate_reason"]) for car in cars} == {(None, "not an HGV")}


def test_only_hgvs_are_read_and_pictured() -> None:
    models, settings = load_models(Weights()), PipelineSettings(least_agreeing_looks=1)
    outcomes = Outcomes()
    for name in ("anpr-dashcam_5.jpg", "wmb-heavyhaula_DSCN0543.jpg"):
        still = still_frame(read_picture(SHARED_DATA / "stills" / name), 0, BEGAN, 0.0)
        for vehicle in vehicles_in(still, models, settings, name, outcomes):
            if vehicle.hgv >= settings.hgv_from:
                assert [picture.kind for picture in vehicle.evidence][:1] == ["overview"]
                assert len(vehicle.evidence) == (2 if vehicle.reading else 1)
            else:
                assert (vehicle.reading, vehicle.raw_reads, vehicle.evidence) == (None, (), ())
    hgvs, others = outcomes.counts["vehicles_hgv"], outcomes.counts["vehicles_not_hgv"]
    assert hgvs
    assert others
    assert outcomes.counts["plates_read"] + outcomes.counts["plates_unread"] == hgvs


def test_stills(capsys: pytest.CaptureFixture[str]) -> None:
    with (SHARED_DATA / "stills.csv").open(encoding="utf-8") as file:
        labels = {row["file"]: row for row in csv.DictReader(file)}
    paths = [str(SHARED_DATA / "stills" / name) for name in labels]
    seen: dict[str, list[dict[str, Any]]] = {name: [] for name in labels}
    for vehicle in printed(["look", *paths, "--keep-all-plates"], capsys):
        seen[Path(vehicle["source"]).name].append(vehicle)
    with_lorry = {
        name for name, vehicles in seen.items() if any(v["vehicle"]["hgv"] >= 0.5 for v in vehicles)
    }
    lorries = {name for name, row in labels.items() if "hgv" in row["vehicles"]}
    assert len(with_lorry & lorries) >= 30, f"no lorry found on {sorted(lorries - with_lorry)}"
    assert len(with_lorry - lorries) <= 2, f"a lorry seen on {sorted(with_lorry - lorries)}"
    wanted = {
        name: Counter(filter(None, row["plates_read_by_eye"].split(";"))) for name, row in labels.items()
    }
    read = {
        name: Counter(v["plate"]["text"] for v in vehicles if v["plate"]) for name, vehicles in seen.items()
    }
    assert sum((wanted[name] & read[name]).total() for name in labels) >= 28
    assert all(v["plate"]["looks"] == 1 for vehicles in seen.values() for v in vehicles if v["plate"])
