"""`hgv-edge doctor` and `hgv-edge key`: what a person at a unit asks."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from joserfc.jwk import OKPKey

from config.link import load_public_key, public_text
from config.wire import ClockState, SigningKey
from edge.cli import main
from edge.unit.examination import of_clock
from tests.edge.centre import broker

UNIT = """
agent_id: unit-1
authority: demo
data_dir: unit
receipt_key_file: receipt-key.json
broker: {{port: {port}}}
cameras:
  - camera_id: west-1
    source: {source}
    site: {{site_id: west, site_version: 1, authority: demo, name: West, road: High Street,
           latitude: 51.5, longitude: -0.5, effective_from: 2026-01-01T00:00:00Z}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A unit's folder with a camera's pictures and the centre's key."""
    (tmp_path / "pictures").mkdir()
    slope = np.tile(np.linspace(60, 200, 64, dtype=np.uint8)[None, :, None], (48, 1, 3))
    cv2.imwrite(str(tmp_path / "pictures" / "1.png"), slope)
    key = SigningKey("ingest:1", OKPKey.generate_key("Ed25519"))
    (tmp_path / "receipt-key.json").write_text(public_text(key))
    return tmp_path


def config(folder: Path, port: int, source: str = "pictures") -> str:
    path = folder / "unit.yaml"
    path.write_text(UNIT.format(port=port, source=source))
    return str(path)


def findings(text: str) -> dict[str, bool]:
    """Part: whether it is good."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if "│" in line]
    return {row[0]: row[1] == "good" for row in rows if row[0]}


def test_a_unit_in_order_has_no_faults_but_its_clock(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with broker() as address:
        code = main(["doctor", "--config", config(folder, address.port)])
    found = findings(capsys.readouterr().out)
    clock_is_good = found.pop("clock")
    assert found == dict.fromkeys(
        (
            "signing key",
            "private files",
            "certificate",
            "centre's key",
            "models",
            "disk",
            "outbox",
            "broker",
            "camera west-1",
            "road of west-1",
        ),
        True,
    )
    assert code == (0 if clock_is_good else 1)


def test_what_is_wrong_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "receipt-key.json").unlink()
    (folder / "unit").mkdir()
    (folder / "unit" / "outbox.sqlite").write_bytes(b"no database" * 200)
    (folder / "unit" / "signing-key.pem").write_text("no key")
    assert main(["doctor", "--config", config(folder, 1, "gone.mp4")]) == 1
    told = capsys.readouterr().out
    found = findings(told)
    assert {part for part, good in found.items() if not good} >= {
        "signing key",
        "centre's key",
        "outbox",
        "broker",
        "camera west-1",
    }
    assert "hgv-ingest key" in told


def test_a_camera_that_gives_black_pictures_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cv2.imwrite(str(folder / "pictures" / "1.png"), np.zeros((48, 64, 3), np.uint8))
    with broker() as address:
        assert main(["doctor", "--config", config(folder, address.port)]) == 1
    told = capsys.readouterr().out
    assert not findings(told)["camera west-1"]
    assert "black" in told


CALIBRATION = """
           effective_from: 2026-01-01T00:00:00Z,
           calibration: {{picture_px: [1280, 720], camera_height_m: {height_m}, road_points: [
             {{x: 0.6011, y: 0.9178, across_m: 3.1, along_m: 16}},
             {{x: 0.1280, y: 0.9022, across_m: 0, along_m: 16}},
             {{x: 0.7333, y: 0.4195, across_m: 3.1, along_m: 52}},
             {{x: 0.4339, y: 0.4165, across_m: -3.1, along_m: 52}}]}}}}
"""


@pytest.mark.parametrize(
    ("height_m", "good", "said"),
    [(2.6, True, "from 16 to 52 m"), (6.0, False, "measure both again")],
)
def test_a_measured_road_is_looked_at(
    folder: Path, capsys: pytest.CaptureFixture[str], height_m: float, good: bool, said: str
) -> None:
    path = Path(config(folder, 1))
    measured = CALIBRATION.format(height_m=height_m)
    path.write_text(path.read_text().replace("effective_from: 2026-01-01T00:00:00Z}", measured.strip()))
    assert main(["doctor", "--config", str(path)]) == 1
    told = capsys.readouterr().out
    assert findings(told)["road of west-1"] is good
    assert said in told


@pytest.mark.parametrize(
    ("state", "good"),
    [
        (ClockState(source="chrony", offset_s=-0.02, error_bound_s=0.01), True),
        (ClockState(source="kernel", offset_s=9.0, error_bound_s=1.1), False),
        (ClockState(source="unknown"), False),
    ],
)
def test_a_clock_is_good_when_the_centre_can_rely_on_it(state: ClockState, good: bool) -> None:
    assert of_clock(state, 10.0).good is good


def test_the_units_key_is_made_once_and_only_its_public_half_is_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for _ in range(2):
        assert main(["key", "--config", config(folder, 1)]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert load_public_key(printed[0])[0].startswith("unit-1:")
    assert "d" not in json.loads(printed[0])
    assert (folder / "unit" / "signing-key.pem").stat().st_mode & 0o077 == 0


def test_a_mistake_in_the_settings_names_file_and_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(config(folder, 1))
    path.write_text(path.read_text().replace("latitude: 51.5", "latitude: 151.5"))
    assert main(["run", "--config", str(path)]) == 2
    assert "unit.yaml, line 11" in capsys.readouterr().err
