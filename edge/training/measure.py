"""Measures the shipped reader on the frozen drawn plates and on the measuring pictures.

    python -m edge.training.measure

prints the figures of the model card as raw counts. The measuring pictures are looked for beside the project;
without them only drawn pictures are measured. Nothing but counts is printed.
"""

import argparse
import time
from pathlib import Path

from edge.plates.confidence import load_calibration
from edge.plates.read import UkReader
from edge.training.held_out import COUNT, SEED, all_held_out, held_out
from edge.training.photographs import measure_boxed, measure_stills
from edge.training.reading import reads_of_drawn, shipped_reader
from edge.training.samples import decoded, sample
from edge.training.score import Tally, by_band, reliability
from edge.training.train import MEASURING_DATA
from edge.weights import Weights

_NEGATIVES_AMONG = 20_000


def measure_nothing_there(reader: UkReader, seed: int, among: int) -> Tally:
    """Tally over those of `among` drawn pictures that hold no whole legible plate; silence is exact."""
    tally = Tally()
    empty = (one for one in (sample(seed, number) for number in range(among)) if not one.text)
    for _, read in reads_of_drawn(reader, empty):
        tally.add("", read.text)
    return tally


def ms_per_plate(reader: UkReader, count: int = 300) -> float:
    """Milliseconds of processor time for one plate at a time, resizing included."""
    pictures = [decoded(held_out(number)) for number in range(50)]
    reader.line(pictures[0])
    began = time.process_time()
    for number in range(count):
        reader.line(pictures[number % len(pictures)])
    return (time.process_time() - began) / count * 1000


def main(arguments: list[str] | None = None) -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.measure", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many of the frozen plates")
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA)
    given = parser.parse_args(arguments)
    reader = shipped_reader()
    scored = list(reads_of_drawn(reader, all_held_out(given.count)))
    for name, tally in by_band(scored):
        print(f"{name:38s} {tally}")
    print(f"{'nothing to read':38s} {measure_nothing_there(reader, SEED, _NEGATIVES_AMONG)}")
    print("calibrated confidence over all of them:")
    for band in reliability(scored, load_calibration(Weights())):
        print(f"  {band}")
    print(f"{ms_per_plate(reader):.1f} ms of one processor core a plate")
    if not given.measuring_data.is_dir():
        print(f"no measuring pictures in {given.measuring_data}: measured on drawn plates only")
        return
    print(f"{'gb_kaggle, boxed by hand':38s} {measure_boxed(reader, given.measuring_data)}")
    for name, tally in measure_stills(reader, given.measuring_data).items():
        print(f"{'stills, ' + name:38s} {tally}")


if __name__ == "__main__":
    main()
