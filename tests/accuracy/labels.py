"""Reads what is known of the pictures in ../shared/data. Registrations stay there; none is written here.

Two files beside this one say what the labels do not: `plates_by_eye.csv` what carries a plate and in how many
lines it is written, by the picture's name and the plate's place among its labels; `unlabelled.csv` where in a
picture a plate can be read that nobody labelled.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from tests.accuracy.passages import Lorry
from tests.accuracy.plates import Label, Owner, forgiven

DATA = Path(__file__).parents[3] / "shared" / "data"
BY_EYE = Path(__file__).parent / "plates_by_eye.csv"
UNLABELLED = Path(__file__).parent / "unlabelled.csv"
CURRENT_MARK = re.compile(r"\b[A-Z]{2}\d{2}[A-Z]{3}\b")


@dataclass(frozen=True)
class Picture:
    """A still and its labelled plates; `lorry` says whether it shows one, None where nobody said.

    `unlabelled_px` are places (x, y) of plates that can be read but have no label.
    """

    path: Path
    plates: tuple[Label, ...]
    lorry: bool | None = None
    unlabelled_px: tuple[tuple[int, int], ...] = ()


def stills() -> list[Picture]:
    """The photographs of stills.csv."""
    return [_still(row) for row in _rows(DATA / "stills.csv")]


def british_pictures() -> list[Picture]:
    """The small pictures of gb_kaggle, one labelled plate each, all on light vehicles."""
    folder = DATA / "gb_kaggle"
    return [
        Picture(
            folder / row["file"], (Label(row["plate_read_by_eye"]),), unlabelled_px=_unlabelled(row["file"])
        )
        for row in _rows(folder / "labels.csv")
    ]


def european_pictures() -> list[Picture]:
    """The close-ups of eu_plates, with O as 0 and I as 1."""
    folder = DATA / "eu_plates"
    rows = [path.read_text("utf-8").split() for path in sorted(folder.glob("*.txt"))]
    return [Picture(folder / row[0], (Label(forgiven(row[-1])),)) for row in rows]


def freeway_lorries() -> list[Lorry]:
    """The lorries of the freeway clip's near carriageway."""
    return [
        Lorry(float(row["near_s"]), row["sure"] == "y", f"{row['colour']} {row['kind']}")
        for row in _rows(DATA / "video" / "us_freeway_lorries.csv")
    ]


def clip_plates(file: str) -> tuple[list[str], list[str]]:
    """The British plates of a clip: those that can be read, and those partly hidden or tiny."""
    what = next(row["what"] for row in _rows(DATA / "video_labels.csv") if row["file"] == file)
    readable, _, doubtful = what.partition(";")
    return CURRENT_MARK.findall(readable), CURRENT_MARK.findall(doubtful)


def _still(row: dict[str, str]) -> Picture:
    vehicles = row["vehicles"].split(";")
    owners: list[Owner] = ["hgv" if name.startswith("hgv") else "light" for name in vehicles]
    texts = [text for text in row["plates_read_by_eye"].split(";") if text]
    by_eye = {int(r["plate"]): r for r in _rows(BY_EYE) if r["file"] == row["file"]}
    plates = []
    for place, text in enumerate(texts, 1):
        known = by_eye.get(place)
        if known is not None:
            plates.append(Label(text, "hgv" if known["owner"] == "hgv" else "light", int(known["lines"])))
        elif len(set(owners)) == 1 or len(owners) == len(texts):
            plates.append(Label(text, owners[min(place, len(owners)) - 1]))
        else:
            raise LookupError(f"{BY_EYE.name} must say what carries plate {place} of {row['file']}")
    path = DATA / "stills" / row["file"]
    return Picture(path, tuple(plates), "hgv" in owners, _unlabelled(row["file"]))


def _unlabelled(file: str) -> tuple[tuple[int, int], ...]:
    return tuple((int(row["x_px"]), int(row["y_px"])) for row in _rows(UNLABELLED) if row["file"] == file)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
