"""The reader's confidence, once calibrated, and the file that it comes from."""

import hashlib
from pathlib import Path

import pytest

from edge.errors import ModelError
from edge.plates.confidence import Calibration, calibrated, load_calibration
from edge.weights import Weights

NETWORK_SHA256 = hashlib.sha256(b"network").hexdigest()
GOOD = f'{{"slope": 0.8, "offset": -1.0, "network_sha256": "{NETWORK_SHA256}"}}'


def weights_with(folder: Path, calibration: str) -> Weights:
    reader = folder / "uk_reader"
    reader.mkdir()
    (reader / "model.onnx").write_bytes(b"network")
    (reader / "calibration.json").write_text(calibration, "ascii")
    names = ("model.onnx", "calibration.json")
    sums = [f"{hashlib.sha256((reader / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (reader / "SHA256SUMS").write_text("".join(sums), "ascii")
    return Weights(folder)


def test_the_file_gives_the_line(tmp_path: Path) -> None:
    assert load_calibration(weights_with(tmp_path, GOOD)) == Calibration(slope=0.8, offset=-1.0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD.replace(NETWORK_SHA256, "0" * 64), "another network"),
        (GOOD.replace("0.8", "-0.8"), "slope"),
        (GOOD.replace('"slope"', '"slop"'), "is no calibration"),
        ("{", "is no calibration"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        load_calibration(weights_with(tmp_path, content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    weights = weights_with(tmp_path, GOOD)
    (tmp_path / "uk_reader/calibration.json").unlink()
    with pytest.raises(ModelError, match="missing"):
        load_calibration(weights)


def test_the_shipped_one_rises_from_near_nothing_to_near_certain() -> None:
    sure = [calibrated(confidence / 1000) for confidence in range(1001)]
    assert sure == sorted(sure)
    assert sure[0] < 0.05
    assert sure[-1] > 0.95
