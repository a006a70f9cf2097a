"""Letters by e-mail, through a real SMTP server: once, with proof, and never both ways."""

from __future__ import annotations

import email
import email.policy
import hashlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Mail
from enforcement.cases.states import CaseState, Event
from enforcement.letters.addressee import Addressee
from enforcement.letters.batch import send_letters
from enforcement.letters.mailing import Mailer, SmtpMailer
from enforcement.letters.posting import note_posted
from enforcement.letters.proof import proofs
from enforcement.letters.room import LetterRoom, Run
from enforcement.people import User
from enforcement.tables import DispatchRow, LetterRow
from tests.enforcement.county import County
from tests.enforcement.letters.desk import KEEPERS, a_room, event, keeper_of, state, text_of
from tests.enforcement.operators import RunBy


@dataclass
class _Inbox:
    """What the server took; `answer` is what it says to the next letters."""

    answer: str = "250 taken"
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name
        if self.answer.startswith("250"):
            self.recipients.append(envelope.rcpt_tos)
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
        return self.answer


@pytest.fixture
def inbox() -> _Inbox:
    return _Inbox()


@pytest.fixture
def port(inbox: _Inbox) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    server = Controller(inbox, hostname="127.0.0.1", port=free)
    server.start()
    yield free
    server.stop()


def _mail(port: int) -> Mail:
    return Mail(host="127.0.0.1", port=port, starttls=False, sender="letters@demo.example", timeout_s=20)


def _keeper_with_mail(session: Session, authority: str, vrm: str, at: Any) -> Addressee | None:
    """The keeper of the second vehicle can be written to by e-mail."""
    known = keeper_of(session, authority, vrm, at)
    if known is None or vrm != "AB12CDE":
        return known
    return Addressee(known.lines, "office@beech.example")


def _room(county: County, data_dir: Path, mailer: Mailer | None) -> LetterRoom:
    return a_room(county.engine, data_dir, keeper_of=_keeper_with_mail, mailer=mailer)


def _events(county: County) -> dict[int, list[str]]:
    with Session(county.engine) as session:
        return {
            letter.case_id: [proof.event for proof in proofs(session, "demo", letter.letter_id)]
            for letter in session.scalars(select(LetterRow).order_by(LetterRow.case_id))
        }


def test_letter_goes_by_mail_where_the_keeper_has_an_address(
    confirmed: County, data_dir: Path, inbox: _Inbox, port: int
) -> None:
    (batch,) = send_letters(_room(confirmed, data_dir, SmtpMailer(_mail(port), None)), confirmed.now).batches
    (message,) = inbox.messages
    assert inbox.recipients == [["office@beech.example"]]
    assert message["Subject"] == "Letter from Demo Constabulary, reference DEMO-000002"
    (attached,) = message.iter_attachments()
    assert attached.get_content() == batch.letters[1].read_bytes()
    assert "AB12" not in str(message["Subject"]) + message.get_body().get_content()  # type: ignore[union-attr]  # it has a text
    assert _events(confirmed) == {1: ["handed_over"], 2: ["mail_tried", "mail_accepted"], 3: ["handed_over"]}
    envelopes = (batch.manifest.parent / "post-room.csv").read_text(encoding="utf-8")
    assert [name in envelopes for name in list(KEEPERS.values())[:3]] == [True, False, True]
    with Session(confirmed.engine) as session:
        tried = session.scalars(select(DispatchRow).where(DispatchRow.event == "mail_tried")).one()
    assert (tried.sent_to, tried.who) == ("office@beech.example", "uid:1000")
    assert tried.pdf_sha256 == hashlib.sha256(batch.letters[1].read_bytes()).hexdigest()
    assert message["Message-ID"] in tried.detail


def test_second_run_mails_nothing(confirmed: County, data_dir: Path, inbox: _Inbox, port: int) -> None:
    room = _room(confirmed, data_dir, SmtpMailer(_mail(port), None))
    send_letters(room, confirmed.now)
    assert send_letters(room, confirmed.now + timedelta(days=1)) == Run()
    assert len(inbox.messages) == 1


def test_second_withdrawal_of_a_case_is_a_letter_of_its_own(
    confirmed: County, officer: User, data_dir: Path, inbox: _Inbox, port: int
) -> None:
    """The warning of case 2 is taken back, it gets a first letter, and then that one is taken back too."""
    room = replace(
        _room(confirmed, data_dir, SmtpMailer(_mail(port), None)),
        operators=RunBy(dict.fromkeys(KEEPERS, "OB1234567")),
    )
    send_letters(room, confirmed.now)
    event(confirmed, 1, Event.ACCEPT_EXPLANATION, officer)
    event(confirmed, 2, Event.REVERSE_STEP, officer)
    for days in (1, 2, 3):  # the withdrawal, the first letter, nothing
        send_letters(room, confirmed.now + timedelta(days=days))
    event(confirmed, 2, Event.FIND_PERMIT, officer)
    for days in (4, 5):
        send_letters(room, confirmed.now + timedelta(days=days))
    with Session(confirmed.engine) as session:
        of_case = select(LetterRow).where(LetterRow.case_id == 2).order_by(LetterRow.letter_id)
        letters = list(session.scalars(of_case))
        proved = [[proof.event for proof in proofs(session, "demo", row.letter_id)] for row in letters]
    rounds = [("warning", 0), ("withdrawal", 0), ("first", 1), ("withdrawal", 1)]
    assert [(row.kind, row.round) for row in letters] == rounds
    assert proved == [["mail_tried", "mail_accepted"]] * 4
    assert len({message["Message-ID"] for message in inbox.messages}) == len(inbox.messages) == 4
    _, first, _, second = (text_of(data_dir / row.pdf_path) for row in letters)
    assert "The letter counted an earlier case" in first
    assert "On 15 September 2026 we sent you a letter" in first
    assert "the vehicle had a permit on that day" in second
    assert "On 17 September 2026 we sent you a letter" in second


def test_mail_that_is_refused_goes_by_post(
    confirmed: County, data_dir: Path, inbox: _Inbox, port: int
) -> None:
    inbox.answer = "550 no such office"
    (batch,) = send_letters(_room(confirmed, data_dir, SmtpMailer(_mail(port), None)), confirmed.now).batches
    assert _events(confirmed)[2] == ["mail_tried", "mail_refused", "handed_over"]
    assert "Beech" in (batch.manifest.parent / "post-room.csv").read_text(encoding="utf-8")


def test_server_that_cannot_be_reached_sends_all_by_post(confirmed: County, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    send_letters(_room(confirmed, data_dir, SmtpMailer(_mail(port), None)), confirmed.now)
    assert _events(confirmed)[2] == ["mail_tried", "mail_refused", "handed_over"]


def test_mail_of_which_nobody_knows_is_told_and_not_sent_again(
    confirmed: County, data_dir: Path, inbox: _Inbox, port: int
) -> None:
    class Lost:
        """The server takes the letter, and the line breaks before it says so."""

        sender = "letters@demo.example"

        def send(self, message: EmailMessage) -> str:
            SmtpMailer(_mail(port), None).send(message)
            raise ConnectionResetError("the line broke")

    (batch,) = send_letters(_room(confirmed, data_dir, Lost()), confirmed.now).batches
    assert batch.unsure == (2,)
    assert "not known whether it arrived" in batch.manifest.read_text(encoding="utf-8")
    assert _events(confirmed)[2] == ["mail_tried"]
    send_letters(_room(confirmed, data_dir, SmtpMailer(_mail(port), None)), confirmed.now)
    assert len(inbox.messages) == 1


def test_process_that_ends_after_the_server_took_a_letter_sends_it_once(
    confirmed: County, data_dir: Path, inbox: _Inbox, port: int
) -> None:
    class Ends:
        sender = "letters@demo.example"

        def send(self, message: EmailMessage) -> str:
            SmtpMailer(_mail(port), None).send(message)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_letters(_room(confirmed, data_dir, Ends()), confirmed.now)
    mailer = SmtpMailer(_mail(port), None)
    (batch,) = send_letters(_room(confirmed, data_dir, mailer), confirmed.now).batches
    assert (batch.batch_id, batch.unsure, len(inbox.messages)) == (1, (2,), 1)
    assert state(confirmed, 2) is CaseState.LETTER_SENT


def test_without_mail_set_up_all_goes_by_post(confirmed: County, data_dir: Path) -> None:
    send_letters(_room(confirmed, data_dir, None), confirmed.now)
    assert _events(confirmed) == {case_id: ["handed_over"] for case_id in (1, 2, 3)}


def test_posting_is_noted_once_for_what_went_by_post(
    confirmed: County, data_dir: Path, inbox: _Inbox, port: int
) -> None:
    send_letters(_room(confirmed, data_dir, SmtpMailer(_mail(port), None)), confirmed.now)
    for noted in (2, 0):
        how = {"who": "uid:1001", "now": confirmed.now + timedelta(hours=5)}
        assert note_posted(confirmed.engine, "demo", 1, "first class", **how) == noted
    assert _events(confirmed)[1] == ["handed_over", "posted"]
    assert "posted" not in _events(confirmed)[2]
