"""What a watch knows of its camera's view after a restart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from edge.faults import FaultWatch, View, ViewFile
from tests.edge.faults.roads import Road, Watched

KNOCKED_PX = 16


@pytest.fixture(scope="module")
def known() -> View:
    """What a watch has learnt of the road in six minutes."""
    road, view = Road(), View()
    for picture in road.small(360):
        view.look(picture)
    assert len(view.known) == 1
    return view


@pytest.fixture
def kept(tmp_path: Path, known: View) -> ViewFile:
    file = ViewFile(tmp_path / "views" / "west-1.npz", site_version=2)
    file.save(known)
    return file


def test_a_camera_knocked_aside_while_its_unit_was_off_is_noticed(kept: ViewFile) -> None:
    assert Watched(FaultWatch(kept)).kinds(Road().seen(100)) == set()
    assert Watched(FaultWatch(kept)).kinds(Road().seen(100, aside_px=KNOCKED_PX)) == {"moved"}


def test_the_next_version_of_the_site_has_a_view_of_its_own(kept: ViewFile) -> None:
    surveyed = ViewFile(kept.path, site_version=3)
    assert Watched(FaultWatch(surveyed)).kinds(Road().seen(400, aside_px=KNOCKED_PX)) == set()


def test_the_view_is_kept_while_it_is_watched(tmp_path: Path) -> None:
    file = ViewFile(tmp_path / "west-1.npz", site_version=2)
    Watched(FaultWatch(file)).shown(Road().seen(602))
    assert len(file.load().known) == 1


@pytest.mark.parametrize("content", [b"", b"no archive", None], ids=["empty", "no archive", "other shape"])
def test_a_file_that_cannot_be_used_is_said_and_learnt_anew(kept: ViewFile, content: bytes | None) -> None:
    if content is None:
        with kept.path.open("wb") as file:
            np.savez(file, **{"site_version": np.int64(2), "1": np.zeros((3, 4), np.complex64)})  # type: ignore[arg-type]  # numpy's stubs take every name for its own option
    else:
        kept.path.write_bytes(content)
    with capture_logs() as logs:
        assert kept.load().known == {}
    assert [log["event"] for log in logs] == ["view_unusable"]


def test_a_disk_that_keeps_nothing_is_said(tmp_path: Path, known: View) -> None:
    (tmp_path / "views").write_text("a file where a folder should be")
    with capture_logs() as logs:
        ViewFile(tmp_path / "views" / "west-1.npz", 1).save(known)
    assert [log["event"] for log in logs] == ["view_not_kept"]
