"""Letters that go by e-mail. That one is tried is written down before, and how it ended after.

A run that ends between the two leaves a letter of which nobody knows: a person is told, and it is not sent
again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from enforcement.letters.kinds import FORMS
from enforcement.letters.made import MadeLetter, made_letters
from enforcement.letters.mail_text import mail_of
from enforcement.letters.mailing import Mailer, MailRefused
from enforcement.letters.proof import Event, note
from enforcement.letters.room import LetterRoom
from enforcement.tables import BatchRow


def send_by_mail(room: LetterRoom, batch: BatchRow, now: datetime) -> None:
    """Send the letters whose keeper has an e-mail address, where mail is set up and the kind may go so."""
    if room.mailer is None or not any(form.by_email for kind, form in FORMS.items() if kind == batch.kind):
        return
    with Session(room.engine) as session:
        untried = [
            each
            for each in made_letters(session, batch.batch_id)
            if each.planned.email is not None and "mail_tried" not in each.events
        ]
    for letter in untried:
        _send(room, room.mailer, letter, now)


def _send(room: LetterRoom, mailer: Mailer, letter: MadeLetter, now: datetime) -> None:
    row, planned = letter.row, letter.planned
    path = room.data_dir / row.pdf_path
    message = mail_of(
        room.policy.letterhead,
        sender=mailer.sender,
        to=planned.email or "",
        reference=planned.content["reference"],
        file_name=path.name,
        pdf=path.read_bytes(),
        sha256=row.pdf_sha256,
        at=row.created_at,
    )
    _note(room, letter, "mail_tried", f"Message-ID {message['Message-ID']}", now)
    try:
        proof = mailer.send(message)
    except MailRefused as refusal:
        _note(room, letter, "mail_refused", str(refusal), now)
    except OSError:
        return  # tried and not accepted: the batch tells it as unsure
    else:
        _note(room, letter, "mail_accepted", proof, now)


def _note(room: LetterRoom, letter: MadeLetter, event: Event, detail: str, now: datetime) -> None:
    with Session(room.engine) as session, session.begin():
        note(
            session,
            letter.row,
            event,
            who=room.who,
            sent_to=letter.planned.email or "",
            detail=detail,
            now=now,
        )
