"""Make the letters that are due, and write down that the post room has posted a batch."""

from __future__ import annotations

import argparse
import os

from enforcement.letters.addressee import known_keeper
from enforcement.letters.batch import send_letters
from enforcement.letters.mailing import SmtpMailer
from enforcement.letters.posting import note_posted
from enforcement.letters.room import LetterRoom, Run
from enforcement.office import Office
from enforcement.register import keeper_records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("letters", help="make every letter that is due, in a numbered batch for each kind")
    posted = commands.add_parser("posted", help="write down that the post room has posted a batch")
    posted.add_argument("batch", type=int, help="the number of the batch")
    posted.add_argument("--how", required=True, help="how it was posted, such as 'first class'")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Make or note, and say what was done. Raises FileMistake, DocumentFailed, CommandRefused."""
    if arguments.what == "posted":
        count = note_posted(
            office.engine,
            office.authority,
            arguments.batch,
            arguments.how,
            who=office.who,
            now=office.clock(),
        )
        print(f"batch {arguments.batch}: {count} letters noted as posted")
        return 0
    _tell(send_letters(_room(office), office.clock()))
    return 0


def _room(office: Office) -> LetterRoom:
    mail = office.settings.mail
    return LetterRoom(
        engine=office.engine,
        authority=office.authority,
        policy=office.policy(),
        data_dir=office.data_dir,
        who=office.who,
        keeper_of=known_keeper,
        operators=keeper_records,
        mailer=SmtpMailer(mail, os.environ.get("HGV_MAIL_PASSWORD")) if mail is not None else None,
    )


def _tell(result: Run) -> None:
    for batch in result.batches:
        for path in batch.letters:
            print(path)
        for case_id, why in batch.left_out.items():
            print(f"case {case_id} was left out: {why}")
        for case_id in batch.unsure:
            print(f"case {case_id}: nobody knows whether its e-mail arrived; ask the mail server")
        print(f"batch {batch.batch_id}: {len(batch.letters)} letters ({batch.kind}), {batch.manifest}")
    for case_id, why in result.held_back.items():
        print(f"case {case_id} gets no letter: {why}")
    for case_id, vrm in result.keeper_to_be_asked_for.items():
        print(f"case {case_id} waits: the keeper of {vrm} is to be asked for")
    if not result.batches:
        print("no letters are due")
