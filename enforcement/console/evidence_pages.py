"""Pictures and letters of a case. Bytes go out only where they still match the hash that was recorded."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from enforcement.cases.records import any_case_file
from enforcement.console.desk import CaseVisit, RowId, Visit
from enforcement.console.errors import PageRefused
from enforcement.console.security import PDF_POLICY
from ingest.records import EvidenceDamaged, EvidenceMissing, evidence_bytes

router = APIRouter()


@router.get("/cases/{case_id}/pictures/{sha256}.jpg")
def picture(seen: CaseVisit, case_id: RowId, sha256: str) -> Response:
    """A picture of one of the case's passages; 404 for any other, 409 for one that is damaged."""
    case = any_case_file(seen.session, seen.authority, case_id, now=seen.now)
    if sha256 not in {record.sha256 for _, passage in case.passages for record in passage.evidence}:
        raise _refused(seen, 404, "There is no such picture", "It does not belong to this case.", "unknown")
    try:
        jpeg = evidence_bytes(Path(seen.desk.settings.evidence_dir), sha256)
    except EvidenceMissing as error:
        raise _refused(seen, 404, "The picture is not here", str(error), "missing") from error
    except EvidenceDamaged as error:
        raise _refused(seen, 409, "The picture is damaged", str(error), "damaged") from error
    seen.desk.outcomes.pictures.labels(outcome="shown").inc()
    return Response(jpeg, media_type="image/jpeg")


@router.get("/cases/{case_id}/letters/{letter_id}.pdf")
def letter(seen: CaseVisit, case_id: RowId, letter_id: RowId) -> Response:
    """A letter of the case as PDF, exactly as it was made; 409 where the file was changed since."""
    case = any_case_file(seen.session, seen.authority, case_id, now=seen.now)
    found = next((letter for letter in case.letters if letter.letter_id == letter_id), None)
    if found is None:
        raise _refused(seen, 404, "There is no such letter", "This case has no letter of that number.")
    file = Path(seen.desk.settings.data_dir) / found.pdf_path
    if not file.is_file():
        raise _refused(seen, 404, "The letter's file is not here", "Tell your administrator.")
    pdf = file.read_bytes()
    if hashlib.sha256(pdf).hexdigest() != found.pdf_sha256:
        words = "The file was changed after the letter was made, so it is not shown. Tell your administrator."
        raise _refused(seen, 409, "The letter's file was changed", words)
    seen.note("letter.view", f"letter:{letter_id}", "looked at the letter")
    return pdf_answer(pdf, f"case-{case_id}-letter-{letter_id}.pdf")


def pdf_answer(pdf: bytes, name: str) -> Response:
    """A PDF that the browser shows, and saves under `name`."""
    return Response(
        pdf,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": PDF_POLICY,
        },
    )


def _refused(seen: Visit, status: int, title: str, text: str, outcome: str = "") -> PageRefused:
    if outcome:
        seen.desk.outcomes.pictures.labels(outcome=outcome).inc()
    return PageRefused(status, title, text)
