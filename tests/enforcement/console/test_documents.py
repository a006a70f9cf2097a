"""Letters and summaries, served as they were made."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from enforcement.tables import BatchRow, LetterRow, SummaryRow
from tests.enforcement.console.conftest import Browser
from tests.enforcement.console.reading import audit_of
from tests.enforcement.console.village import NOW, Village

PDF = b"%PDF-1.7\n%a letter\n"


def add_letter(village: Village, content: bytes, sha256: str) -> None:
    folder = Path(village.settings.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "letter.pdf").write_bytes(content)
    with Session(village.engine) as session, session.begin():
        batch = BatchRow(authority="demo", kind="letters", created_at=NOW, finished_at=NOW, manifest=[])
        session.add(batch)
        session.flush()
        session.add(
            LetterRow(
                authority="demo",
                case_id=2,
                kind="first",
                batch_id=batch.batch_id,
                created_at=NOW,
                pdf_path="letter.pdf",
                pdf_sha256=sha256,
            )
        )


def test_a_letter_is_linked_and_served_as_it_was_made(officer: Browser, village: Village) -> None:
    add_letter(village, PDF, hashlib.sha256(PDF).hexdigest())
    assert 'href="/cases/2/letters/1.pdf"' in officer.get("/cases/2").text
    letter = officer.get("/cases/2/letters/1.pdf")
    assert (letter.status_code, letter.content) == (200, PDF)
    assert letter.headers["content-type"] == "application/pdf"
    assert [row.subject for row in audit_of(village, "letter.view")] == ["letter:1"]
    assert officer.get("/cases/1/letters/1.pdf").status_code == 404, "a letter of another case"


def test_a_letter_that_was_changed_is_not_served(officer: Browser, village: Village) -> None:
    add_letter(village, PDF + b" ", hashlib.sha256(PDF).hexdigest())
    page = officer.get("/cases/2/letters/1.pdf")
    assert page.status_code == 409
    assert "was changed" in page.text


def test_a_letter_without_its_file_is_said_in_words(officer: Browser, village: Village) -> None:
    add_letter(village, PDF, hashlib.sha256(PDF).hexdigest())
    (Path(village.settings.data_dir) / "letter.pdf").unlink()
    assert officer.get("/cases/2/letters/1.pdf").status_code == 404


def test_summaries_are_listed_and_served_with_their_own_style_only(
    officer: Browser, village: Village
) -> None:
    folder = Path(village.settings.data_dir) / "summaries"
    folder.mkdir(parents=True)
    (folder / "s.html").write_text("<html lang='en'><style>p{color:#111}</style><p>Lorries: 12</p>")
    (folder / "s.pdf").write_bytes(PDF)
    with Session(village.engine) as session, session.begin():
        row = SummaryRow(authority="demo", parish="Ashcombe Green", month="2026-08", created_at=NOW)
        row.path_html, row.path_pdf = "summaries/s.html", "summaries/s.pdf"
        session.add(row)
    page = officer.get("/summaries").text
    assert "August 2026" in page
    assert 'href="/summaries/2026-08/Ashcombe%20Green"' in page
    summary = officer.get("/summaries/2026-08/Ashcombe%20Green")
    assert "Lorries: 12" in summary.text
    assert "style-src 'sha256-" in summary.headers["content-security-policy"]
    assert officer.get("/summaries/2026-08/Ashcombe%20Green.pdf").content == PDF
    assert officer.get("/summaries/2026-07/Ashcombe%20Green").status_code == 404
    assert len(audit_of(village, "summary.view")) == 2
