"""An exported network is kept where it answers as the trained one does, and named by its checksum."""

import hashlib
import math
from pathlib import Path

import pytest

from edge.training.shipping import LARGEST_DIFFERENCE, ExportDiffersError, kept, write_checksums


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "model.unchecked"
    file.write_bytes(b"new")
    return file


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"old")
    return file


def test_an_export_that_answers_alike_takes_the_place_of_the_one_before(written: Path, shipped: Path) -> None:
    assert kept(written, shipped, LARGEST_DIFFERENCE) == LARGEST_DIFFERENCE
    assert shipped.read_bytes() == b"new"
    assert not written.exists()


@pytest.mark.parametrize("difference", [1.1 * LARGEST_DIFFERENCE, math.nan])
def test_one_that_differs_is_removed_and_the_one_before_stays(
    written: Path, shipped: Path, difference: float
) -> None:
    with pytest.raises(ExportDiffersError, match="it was not kept"):
        kept(written, shipped, difference)
    assert shipped.read_bytes() == b"old"
    assert not written.exists()


def test_checksums_are_such_as_sha256sum_writes(shipped: Path) -> None:
    write_checksums(shipped.parent, (shipped.name,))
    expected = f"{hashlib.sha256(b'old').hexdigest()}  model.onnx\n"
    assert (shipped.parent / "SHA256SUMS").read_text("ascii") == expected
