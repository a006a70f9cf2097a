"""The messages: strict in, deterministic out, schemas as generated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.errors import Undecodable
from config.wire import Passage, decode, encode, parse_topic, topic_for
from config.wire.messages import MESSAGES, Message
from config.wire.schema.__main__ import schema_path, schema_text

PASSAGE: dict[str, Any] = {
    "type": "passage",
    "version": "1.1",
    "passage_id": "a" * 32,
    "authority": "demo",
    "agent_id": "unit-1",
    "camera_id": "cam-1",
    "site_id": "cam-1",
    "site_version": 1,
    "source": "live",
    "captured_at": "2026-10-06T08:00:01Z",
    "first_seen": "2026-10-06T08:00:00Z",
    "last_seen": "2026-10-06T08:00:03Z",
    "frame_number": 12,
    "direction": "towards",
    "position": {"latitude": 51.9, "longitude": -0.3, "source": "site"},
    "vehicle": {"class": "truck", "hgv": 0.97, "detector_score": 0.8, "box": [1, 2, 300, 400]},
    "plate": {"text": "AB12CDE", "confidence": 0.99, "looks": 4},
    "clock": {"source": "chrony", "offset_s": 0.01, "error_bound_s": 0.1},
    "software": "0.1.0",
}


MEASURED = {
    "vehicle": {
        **PASSAGE["vehicle"],
        "length_m": {"value": 16.2, "standard_error": 1.4},
        "height_m": {"value": 3.9, "standard_error": 0.2},
    },
    "speed": {"metres_per_s": 11.8, "standard_error_metres_per_s": 0.5, "source": "video_estimate"},
}


def as_json(changes: dict[str, Any]) -> bytes:
    return json.dumps({**PASSAGE, **changes}).encode()


def test_the_same_passage_is_always_the_same_bytes() -> None:
    passage = decode(as_json({}), Passage)
    reordered = json.dumps(dict(reversed(PASSAGE.items()))).encode()
    assert encode(passage) == encode(decode(reordered, Passage))
    assert decode(encode(passage), Passage) == passage


def test_what_a_calibrated_camera_measured_comes_through() -> None:
    passage = decode(as_json(MEASURED), Passage)
    assert decode(encode(passage), Passage) == passage
    assert passage.speed is not None
    assert passage.vehicle.length_m is not None
    assert (passage.speed.source, passage.vehicle.length_m.value) == ("video_estimate", 16.2)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"captured_at": "2026-10-06T08:00:01"}, "captured_at"),
        ({"captured_at": "2026-10-06T09:00:01+01:00"}, "captured_at must be UTC"),
        ({"agent_id": "../etc"}, "agent_id"),
        ({"site_version": 0}, "site_version"),
        ({"position": {"latitude": 200, "longitude": 0, "source": "site"}}, "latitude"),
        ({"vehicle": {**PASSAGE["vehicle"], "hgv": 1.2}}, "hgv"),
        ({"plate": {"text": "AB12 CDE", "confidence": 0.9, "looks": 1}}, "plate.text"),
        ({"plate": {"text": "AB12CDE", "confidence": 0.9, "looks": 0}}, "looks"),
        ({"vehicle": {**PASSAGE["vehicle"], "length_m": 16.2}}, "vehicle.length_m"),
        ({"speed": {"metres_per_s": 11.8, "source": "guess"}}, "speed.source"),
        ({"type": "health"}, "type"),
        (
            {
                "evidence": [
                    {"kind": "overview", "sha256": "zz", "size_bytes": 1, "width_px": 1, "height_px": 1}
                ]
            },
            "sha256",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_path(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(Undecodable, match=path):
        decode(as_json(changes), Passage)


def test_an_unknown_field_is_ignored() -> None:
    assert decode(as_json({"axles": 5}), Passage) == decode(as_json({}), Passage)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_the_schema_file_is_what_the_struct_says(message: type[Message]) -> None:
    assert schema_path(message).read_text() == schema_text(message), "run: python -m config.wire.schema"


def test_topics_go_there_and_back() -> None:
    assert topic_for("unit-1", "evidence", "0" * 64) == f"hgv/v1/unit-1/evidence/{'0' * 64}"
    parsed = parse_topic(topic_for("unit-1", "evidence", "0" * 64))
    assert (parsed.agent_id, parsed.channel, parsed.sha256) == ("unit-1", "evidence", "0" * 64)
    assert parse_topic("hgv/v1/unit-1/passage").channel == "passage"


@pytest.mark.parametrize(
    "topic", ["hgv/v2/u/passage", "hgv/v1//passage", "hgv/v1/u/evidence", "hgv/v1/U/passage", "x"]
)
def test_a_foreign_topic_is_undecodable(topic: str) -> None:
    with pytest.raises(Undecodable):
        parse_topic(topic)
