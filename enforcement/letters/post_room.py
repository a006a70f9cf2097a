"""The files for the post room: all letters that go by post in one PDF, and a CSV with each one's envelope.

The single letters stay as they were made; the pages of the one PDF are theirs, for printing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from enforcement.letters.addressee import MOST_LINES
from enforcement.letters.made import MadeLetter

_HEADER = (
    "sequence",
    "reference",
    "file",
    "first_page",
    "pages",
    *(f"address_{n}" for n in range(1, MOST_LINES + 1)),
)


def post_files(letters: Sequence[MadeLetter], data_dir: Path) -> tuple[bytes, bytes]:
    """The print file and the list of envelopes, the same bytes for the same letters."""
    writer, lines = PdfWriter(), io.StringIO()
    table = csv.writer(lines)
    table.writerow((*_HEADER, "sha256"))
    for sequence, letter in enumerate(letters, start=1):
        path = data_dir / letter.row.pdf_path
        pages, first = PdfReader(path).pages, len(writer.pages) + 1
        for page in pages:
            writer.add_page(page)
        address = (letter.planned.address.split("\n") + [""] * MOST_LINES)[:MOST_LINES]
        reference = letter.planned.content["reference"]
        table.writerow((sequence, reference, path.name, first, len(pages), *address, letter.row.pdf_sha256))
    printed = io.BytesIO()
    writer.write(printed)
    return printed.getvalue(), lines.getvalue().encode()
