"""Vehicles that were seen, as messages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import RFC_4122, UUID

import msgspec

from config.wire import ClockState, Passage, Position, decode, encode
from edge.messages.ids import FilmIds, LiveIds, content_sha256
from edge.messages.minutes import MinuteCounts
from edge.messages.passage import passage_of
from edge.road.measure import Estimate, Measured
from edge.seen import RawRead, TrafficCount
from tests.edge.units import NOON, UNIT, camera, vehicle

HERE = Position(latitude=51.5, longitude=-0.5, source="site")
CLOCK = ClockState(source="chrony", offset_s=0.001, error_bound_s=0.01)
FILM = FilmIds("c" * 64, "west-1", NOON)


def test_a_passage_says_what_was_seen_and_is_a_valid_message() -> None:
    sent = passage_of(vehicle(), camera(van=True), UNIT, LiveIds(), HERE, CLOCK)
    assert decode(encode(sent), Passage) == sent
    assert (sent.agent_id, sent.authority, sent.camera_id) == ("unit-1", "demo", "west-1")
    assert (sent.site_id, sent.site_version, sent.source) == ("west", 2, "live")
    assert (sent.captured_at, sent.frame_number) == (NOON + timedelta(seconds=9), 250)
    assert sent.plate is not None
    assert (sent.plate.text, sent.plate.looks, sent.plate_reason) == ("AA19AAA", 2, None)
    assert [read.text for read in sent.raw_reads] == ["AA19AAA"]
    assert [picture.sha256 for picture in sent.evidence] == [vehicle().evidence[0].sha256]
    assert sent.deployment is not None
    assert (sent.deployment.deployment_id, sent.deployment.ended_at) == ("d1", None)
    assert (sent.clock, sent.position, sent.models) == (CLOCK, HERE, {"detector": "d" * 64})


def test_what_was_measured_goes_as_an_estimate() -> None:
    size = Measured(
        speed_mps=Estimate(11.8049, 0.4801),
        length_m=Estimate(16.1, 1.234),
        height_m=Estimate(4.0, 0.2),
        lane=2,
    )
    sent = decode(encode(passage_of(vehicle(measured=size), camera(), UNIT, LiveIds(), HERE, CLOCK)), Passage)
    assert sent.speed is not None
    assert (sent.speed.source, sent.speed.metres_per_s) == ("video_estimate", 11.8)
    assert sent.speed.standard_error_metres_per_s == 0.48
    assert sent.vehicle.length_m is not None
    assert sent.vehicle.height_m is not None
    assert (sent.vehicle.length_m.value, sent.vehicle.length_m.standard_error) == (16.1, 1.23)
    assert (sent.vehicle.height_m.value, sent.vehicle.height_m.standard_error) == (4.0, 0.2)


def test_without_a_calibration_nothing_is_measured() -> None:
    sent = passage_of(vehicle(), camera(), UNIT, LiveIds(), HERE, CLOCK)
    assert (sent.speed, sent.vehicle.length_m, sent.vehicle.height_m) == (None, None, None)


def test_an_unread_plate_says_why_and_keeps_its_raw_reads() -> None:
    unread = vehicle(reading=None, plate_reason="looks do not agree")
    sent = passage_of(unread, camera(), UNIT, LiveIds(), HERE, CLOCK)
    assert (sent.plate, sent.plate_reason, len(sent.raw_reads)) == (None, "looks do not agree", 1)


def test_more_raw_reads_than_a_message_takes_are_cut() -> None:
    reads = tuple(RawRead("A", 0.1, (0.1,), "reader", n) for n in range(70))
    sent = passage_of(vehicle(raw_reads=reads), camera(), UNIT, LiveIds(), HERE, CLOCK)
    assert decode(encode(sent), Passage).raw_reads[-1].frame_number == 63


def test_a_film_gives_the_same_bytes_each_time_and_a_camera_new_ids() -> None:
    def bytes_of(ids: FilmIds | LiveIds, track_id: int = 1) -> bytes:
        return encode(passage_of(vehicle(track_id), camera(), UNIT, ids, HERE, ClockState(source="file")))

    again = FilmIds("c" * 64, "west-1", NOON)
    assert bytes_of(FILM) == bytes_of(again)
    assert msgspec.json.decode(bytes_of(FILM))["source"] == "file"
    assert bytes_of(LiveIds()) != bytes_of(LiveIds())


def test_ids_of_live_cameras_are_new_and_begin_with_the_time() -> None:
    ids = [UUID(LiveIds().passage_id(vehicle())) for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}
    times = [each.int >> 80 for each in ids]
    assert times == sorted(times)


def test_what_makes_a_films_passage_another() -> None:
    films = [
        FILM,
        FilmIds("d" * 64, "west-1", NOON),
        FilmIds("c" * 64, "west-2", NOON),
        FilmIds("c" * 64, "west-1", NOON + timedelta(seconds=1)),
        FilmIds("c" * 64, "west-1", None),
    ]
    ids = {film.passage_id(vehicle()) for film in films} | {FILM.passage_id(vehicle(2))}
    ids |= {
        FILM.traffic_id(NOON, 1),
        FILM.traffic_id(NOON, 2),
        FILM.traffic_id(NOON + timedelta(minutes=1), 1),
    }
    assert len(ids) == 9
    assert all(len(each) == 32 for each in ids)


def test_the_content_of_a_folder_is_its_files_and_names(tmp_path: Path) -> None:
    hashes = set()
    for name, text in (("a.jpg", "one"), ("b.jpg", "two"), ("b.jpg", "three")):
        (tmp_path / name).write_text(text)
        hashes.add(content_sha256(tmp_path))
    assert len(hashes) == 3
    assert content_sha256(tmp_path / "a.jpg") != content_sha256(tmp_path / "b.jpg")


def counted(minute: int, vehicle_class: str, vehicles: int, direction: str = "towards") -> TrafficCount:
    return TrafficCount(NOON + timedelta(minutes=minute), vehicle_class, direction, vehicles)


def test_counts_are_sent_when_their_minute_is_well_over() -> None:
    minutes = MinuteCounts(camera(), UNIT, FILM)
    minutes.add([counted(0, "car", 2), counted(1, "car", 1)])
    minutes.add([counted(0, "car", 1), counted(0, "bus", 1, "away"), counted(0, "van", 1, "sideways")])
    assert minutes.over_by(NOON + timedelta(seconds=89)) == []
    (first,) = minutes.over_by(NOON + timedelta(seconds=90))
    assert [(c.class_, c.direction, c.vehicles) for c in first.counts] == [
        ("bus", "away", 1),
        ("car", "towards", 3),
        ("van", "unknown", 1),
    ]
    minutes.add([counted(0, "car", 1)])
    late, last = minutes.all()
    assert (late.minute, last.minute) == (NOON, NOON + timedelta(minutes=1))
    assert len({first.traffic_id, late.traffic_id, last.traffic_id}) == 3
    assert minutes.all() == []
