"""Writes drawn samples as the folder of pictures and CSV that fast-plate-ocr's trainer reads."""

import csv
from pathlib import Path

from edge.training.samples import sample

PAD = "_"


def write_pool(
    folder: Path, seed: int, first: int, count: int, excluded: frozenset[str], hardness: float = 1.0
) -> Path:
    """Write samples `first` to `first + count` of series `seed` and return their CSV.

    Plates too far gone to learn from are left out, so that it holds a few in a hundred less than `count`.
    The CSV appears last, so that a pool that was interrupted is seen to be unfinished and is drawn again.
    """
    annotations = folder / "annotations.csv"
    if annotations.exists():
        return annotations
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "unfinished.csv"
    with unfinished.open("w", encoding="ascii", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(("image_path", "plate_text"))
        for number in range(first, first + count):
            drawn = sample(seed, number, excluded, hardness)
            if drawn.text and drawn.legible is not None and not drawn.legible.worth_learning:
                continue
            (folder / f"{number}.jpg").write_bytes(drawn.jpeg)
            rows.writerow((f"{number}.jpg", drawn.text or PAD))
    return unfinished.rename(annotations)
