"""Erasing a case: its row, decisions and the hashes of its letters stay; whom it was about goes.

Files go before the rows that name them: a crash in between leaves rows for the next run, never a file that
nothing names.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from enforcement.cases.rows import case_row
from enforcement.cases.states import Kind
from enforcement.files import write_whole
from enforcement.letters.made import made_letters
from enforcement.letters.making import folder_of
from enforcement.letters.post_room import post_files
from enforcement.letters.subject import reference
from enforcement.retention.rules import Rule
from enforcement.tables import (
    CaseRow,
    DispatchRow,
    ErasedCaseRow,
    LetterRow,
    PlannedLetterRow,
    ReadingRow,
)


def erase_case(
    session: Session, authority: str, case_id: int, data_dir: Path, rule: Rule, now: datetime
) -> int:
    """Delete a case's personal data and files in the caller's transaction; how many files. Repeatable.

    Passages and pictures are not touched: nothing keeps them any more once this is committed.
    """
    row = case_row(session, authority, case_id, lock=True)
    files = _delete_files(session, row, data_dir)
    _empty_letters(session, row)
    if row.kind == Kind.SPEED:
        session.get_one(ReadingRow, (authority, row.transit_id)).vrm = ""
    row.vrm, row.register_answer, row.reasons = "", {}, []
    session.add(ErasedCaseRow(authority=authority, case_id=case_id, erased_at=now, rule=rule.name))
    session.flush()
    return files


def _delete_files(session: Session, row: CaseRow, data_dir: Path) -> int:
    """Delete letters and packs, and take the case out of the papers that its batches share with others."""
    letters = session.scalars(_of_case(row)).all()
    packs = (data_dir / "packs").glob(f"{reference(row.authority, row.case_id)}-*.zip")
    going = [*packs, *(data_dir / letter.pdf_path for letter in letters)]
    there = [path for path in going if path.exists()]
    for path in there:
        path.unlink()
    for batch_id in sorted({letter.batch_id for letter in letters}):
        _rewrite_papers(session, batch_id, row.case_id, data_dir)
    return len(there)


def _rewrite_papers(session: Session, batch_id: int, case_id: int, data_dir: Path) -> None:
    """Make a batch's shared papers anew from the letters that are left; the last one takes them along."""
    folder = data_dir / folder_of(batch_id)
    left = [each for each in made_letters(session, batch_id) if (data_dir / each.row.pdf_path).exists()]
    by_post = [each for each in left if not each.by_mail]
    papers = [folder / "post-room.pdf", folder / "post-room.csv"]
    if by_post and papers[0].exists():
        for path, content in zip(papers, post_files(by_post, data_dir), strict=True):
            write_whole(path, content)
    else:
        for path in papers:
            path.unlink(missing_ok=True)
    manifest = folder / "manifest.csv"
    if left and manifest.exists():
        write_whole(manifest, _without_case(manifest.read_text(encoding="utf-8"), case_id))
    else:
        manifest.unlink(missing_ok=True)


def _without_case(manifest: str, case_id: int) -> bytes:
    lines, text = csv.DictReader(io.StringIO(manifest)), io.StringIO()
    kept = csv.DictWriter(text, lines.fieldnames or ())
    kept.writeheader()
    kept.writerows(line for line in lines if line["case"] != str(case_id))
    return text.getvalue().encode()


def _empty_letters(session: Session, row: CaseRow) -> None:
    planned = PlannedLetterRow
    session.execute(
        update(planned)
        .where(planned.authority == row.authority, planned.case_id == row.case_id)
        .values(content={"reference": reference(row.authority, row.case_id)}, address="", email=None)
    )
    letter_ids = _of_case(row).with_only_columns(LetterRow.letter_id)
    session.execute(
        update(DispatchRow)
        .where(DispatchRow.authority == row.authority, DispatchRow.letter_id.in_(letter_ids))
        .values(sent_to="", detail="")
        .execution_options(synchronize_session=False)
    )


def _of_case(row: CaseRow) -> Select[tuple[LetterRow]]:
    return select(LetterRow).where(LetterRow.authority == row.authority, LetterRow.case_id == row.case_id)
