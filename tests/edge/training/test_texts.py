"""Random registrations follow the grammar and never repeat one that is measured on."""

from collections import Counter
from pathlib import Path

import numpy as np

from config.vrm import Format, format_of
from edge.training.texts import labelled_registrations, random_text


def texts(seed: int, count: int, excluded: frozenset[str] = frozenset()) -> list[str]:
    rng = np.random.default_rng(seed)
    return [random_text(rng, excluded) for _ in range(count)]


def test_every_text_is_a_registration() -> None:
    wrong = [text for text in texts(3, 5000) if format_of(text) is None]
    assert wrong == []


def test_every_format_of_the_road_is_drawn() -> None:
    seen = Counter(format_of(text) for text in texts(4, 5000))
    assert set(seen) == set(Format)
    assert seen[Format.CURRENT] > 2500


def test_an_excluded_registration_is_never_drawn() -> None:
    common = frozenset(text for text, times in Counter(texts(5, 20_000)).items() if times > 1)
    assert common, "no text came twice, the exclusion could not be seen"
    assert common.isdisjoint(texts(5, 20_000, common))


def test_labels_are_found_in_any_csv_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "stills.csv").write_text("file,plates_read_by_eye\na.jpg,AB12CDE;X1ABC\nb.jpg,\n", "utf-8")
    deeper = tmp_path / "crops"
    deeper.mkdir()
    (deeper / "labels.csv").write_text("file,plate_read_by_eye\nc.png,ABC123D\n", "utf-8")
    (tmp_path / "video.csv").write_text('file,what\nd.mp4,"near: FG34HIJ, no lorry"\n', "utf-8")
    assert labelled_registrations(tmp_path) == {"AB12CDE", "X1ABC", "ABC123D", "FG34HIJ"}


def test_without_labels_nothing_is_excluded(tmp_path: Path) -> None:
    assert labelled_registrations(tmp_path / "missing") == frozenset()


def test_all_labels_of_the_measuring_pictures_are_excluded(measuring_data: Path) -> None:
    labelled = labelled_registrations(measuring_data)
    assert len(labelled) >= 40
    assert all(format_of(text) for text in labelled)
    assert labelled.isdisjoint(texts(6, 20_000, labelled))
