"""Pictures are chosen by how little the reader gave the right characters."""

from pathlib import Path

import numpy as np

from edge.training.doubt import sureness
from edge.training.pool import Series, write_pool
from edge.training.samples import Sample

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"


def answers(text: str, probability: float) -> np.ndarray:
    """All places of `text` and the empty ones after it with the same probability, 8 x 37."""
    places = np.full((8, 37), (1 - probability) / 36, np.float32)
    for place, character in enumerate(text.ljust(8, "_")):
        places[place, ALPHABET.index(character)] = probability
    return places


def test_sureness_is_that_of_the_worst_place() -> None:
    doubtful = answers("AB12CDE", 0.99)
    doubtful[6] = answers("AB12CDF", 0.9)[6]
    missing_end = answers("AB12CD", 0.95)
    given = np.stack([answers("AB12CDE", 0.98), doubtful, missing_end, answers("", 0.9)])
    sure = sureness(given, ["AB12CDE", "AB12CDE", "AB12CDE", ""])
    assert np.allclose(sure, [0.98, 0.1 / 36, 0.05 / 36, 0.9], atol=1e-4)


def test_a_pool_holds_what_was_chosen(tmp_path: Path) -> None:
    def those_with_text(samples: list[Sample]) -> list[bool]:
        return [bool(one.text) for one in samples]

    series = Series(21, 0, 60, frozenset())
    every, some = (
        write_pool(tmp_path / name, series, *how) for name, how in (("a", ()), ("b", (those_with_text,)))
    )
    rows = every.read_text("ascii").splitlines()
    assert some.read_text("ascii").splitlines() == [row for row in rows if not row.endswith(",_")]
    assert len(list(some.parent.glob("*.jpg"))) == len(some.read_text("ascii").splitlines()) - 1
