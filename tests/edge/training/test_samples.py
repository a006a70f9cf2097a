"""A training picture depends on its seed and number alone."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from config.vrm import format_of
from edge.training.degrade import degraded
from edge.training.pool import PAD, Series, write_pool
from edge.training.samples import decoded, sample


def test_the_same_seed_and_number_give_the_same_bytes_in_any_order() -> None:
    forwards = [sample(11, number) for number in range(40)]
    backwards = [sample(11, number) for number in reversed(range(40))]
    assert forwards == backwards[::-1]


def test_another_seed_gives_other_pictures() -> None:
    ours, theirs = ({sample(seed, number).jpeg for number in range(40)} for seed in (11, 12))
    assert ours.isdisjoint(theirs)


def test_pictures_decode_and_labels_are_registrations_or_empty() -> None:
    drawn = [sample(13, number) for number in range(300)]
    for picture in drawn:
        pixels = decoded(picture)
        assert pixels.ndim == 2
        assert min(pixels.shape) >= 3
        assert picture.text == "" or format_of(picture.text) is not None
    kinds = Counter((picture.text != "", picture.layout) for picture in drawn)
    assert len(kinds) == 4, "legible and empty pictures of both layouts are expected"
    assert 0.04 < sum(not picture.text for picture in drawn) / len(drawn) < 0.25


def test_what_is_too_small_to_read_is_labelled_empty() -> None:
    small = [picture for picture in (sample(14, n) for n in range(400)) if picture.width_px < 15]
    assert small
    assert all(picture.text == "" for picture in small)


def test_an_excluded_registration_is_not_drawn() -> None:
    drawn = [sample(15, number).text for number in range(200)]
    excluded = frozenset(drawn[::2]) - {""}
    assert excluded.isdisjoint(sample(15, number, excluded).text for number in range(200))


@pytest.mark.parametrize("size", [(60, 200), (8, 20), (200, 300)])
def test_degrading_halves_the_size_and_follows_its_seed(size: tuple[int, int]) -> None:
    crop = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    one, same, other = (degraded(crop, size[0] / 4, np.random.default_rng(s)) for s in (5, 5, 6))
    assert one == same
    assert one != other
    pixels = cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    assert pixels.shape == (size[0] // 2, size[1] // 2)


def test_a_pool_is_what_the_trainer_reads(tmp_path: Path) -> None:
    series = Series(16, 100, 30, frozenset())
    annotations = write_pool(tmp_path / "pool", series)
    header, *rows = annotations.read_text("ascii").splitlines()
    assert header == "image_path,plate_text"
    drawn = {f"{number}.jpg": series.picture(number) for number in range(100, 130)}
    for name, text in (row.split(",") for row in rows):
        assert text == (drawn[name].text or PAD)
        assert (annotations.parent / name).read_bytes() == drawn[name].jpeg


def test_a_pool_leaves_out_plates_too_far_gone_and_nothing_else(tmp_path: Path) -> None:
    annotations = write_pool(tmp_path / "pool", Series(18, 0, 80, frozenset()))
    kept = {int(row.split(".")[0]) for row in annotations.read_text("ascii").splitlines()[1:]}
    drawn = [sample(18, number) for number in range(80)]
    gone = {n for n, one in enumerate(drawn) if one.text and not (one.legible and one.legible.worth_learning)}
    assert gone
    assert kept == set(range(80)) - gone


@pytest.mark.parametrize("straightened", [True, False])
def test_both_kinds_of_crop_are_drawn_and_mostly_legible(straightened: bool) -> None:
    plates = [
        one for one in (sample(19, n) for n in range(300)) if one.text and one.straightened == straightened
    ]
    legible = [one.legible is not None and one.legible.enough for one in plates]
    assert len(plates) > 30
    assert np.mean(legible) > 0.6


def test_an_interrupted_pool_is_drawn_again(tmp_path: Path) -> None:
    folder = tmp_path / "pool"
    folder.mkdir()
    (folder / "unfinished.csv").write_text("image_path,plate_text\n0.jpg,AB", "ascii")
    annotations = write_pool(folder, Series(17, 0, 3, frozenset()))
    assert annotations.read_text("ascii").startswith("image_path,plate_text")
    assert not (folder / "unfinished.csv").exists()
