"""The command hgv-edge: one clear line and exit code 2 for what a person got wrong."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.cli import main


def written(path: Path, content: bytes | str) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@pytest.fixture
def empty_street(tmp_path: Path) -> str:
    path = str(tmp_path / "street.png")
    cv2.imwrite(path, np.full((360, 640, 3), 110, np.uint8))
    return path


def test_what_cannot_be_read_is_one_line_and_exit_2(
    tmp_path: Path, empty_street: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = written(tmp_path / "text.mp4", "no video")
    cases = [
        (["replay", text, "--json"], "text.mp4"),
        (["replay", str(tmp_path / "none.mp4")], "none.mp4 is not there"),
        (["replay", "rtsp://camera/stream"], "replay takes video files"),
        (["look", text], "text.mp4 is not a picture"),
        (["look", empty_street, "--models", str(tmp_path)], "onnx is missing"),
        (
            ["look", empty_street, "--site", written(tmp_path / "site.yaml", "site_id: 3\n")],
            "site.yaml, line 1",
        ),
    ]
    for words, said in cases:
        assert main(words) == 2, words
        out, err = capsys.readouterr()
        assert out == ""
        assert said in err, words
        assert err.startswith(f"hgv-edge {words[0]}: "), words
        assert len(err.splitlines()) == 1, words


def test_one_unreadable_file_does_not_stop_the_others(
    tmp_path: Path, empty_street: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = written(tmp_path / "text.jpg", "no picture")
    assert main(["look", text, empty_street, text]) == 2
    assert capsys.readouterr().err.count("text.jpg is not a picture") == 2


def test_an_empty_street_has_no_vehicles(empty_street: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["look", empty_street, "--json"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("words", [[], ["fly"], ["replay"], ["look", "x.jpg", "--grammar", "fr"]])
def test_wrong_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(words)
    assert raised.value.code == 2
    assert "usage" in capsys.readouterr().err
