"""The e-mail that a letter goes out in: the same letter gives the same message."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from enforcement.policy import Letterhead

_TEXT = """Dear Sir or Madam

Please read the attached letter. Our reference is {reference}.

This address only sends letters. If you want to answer, write to {email} or call us on {telephone}.

{signed_by}
{signed_as}
{force}, {unit}
"""


def mail_of(
    head: Letterhead,
    *,
    sender: str,
    to: str,
    reference: str,
    file_name: str,
    pdf: bytes,
    sha256: str,
    at: datetime,
) -> EmailMessage:
    """A letter as an attachment; the subject names the reference only, as subjects are read in passing."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = f"Letter from {head.force}, reference {reference}"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{sha256[:40]}@{sender.partition('@')[2]}>"
    message.set_content(
        _TEXT.format(
            reference=reference,
            email=head.email,
            telephone=head.telephone,
            signed_by=head.signed_by,
            signed_as=head.signed_as,
            force=head.force,
            unit=head.unit,
        )
    )
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=file_name)
    message.set_boundary(f"=={sha256[:40]}==")
    return message
