"""Rule 12: speed evidence only from a type-approved device in calibration; never from a video."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from enforcement.cases.speed import SpeedOutcome
from tests.enforcement.cases.vans import Van
from tests.enforcement.county import County


def handed_in(county: County, folder: Path, line: dict[str, Any], **device: str) -> SpeedOutcome:
    """How one reading of 13 September ends whose lorry the van's camera saw."""
    van = Van(county, folder)
    van.device(**device)
    van.passage()
    (outcome,) = van.hand_in(line)
    return outcome


def test_a_calibrated_devices_reading_opens_a_case(county: County, tmp_path: Path) -> None:
    assert handed_in(county, tmp_path, {}) is SpeedOutcome.PROPOSED


@pytest.mark.parametrize(
    ("first_day", "last_day"), [("2026-09-14", "2027-09-13"), ("2025-09-13", "2026-09-12")]
)
def test_out_of_calibration_makes_no_case(
    county: County, tmp_path: Path, first_day: str, last_day: str
) -> None:
    found = handed_in(county, tmp_path, {}, calibrated_on=first_day, valid_to=last_day)
    assert found is SpeedOutcome.NOT_CALIBRATED


def test_an_unknown_device_makes_no_case(county: County, tmp_path: Path) -> None:
    assert handed_in(county, tmp_path, {"serial": "LTI-9999"}) is SpeedOutcome.NOT_CALIBRATED


def test_a_video_estimate_never_makes_a_case(county: County, tmp_path: Path) -> None:
    line = {"source": "video_estimate", "speedMph": 90}
    assert handed_in(county, tmp_path, line) is SpeedOutcome.VIDEO_ESTIMATE
