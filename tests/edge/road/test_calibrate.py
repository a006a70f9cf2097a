"""`hgv-edge calibrate` without a display: drawings, figures and YAML that a site file takes as it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from config.calibration import Calibration
from config.files import load
from edge.cli import main
from edge.errors import CalibrationError
from edge.road.asking import Ask, asked
from edge.road.drawing import with_road
from edge.road.plane import road_of
from edge.road.report import as_yaml, report
from edge.road.still import still_of
from tests.edge.road.roadside import FRAME_PX, Camera

FIVE = ((-3.5, 20.0), (3.5, 24.0), (3.5, 60.0), (-3.5, 60.0), (0.0, 40.0))
GREY = np.full((FRAME_PX[1], FRAME_PX[0], 3), 90, np.uint8)


@pytest.fixture
def still(tmp_path: Path) -> str:
    path = tmp_path / "street.png"
    cv2.imwrite(str(path), GREY)
    return str(path)


def points_file(tmp_path: Path, calibration: Calibration) -> str:
    path = tmp_path / "points.yaml"
    text = as_yaml(calibration).splitlines()[1:]
    path.write_text("\n".join(line.removeprefix("  ") for line in text))
    return str(path)


def rounded(calibration: Calibration) -> Calibration:
    points = tuple(
        msgspec.structs.replace(point, x=round(point.x, 4), y=round(point.y, 4))
        for point in calibration.road_points
    )
    return msgspec.structs.replace(calibration, road_points=points)


def test_points_give_figures_drawings_and_the_yaml_to_paste(
    tmp_path: Path, still: str, capsys: pytest.CaptureFixture[str]
) -> None:
    calibration = rounded(Camera().calibration(FIVE))
    points = points_file(tmp_path, calibration)
    assert load(Path(points), Calibration) == calibration
    assert main(["calibrate", still, "--points", points, "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert as_yaml(calibration) in out
    assert "5 points fit to 0.0 px" in out
    assert "hangs 5.0 m high by the points" in out
    assert "delete them" in out
    for name in ("street-grid.png", "street-road.png"):
        assert (tmp_path / name).is_file()
        assert str(tmp_path / name) in out


def test_without_points_and_terminal_it_draws_the_grid_and_says_how(
    tmp_path: Path, still: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["calibrate", still, "--out", str(tmp_path)]) == 0
    assert "--points FILE" in capsys.readouterr().out
    assert (tmp_path / "street-grid.png").is_file()
    assert not (tmp_path / "street-road.png").exists()


def test_green_lines_lie_every_5_m_on_the_road() -> None:
    calibration = Camera().calibration(FIVE)
    drawn = with_road(GREY, road_of(calibration), calibration)
    scale = drawn.shape[1] / FRAME_PX[0]
    for across_m, along_m in ((-1.5, 25.0), (1.3, 40.0), (0.6, 55.0)):
        x, y = np.rint(Camera().pixels(np.array([(across_m, along_m, 0.0)]))[0] * scale).astype(int)
        blue, green, red = drawn[y - 2 : y + 3, x].astype(int).T
        assert (green - np.maximum(blue, red)).max() > 60, (across_m, along_m)


def scale_at(lines: list[str], along: str) -> list[float]:
    line = next(line for line in lines if line.strip().startswith(f"{along} m"))
    return [float(word.rstrip("%")) for word in line.split() if word.rstrip("%").replace(".", "").isdigit()]


def test_the_report_tells_the_scale_near_and_far() -> None:
    calibration = Camera().calibration(FIVE)
    lines = report(road_of(calibration), calibration)
    near, far = scale_at(lines, "20.0"), scale_at(lines, "60.0")
    for along_m, (_, across_px, _, _) in ((20.0, near), (60.0, far)):
        ends = Camera().pixels(np.array([(0.0, along_m, 0.0), (1.0, along_m, 0.0)]))
        assert across_px == pytest.approx(float(np.linalg.norm(ends[1] - ends[0])), abs=0.1)
    assert near[3] < far[3]


def test_the_report_says_what_is_missing() -> None:
    four = Camera().calibration(height_known=False)
    text = " ".join(report(road_of(four), four))
    assert "measure a fifth" in text
    assert "add camera_height_m" in text


def wrong_shape(calibration: Calibration) -> Calibration:
    return msgspec.structs.replace(calibration, picture_px=(1024, 768))


def wrong_height(calibration: Calibration) -> Calibration:
    return msgspec.structs.replace(calibration, camera_height_m=12.0)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [(wrong_shape, "picked in a picture of 1024 x 768"), (wrong_height, "measure both again")],
)
def test_what_cannot_be_right_is_one_line_and_exit_2(
    spoilt: object, said: str, tmp_path: Path, still: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(spoilt)
    points = points_file(tmp_path, spoilt(Camera().calibration(FIVE)))
    assert main(["calibrate", still, "--points", points, "--out", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_folder_that_is_not_there_is_said(still: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", still, "--out", "/nowhere"]) == 2
    assert "choose a folder with --out" in capsys.readouterr().err


def answers(*lines: str) -> Ask:
    left: Iterator[str] = iter(lines)

    def ask(question: str) -> str:
        try:
            return next(left)
        except StopIteration as end:
            raise EOFError from end

    return ask


GOOD = ("0.2 0.8 -3 10", "0.8, 0.8, 3, 10", "768 288 3 40", "0.4 0.4 -3 40")


def test_the_terminal_is_asked_until_the_answers_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(answers("0.2 0.8", "here", "0.2 -0.8 -3 10", *GOOD, "", "5.2", "-3 0 3"), FRAME_PX)
    assert len(told.road_points) == 4
    assert (told.road_points[2].x, told.road_points[2].y) == (0.6, 0.4)
    assert (told.camera_height_m, told.lane_borders_m) == (5.2, (-3.0, 0.0, 3.0))
    said = capsys.readouterr().out
    assert "0 or 4 numbers are expected, not 2" in said
    assert "numbers only" in said
    assert "not a point of this picture" in said


def test_an_end_of_input_leaves_out_what_may_be_left_out() -> None:
    told = asked(answers(*GOOD), FRAME_PX)
    assert (told.camera_height_m, told.lane_borders_m) == (None, ())


@pytest.mark.parametrize(
    ("lines", "said"),
    [(GOOD[:3], "too few"), ((*GOOD[:2], "0.4 0.4 3 40", "0.6 0.4 -3 40"), "mixed up")],
)
def test_points_that_fix_no_road_end_the_questions(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(CalibrationError, match=said):
        asked(answers(*lines), FRAME_PX)


def test_what_moves_is_not_in_the_still(tmp_path: Path) -> None:
    for number in range(5):
        picture = GREY.copy()
        picture[300:500, 200 * number : 200 * number + 200] = (20, 200, 250)
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    assert (still_of(str(tmp_path)) == GREY).all()
