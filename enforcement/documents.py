"""Documents set by typst: data goes in as JSON, so that nothing in it can act as markup.

The same data give the same bytes: only the fonts inside the typst wheel are used, and the date of making is
the data's, not the clock's. The PDFs are tagged and checked by typst against the rules of PDF/UA-1.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
import typst

from enforcement.errors import DocumentFailed

TEMPLATES = Path(__file__).parent / "templates"


def set_pdf(template: str, data: msgspec.Struct, made_at: datetime) -> bytes:
    """The PDF of a template of this room with `data`. Raises DocumentFailed with typst's own words."""
    try:
        pdf = typst.compile(
            TEMPLATES / template,
            root=TEMPLATES,
            font_paths=_fonts(),
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


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
