"""Make the letters that are due."""

from __future__ import annotations

import argparse

from enforcement.letters.batch import send_first_letters
from enforcement.office import Office


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to make."""
    parser.add_argument("what", choices=("letters",), help="letters: the first letter of each confirmed case")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Make the batch and say what is in it. Raises FileMistake, DocumentFailed."""
    result = send_first_letters(
        office.engine,
        office.authority,
        office.policy(),
        office.data_dir,
        who=office.who,
        now=office.clock(),
    )
    for path in result.letters:
        print(path)
    for case_id, why in result.held_back.items():
        print(f"case {case_id} gets no letter: {why}")
    if result.manifest is None:
        print("no letters are due")
    else:
        print(f"batch {result.batch_id}: {len(result.letters)} letters, {result.manifest}")
    return 0
