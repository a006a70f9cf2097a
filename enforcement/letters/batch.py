"""A numbered batch of first letters: one for each confirmed case that has none.

Run twice it sends nothing twice. A batch that was cut off is resumed under its own number and date, so that a
letter made again has the same bytes. The file is on the disk before the database says that it was made.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, is_over
from config.sites import Site
from enforcement import audit
from enforcement.cases.records import case_file, case_row, move, still_through
from enforcement.cases.values import CaseState
from enforcement.files import write_whole
from enforcement.letters.first import first_letter, reference
from enforcement.policy import Policy
from enforcement.tables import BatchRow, CaseRow, LetterRow
from ingest import records

KIND = "first"


@dataclass(frozen=True)
class BatchResult:
    """What a run made. `held_back` says per case why it got no letter; `batch_id` is None for no batch."""

    batch_id: int | None = None
    letters: tuple[Path, ...] = ()
    manifest: Path | None = None
    held_back: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Run:
    """One run over one batch. `made_at` is the batch's own date, which its letters carry."""

    engine: Engine
    authority: str
    batch_id: int
    made_at: datetime
    policy: Policy
    data_dir: Path
    who: str
    now: datetime


def send_first_letters(
    engine: Engine, authority: str, policy: Policy, data_dir: Path, *, who: str, now: datetime
) -> BatchResult:
    """Make the letters that are due and close the batch. Raises DocumentFailed; what was made stays made."""
    due, held_back = _due(engine, authority, now)
    batch = _batch(engine, authority, due, now)
    if batch is None:
        return BatchResult(held_back=held_back)
    run = _Run(engine, authority, *batch, policy, data_dir, who, now)
    sites = _sites(run)
    for case_id in due:
        _send(run, case_id, sites)
    return _close(run, held_back)


def _due(engine: Engine, authority: str, now: datetime) -> tuple[list[int], dict[int, str]]:
    """Confirmed cases without a first letter, and those of them that must not get one, with the reason."""
    due, held_back = [], {}
    with Session(records.reading(engine)) as session:
        sent = select(LetterRow.case_id).where(LetterRow.authority == authority, LetterRow.kind == KIND)
        confirmed = select(CaseRow).where(
            CaseRow.authority == authority,
            CaseRow.state == CaseState.CONFIRMED,
            CaseRow.case_id.not_in(sent),
        )
        for row in session.scalars(confirmed.order_by(CaseRow.offence_at, CaseRow.case_id)):
            if is_over(charge_by(row.offence_at), now):
                held_back[row.case_id] = "the six months for a charge are over"
            elif not still_through(session, row):
                held_back[row.case_id] = "a later sighting shows that it may not have driven through"
            else:
                due.append(row.case_id)
    return due, held_back


def _batch(engine: Engine, authority: str, due: list[int], now: datetime) -> tuple[int, datetime] | None:
    """Number and date of the batch that was cut off, or of a new one where letters are due; else None."""
    unfinished = select(BatchRow).where(
        BatchRow.authority == authority, BatchRow.kind == KIND, BatchRow.finished_at.is_(None)
    )
    with Session(engine, expire_on_commit=False) as session, session.begin():
        row = session.scalar(unfinished.order_by(BatchRow.batch_id))
        if row is None:
            if not due:
                return None
            row = BatchRow(authority=authority, kind=KIND, created_at=now, finished_at=None, manifest=[])
            session.add(row)
            session.flush()
        return row.batch_id, row.created_at


def _sites(run: _Run) -> dict[tuple[str, int], Site]:
    with Session(records.reading(run.engine)) as session:
        return {(site.site_id, site.site_version): site for site in records.sites(session, run.authority)}


def _send(run: _Run, case_id: int, sites: dict[tuple[str, int], Site]) -> None:
    """Make one letter: first the file, then, in one transaction, the row, the case's state and the audit."""
    with Session(records.reading(run.engine)) as session:
        case = case_file(session, run.authority, case_id, now=run.now)
    pdf = first_letter(case, sites, run.policy, run.made_at)
    path = _folder(run.batch_id) / f"{reference(case)}-{KIND}.pdf"
    write_whole(run.data_dir / path, pdf)
    letter = LetterRow(
        authority=run.authority,
        case_id=case_id,
        kind=KIND,
        batch_id=run.batch_id,
        created_at=run.made_at,
        pdf_path=path.as_posix(),
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
    )
    with Session(run.engine) as session, session.begin():
        row = case_row(session, run.authority, case_id)
        if move(session, row, (CaseState.CONFIRMED,), CaseState.LETTER_SENT):
            session.add(letter)
            _audit(session, run, "letter.first", f"case:{case_id}")


def _close(run: _Run, held_back: dict[int, str]) -> BatchResult:
    """Write the manifest for the post room and finish the batch."""
    manifest = _folder(run.batch_id) / "manifest.csv"
    with Session(run.engine) as session, session.begin():
        made = [
            (row, vrm)
            for row, vrm in session.execute(
                select(LetterRow, CaseRow.vrm)
                .join(CaseRow, CaseRow.case_id == LetterRow.case_id)
                .where(LetterRow.authority == run.authority, LetterRow.batch_id == run.batch_id)
                .order_by(LetterRow.letter_id)
            )
        ]
        write_whole(run.data_dir / manifest, _manifest(made))
        letters = tuple(run.data_dir / row.pdf_path for row, _ in made)
        batch = session.get_one(BatchRow, run.batch_id)
        batch.manifest = [
            {"letter": row.letter_id, "case": row.case_id, "file": row.pdf_path, "sha256": row.pdf_sha256}
            for row, _ in made
        ]
        batch.finished_at = run.now
        _audit(session, run, "batch.finish", f"batch:{run.batch_id}")
    return BatchResult(run.batch_id, letters, run.data_dir / manifest, held_back)


def _audit(session: Session, run: _Run, action: str, subject: str) -> None:
    audit.record(
        session,
        run.authority,
        who=run.who,
        action=action,
        subject=subject,
        reason=f"batch:{run.batch_id}",
        now=run.now,
    )


def _folder(batch_id: int) -> Path:
    return Path("letters") / f"batch-{batch_id:06d}"


def _manifest(made: list[tuple[LetterRow, str]]) -> bytes:
    """What the post room goes by: one line a letter, with the registration whose keeper is to be found."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("letter", "case", "keeper_of", "file", "sha256"))
    lines.writerows(
        (row.letter_id, row.case_id, vrm, Path(row.pdf_path).name, row.pdf_sha256) for row, vrm in made
    )
    return text.getvalue().encode()
