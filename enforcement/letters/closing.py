"""Closing a batch: the post room's files, the manifest, and the proof that the letters were handed over."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.files import write_whole
from enforcement.letters.made import MadeLetter, made_letters
from enforcement.letters.making import folder_of
from enforcement.letters.post_room import post_files
from enforcement.letters.proof import note
from enforcement.letters.room import Batch, LetterRoom
from enforcement.tables import BatchRow, PlannedLetterRow
from enforcement.tables.base import Facts


def close_batch(room: LetterRoom, batch: BatchRow, now: datetime) -> Batch:
    """Write the papers of the batch and, once they lie on the disk, finish it."""
    with Session(room.engine) as session:
        made = made_letters(session, batch.batch_id)
        left_out = _left_out(session, batch.batch_id)
    folder = room.data_dir / folder_of(batch.batch_id)
    by_post = [letter for letter in made if not letter.by_mail]
    handed = _hand_over(folder, by_post, room.data_dir)
    manifest = folder / "manifest.csv"
    write_whole(manifest, _manifest(made, left_out))
    _finish(room, batch, made, by_post, handed, now)
    return Batch(
        batch.batch_id,
        batch.kind,
        tuple(room.data_dir / letter.row.pdf_path for letter in made),
        manifest,
        left_out,
        tuple(letter.row.case_id for letter in made if letter.unsure),
    )


def _left_out(session: Session, batch_id: int) -> dict[int, str]:
    query = select(PlannedLetterRow.case_id, PlannedLetterRow.left_out).where(
        PlannedLetterRow.batch_id == batch_id, PlannedLetterRow.left_out.is_not(None)
    )
    return {case_id: why or "" for case_id, why in session.execute(query.order_by(PlannedLetterRow.position))}


def _hand_over(folder: Path, by_post: Sequence[MadeLetter], data_dir: Path) -> str:
    """Write the post room's two files, if anything goes by post; gives what the proof says of them."""
    if not by_post:
        return ""
    printed, envelopes = post_files(by_post, data_dir)
    write_whole(folder / "post-room.pdf", printed)
    write_whole(folder / "post-room.csv", envelopes)
    return f"{folder.name}/post-room.pdf, SHA-256 {hashlib.sha256(printed).hexdigest()}"


def _finish(
    room: LetterRoom,
    batch: BatchRow,
    made: Sequence[MadeLetter],
    by_post: Sequence[MadeLetter],
    handed: str,
    now: datetime,
) -> None:
    with Session(room.engine) as session, session.begin():
        row = session.get_one(BatchRow, batch.batch_id, with_for_update=True)
        if row.finished_at is not None:
            return  # another run was faster and has done all of this
        for letter in by_post:
            to = letter.planned.address
            note(session, letter.row, "handed_over", who=room.who, sent_to=to, detail=handed, now=now)
        row.manifest = [_entry(letter) for letter in made]
        row.finished_at = now
        audit.record(
            session,
            room.authority,
            who=room.who,
            action="batch.finish",
            subject=f"batch:{batch.batch_id}",
            reason=f"{len(made)} letters of kind {batch.kind}",
            now=now,
        )


def _way(letter: MadeLetter) -> str:
    if letter.unsure:
        return "e-mail, not known whether it arrived"
    return "e-mail" if letter.by_mail else "post"


def _entry(letter: MadeLetter) -> Facts:
    row = letter.row
    return {
        "letter": row.letter_id,
        "case": row.case_id,
        "file": row.pdf_path,
        "sha256": row.pdf_sha256,
        "by": _way(letter),
    }


def _manifest(made: Sequence[MadeLetter], left_out: dict[int, str]) -> bytes:
    """One line a letter, and one for each that was planned and not made, with the reason."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("letter", "case", "keeper_of", "file", "sha256", "by", "left_out"))
    for letter in made:
        row = letter.row
        vrm = letter.planned.content["vrm"].replace(" ", "")
        file = Path(row.pdf_path).name
        lines.writerow((letter.planned.position, row.case_id, vrm, file, row.pdf_sha256, _way(letter), ""))
    for case_id, why in left_out.items():
        lines.writerow(("", case_id, "", "", "", "", why))
    return text.getvalue().encode()
