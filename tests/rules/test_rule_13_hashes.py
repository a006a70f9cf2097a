"""Rule 13: every image is hashed at the camera; the hash is verified at ingest and on every later read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from edge.evidence import overview
from ingest.errors import EvidenceDamaged
from ingest.evidence.store import evidence_bytes, evidence_path
from ingest.storing.commit import Committer
from ingest.storing.quarantine import quarantined
from tests.edge.test_evidence import look, scene
from tests.ingest.units import Unit, arrival, committer_on, jpeg, passage, reference

PICTURE = jpeg("lorry")


@pytest.fixture
def committer(engine: Engine, tmp_path: Path) -> Committer:
    """A centre that has the passage which names the picture."""
    committer = committer_on(engine, tmp_path / "evidence")
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)))])
    return committer


def topic_of(picture: bytes) -> str:
    return f"hgv/v1/unit-1/evidence/{hashlib.sha256(picture).hexdigest()}"


def test_the_camera_hashes_the_picture_as_it_is_sent() -> None:
    made = overview(look(scene("XY63ZWV")), None)
    assert made.sha256 == hashlib.sha256(made.jpeg).hexdigest()


def test_one_flipped_byte_on_the_way_is_refused(engine: Engine, committer: Committer) -> None:
    flipped = bytearray(PICTURE)
    flipped[len(flipped) // 2] ^= 1
    committer.commit([arrival(topic_of(PICTURE), bytes(flipped))])
    with Session(engine) as session:
        assert [each.code for each in quarantined(session)] == ["not_evidence"]
    assert not evidence_path(committer.evidence_dir, hashlib.sha256(PICTURE).hexdigest()).exists()


def test_one_flipped_byte_in_the_store_is_found_when_it_is_read(committer: Committer) -> None:
    committer.commit([arrival(topic_of(PICTURE), PICTURE)])
    sha256 = hashlib.sha256(PICTURE).hexdigest()
    assert evidence_bytes(committer.evidence_dir, sha256) == PICTURE
    path = evidence_path(committer.evidence_dir, sha256)
    stored = bytearray(path.read_bytes())
    stored[-1] ^= 1
    path.write_bytes(stored)
    with pytest.raises(EvidenceDamaged):
        evidence_bytes(committer.evidence_dir, sha256)
