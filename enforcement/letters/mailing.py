"""The way out by e-mail: a seam with one call, and the SMTP client behind it. Off unless it is configured."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Protocol

from config.settings import Mail
from enforcement.errors import EnforcementError


class MailRefused(EnforcementError):
    """The mail server took nothing: the letter has not gone out. The text names no address."""


class Mailer(Protocol):
    """Whatever carries an e-mail. `sender` is the address that letters come from."""

    @property
    def sender(self) -> str:
        """The address that letters come from."""
        ...

    def send(self, message: EmailMessage) -> str:
        """Hand the message over for good and give the proof of it.

        Raises MailRefused when it was surely not taken, and OSError when nobody can tell.
        """
        ...


class SmtpMailer:
    """A mail server, asked over one connection a message."""

    def __init__(self, mail: Mail, password: str | None) -> None:
        self._mail = mail
        self._password = password

    @property
    def sender(self) -> str:
        """The address that letters come from."""
        return self._mail.sender

    def send(self, message: EmailMessage) -> str:
        """As Mailer.send."""
        server = self._connected()
        try:
            server.send_message(message)
        except smtplib.SMTPServerDisconnected:
            raise  # an OSError: it may have been taken, nobody can tell
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _ in error.recipients.values()})
            raise MailRefused(f"{self._mail.host} refused the address: {codes}") from error
        except smtplib.SMTPResponseException as error:
            raise MailRefused(f"{self._mail.host} refused the letter: {error.smtp_code}") from error
        finally:
            server.close()
        return f"accepted by {self._mail.host}"

    def _connected(self) -> smtplib.SMTP:
        mail = self._mail
        try:
            server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_s)
            if mail.starttls:
                server.starttls(context=ssl.create_default_context(cafile=mail.ca_file))
            if mail.user is not None:
                server.login(mail.user, self._password or "")
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(f"no connection to {mail.host}: {type(error).__name__}") from error
        return server
