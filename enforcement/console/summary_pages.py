"""The parishes' monthly summaries: all that a parish sees, and without anything personal."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from enforcement.console.desk import AnyVisit, Visit
from enforcement.console.errors import PageRefused
from enforcement.console.evidence_pages import pdf_answer
from enforcement.tables import SummaryRow

router = APIRouter()

_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


@router.get("/summaries")
def summaries(seen: AnyVisit) -> Response:
    """The summaries of the authority's parishes, newest month first."""
    rows = seen.session.scalars(
        select(SummaryRow)
        .where(SummaryRow.authority == seen.authority)
        .order_by(SummaryRow.month.desc(), SummaryRow.parish)
    ).all()
    return seen.page("summaries.html", summaries=rows)


@router.get("/summaries/{month}/{parish}.pdf")
def summary_pdf(seen: AnyVisit, month: str, parish: str) -> Response:
    """A summary as PDF."""
    row = _row(seen, month, parish)
    pdf = _content(seen, row.path_pdf)
    _note(seen, row)
    return pdf_answer(pdf, f"summary-{month}-{_file_name(parish)}.pdf")


@router.get("/summaries/{month}/{parish}")
def summary_page(seen: AnyVisit, month: str, parish: str) -> Response:
    """A summary as it was published, its own style allowed by the hash of that style and nothing else."""
    row = _row(seen, month, parish)
    page = _content(seen, row.path_html).decode()
    _note(seen, row)
    return HTMLResponse(page, headers={"Content-Security-Policy": _policy(page)})


def _row(seen: Visit, month: str, parish: str) -> SummaryRow:
    row = seen.session.get(SummaryRow, (seen.authority, parish, month))
    if row is None:
        raise PageRefused(404, "There is no such summary", "No summary was made for this parish and month.")
    return row


def _note(seen: Visit, row: SummaryRow) -> None:
    name = Path(row.path_html).stem
    seen.note("summary.view", f"summary:{row.month}:{name}"[:128], "looked at a parish summary")


def _content(seen: Visit, path: str) -> bytes:
    file = Path(seen.desk.settings.data_dir) / path
    if not file.is_file():
        raise PageRefused(404, "The summary's file is not here", "Tell your administrator.")
    return file.read_bytes()


def _policy(page: str) -> str:
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in _STYLE.findall(page)]
    styles = " ".join(f"'sha256-{h}'" for h in hashes) or "'none'"
    return (
        f"default-src 'none'; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def _file_name(parish: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", parish.lower()).strip("-")
