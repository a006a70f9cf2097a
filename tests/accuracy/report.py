"""Scores the pipeline on the pictures in ../shared/data: `python -m tests.accuracy.report [--only NAME...]`.

Prints raw counts, writes a page with the picture of every miss to var/accuracy, and exits with 1 where a
bar is missed. tests/accuracy/README.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from edge.settings import Models, load_models
from edge.weights import Weights
from tests.accuracy.bars import judged, read_bars
from tests.accuracy.clips import VIDEO, scored_clip
from tests.accuracy.labels import DATA, british_pictures, european_pictures, stills
from tests.accuracy.page import write_page
from tests.accuracy.reliability import bands, surprise
from tests.accuracy.section import Section
from tests.accuracy.stills import scored_stills

PAGE = Path(__file__).parents[2] / "var" / "accuracy"

Scorer = Callable[[Models], Section]


def scorers() -> Iterator[tuple[str, Scorer]]:
    """Every set by name, with what scores it."""
    yield "stills", lambda models: scored_stills("stills", stills(), models, "gb")
    yield "gb_kaggle", lambda models: scored_stills("gb_kaggle", british_pictures(), models, "gb")
    yield "eu_plates", lambda models: scored_stills("eu_plates", european_pictures(), models, "none")
    for path in sorted(VIDEO.glob("*.mp4")):
        yield path.stem, partial(scored_clip, path)


def main() -> int:
    """0 where every bar is met, 1 where one is missed, 2 where there is nothing to score."""
    parser = argparse.ArgumentParser(description="Score the picture pipeline on ../shared/data.")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="sets whose names begin so, such as stills")
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder of weights instead of the shipped")
    parser.add_argument("--page", type=Path, default=PAGE, metavar="DIR", help="where the page goes")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is missing: there is nothing to score", file=sys.stderr)
        return 2
    wanted = tuple(arguments.only or ("",))
    models = load_models(Weights(arguments.models))
    sections = []
    for name, scorer in scorers():
        if name.startswith(wanted):
            sections.append(scorer(models))
            print(json.dumps({name: sections[-1].figures}), flush=True)
    scores = [score for section in sections for score in section.hgv_scores]
    print(f"HGV scores of {len(scores)} vehicles, mean surprise {surprise(scores):.3f}:")
    for band in bands(scores):
        print(f"  {band}")
    verdicts = judged(read_bars(), sections)
    page = write_page(arguments.page, sections, verdicts)
    for verdict in verdicts:
        print(f"{'met   ' if verdict.met else 'MISSED'} {verdict.bar.says}: {verdict.found:g}")
    print(f"{sum(len(section.misses) for section in sections)} misses with their pictures: {page}")
    return 0 if all(verdict.met for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
