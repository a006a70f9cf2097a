"""The bundle: all parts set as one PDF by typst, with bookmarks and page numbers that run through.

The PDF is tagged. It claims no PDF/UA: letters stand in it as the pages that were sent, and that standard
cannot hold them.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import typst
from pypdf import PdfReader
from pypdf.generic import Destination

from config.law.deadlines import local_day
from config.vrm import spaced
from config.wire import SigningKey
from enforcement.cases.values import zone_of
from enforcement.console.words import day, local_time, span
from enforcement.errors import DocumentFailed
from enforcement.packs.exhibits import exhibits
from enforcement.packs.manifest import ExhibitPage
from enforcement.packs.material import Material
from enforcement.packs.members import Member
from enforcement.packs.numbering import Numbering
from enforcement.packs.pages import Bundle, Facts
from enforcement.packs.papers import BY_HAND, papers
from enforcement.packs.statement import statement
from enforcement.packs.terms import offence_words
from enforcement.packs.witness import initials

_MARK = re.compile(r"(?:([A-Z]+/\d+): )?(.*)", re.DOTALL)

TEMPLATE = Path(__file__).parent.parent / "templates" / "pack.typ"


def bundle_pdf(material: Material, originals: Sequence[Member], key: SigningKey) -> bytes:
    """The bundle of a case. Raises DocumentFailed with typst's own words."""
    return _set(_bundle(material, originals, key), originals, material.made_at)


def exhibit_pages(pdf: bytes) -> tuple[tuple[ExhibitPage, ...], int]:
    """The bundle's parts by its bookmarks, and how many pages it has. Raises pypdf's errors."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    found = []
    for mark in reader.outline:
        if isinstance(mark, Destination):
            words = _MARK.match(str(mark.title))
            number, title = words.groups(default="") if words else ("", "")
            page = reader.get_destination_page_number(mark)
            found.append(ExhibitPage(number=number, title=title, page=(page or 0) + 1))
    return tuple(found), len(reader.pages)


def _bundle(material: Material, originals: Sequence[Member], key: SigningKey) -> Bundle:
    numbers = Numbering(initials(material.officer))
    return Bundle(
        letterhead=material.letterhead,
        reference=material.reference,
        vrm=spaced(material.case.summary.vrm),
        made_on=day(local_day(material.made_at)),
        front=_front(material),
        statement=statement(material, numbers),
        parts=(*exhibits(material, numbers), *papers(material, numbers, originals, key)),
        by_hand=BY_HAND,
    )


def _front(material: Material) -> Facts:
    case = material.case
    order, entry, leaving = case.order, material.entry.record, material.exit.record
    return Facts(
        (
            ("Vehicle", spaced(case.summary.vrm)),
            ("Offence alleged", offence_words(order)),
            ("Order", order.title),
            ("Place", zone_of(order, case.transit.zone_id).name),
            ("Drove in", f"{local_time(entry.captured_at)}, {material.entry.place}"),
            ("Drove out", f"{local_time(leaving.captured_at)}, {material.exit.place}"),
            ("Between the two", span((leaving.captured_at - entry.captured_at).total_seconds())),
            ("Charge to be issued by", day(case.deadline)),
        )
    )


def _set(bundle: Bundle, files: Sequence[Member], made_at: datetime) -> bytes:
    """Set the template beside the files that it shows, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack.typ").write_bytes(TEMPLATE.read_bytes())
        for file in files:
            path = folder / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        try:
            pdf = typst.compile(
                folder / "pack.typ",
                root=folder,
                font_paths=typst.Fonts(include_system_fonts=False),
                format="pdf",
                sys_inputs={"data": msgspec.json.encode(bundle).decode()},
                pdf_standards="1.7",
                timestamp=made_at,
            )
        except (typst.TypstError, RuntimeError) as error:
            words = getattr(error, "message", str(error))
            raise DocumentFailed(f"the bundle could not be set: {words}") from error
    if not isinstance(pdf, bytes):
        raise DocumentFailed("the bundle gave no PDF")
    return pdf
