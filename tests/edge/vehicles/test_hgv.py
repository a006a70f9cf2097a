"""The fused HGV score on evidence as the models give it."""

from __future__ import annotations

import pytest

from edge.vehicles.hgv import HgvEvidence

LORRY = {"lorry": 0.8, "coach": 0.0, "light": 0.02, "car": 0.0}
COACH = {"lorry": 0.15, "coach": 0.6, "light": 0.05, "car": 0.0}
VAN = {"lorry": 0.05, "coach": 0.03, "light": 0.8, "car": 0.02}
CAR = {"lorry": 0.01, "coach": 0.0, "light": 0.2, "car": 0.6}


@pytest.mark.parametrize(
    ("name", "scores", "odds", "hgv", "vehicle_class"),
    [
        ("a lorry", (0.01, 0.0, 0.01, 0.95), LORRY, True, "hgv"),
        ("a lorry that the detector calls a bus", (0.05, 0.0, 0.7, 0.55), LORRY, True, "hgv"),
        (
            "a lorry the type model does not know",
            (0.01, 0.0, 0.01, 0.7),
            dict.fromkeys(LORRY, 0.0),
            True,
            "hgv",
        ),
        ("a coach", (0.02, 0.0, 0.9, 0.15), COACH, False, "bus"),
        ("a panel van", (0.45, 0.0, 0.02, 0.5), VAN, False, "van"),
        ("a car", (0.95, 0.0, 0.0, 0.05), CAR, False, "car"),
    ],
)
def test_score(
    name: str,
    scores: tuple[float, float, float, float],
    odds: dict[str, float],
    hgv: bool,
    vehicle_class: str,
) -> None:
    evidence = HgvEvidence()
    evidence.add_detection(scores, (200, 200))
    evidence.add_type(odds, (200, 200))
    assert (evidence.hgv >= 0.5) is hgv, f"{name}: {evidence.hgv}"
    assert evidence.vehicle_class(0.5) == vehicle_class


def test_near_looks_weigh_more_than_far_ones() -> None:
    evidence = HgvEvidence()
    for _ in range(3):
        evidence.add_detection((0.6, 0.0, 0.0, 0.2), (40, 40))
    evidence.add_detection((0.02, 0.0, 0.0, 0.95), (400, 400))
    assert evidence.hgv > 0.5


def test_what_is_seen_of_a_vehicle_that_leaves_the_picture_hardly_counts() -> None:
    whole, cut = HgvEvidence(), HgvEvidence()
    for evidence in (whole, cut):
        evidence.add_detection((0.3, 0.0, 0.1, 0.6), (90, 110))
    whole.add_detection((0.6, 0.0, 0.0, 0.1), (110, 80))
    cut.add_detection((0.6, 0.0, 0.0, 0.1), (110, 80), cut=True)
    assert whole.hgv < 0.5 < cut.hgv


def test_tall_is_a_little_more_like_an_hgv() -> None:
    wide, tall = HgvEvidence(), HgvEvidence()
    wide.add_detection((0.4, 0.0, 0.3, 0.45), (120, 80))
    tall.add_detection((0.4, 0.0, 0.3, 0.45), (80, 120))
    assert tall.hgv > wide.hgv + 0.1
    assert tall.hgv < 0.9


def test_nothing_seen_is_no_hgv() -> None:
    assert HgvEvidence().hgv == 0.0
    assert HgvEvidence().detector_score == 0.0


@pytest.mark.parametrize(
    ("name", "scores", "size_px", "light"),
    [
        ("a car", (0.9, 0.0, 0.0, 0.02), (200.0, 160.0), True),
        ("a car that looks a little like a lorry", (0.9, 0.0, 0.0, 0.2), (200.0, 160.0), True),
        ("a car far away, as weak as a lorry", (0.35, 0.0, 0.0, 0.1), (60.0, 50.0), True),
        ("a lorry the detector hardly knows, but tall", (0.35, 0.0, 0.0, 0.1), (66.0, 96.0), False),
        ("a van", (0.45, 0.0, 0.0, 0.4), (200.0, 160.0), False),
    ],
)
def test_of_whom_the_detector_alone_leaves_no_doubt(
    name: str, scores: tuple[float, float, float, float], size_px: tuple[float, float], light: bool
) -> None:
    evidence = HgvEvidence()
    evidence.add_detection(scores, size_px)
    assert evidence.plainly_light is light, name


def test_nothing_is_plain_before_anything_was_seen() -> None:
    assert not HgvEvidence().plainly_light
