"""Documents set by typst: data goes in as JSON, so that nothing in it can act as markup.

The same data give the same bytes: only the fonts inside the typst wheel are used, and the date of making is
the data's, not the clock's. The PDFs are tagged and checked by typst against the rules of PDF/UA-1.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typst

from enforcement.errors import DocumentFailed

TEMPLATES = Path(__file__).parent / "templates"


class Press:
    """Sets many documents: templates and fonts are read once. For one thread at a time."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts())

    def set_pdf(self, template: str, data: msgspec.Struct | dict[str, Any], made_at: datetime) -> bytes:
        """The PDF of a template of this room with `data`. Raises DocumentFailed with typst's own words."""
        try:
            pdf = self._compiler.compile(
                TEMPLATES / template,
                format="pdf",
                sys_inputs={"data": msgspec.json.encode(data).decode()},
                pdf_standards="ua-1",
                timestamp=made_at.replace(microsecond=0),  # as fine as PDF can say it
            )
        except typst.TypstError as error:
            raise DocumentFailed(
                f"{template} could not be set: {error.message} {' '.join(error.hints)}"
            ) from error
        if not isinstance(pdf, bytes):
            raise DocumentFailed(f"{template} gave no PDF")
        return pdf


def set_pdf(template: str, data: msgspec.Struct | dict[str, Any], made_at: datetime) -> bytes:
    """One document by itself, as `Press.set_pdf`."""
    return Press().set_pdf(template, data, made_at)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
