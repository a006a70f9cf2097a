"""The same pack from PostgreSQL: made by the real chain, whole, and refused for one flipped byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from enforcement.packs.archive import read_archive
from enforcement.packs.errors import PackRefused
from enforcement.packs.verifying import verify_pack
from ingest import records
from tests.enforcement.packs.court import Court, new_court


@pytest.fixture
def on_postgresql(postgresql_url: str, tmp_path: Path) -> Iterator[Court]:
    """A charge is approved in case 1."""
    court = new_court(records.open_database(postgresql_url), tmp_path)
    court.charge_approved()
    yield court
    court.engine.dispose()


def test_a_pack_from_postgresql_is_whole(on_postgresql: Court, pack: bytes) -> None:
    made = on_postgresql.make().read_bytes()
    assert verify_pack(made).manifest.pages == verify_pack(pack).manifest.pages
    assert set(read_archive(made)) == set(read_archive(pack))
    for picture in on_postgresql.evidence_dir.rglob("*.jpg"):
        picture.write_bytes(picture.read_bytes()[:-3] + b"\x00\xff\xd9")
    with pytest.raises(PackRefused, match="was changed on disk"):
        on_postgresql.make()
